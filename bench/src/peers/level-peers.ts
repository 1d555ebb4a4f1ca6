/** LevelDB as it is, and with a plain envelope for every value. */
import { randomFillSync } from 'node:crypto'
import { join } from 'node:path'
import type { Level } from 'level'
import { loadPeer, RAW_KEY, type Peer, type PeerKind } from './peer.js'

/** What turns a value into what is stored, and back. */
interface Codec {
  readonly seal: (value: string) => Uint8Array
  readonly open: (stored: Uint8Array) => string
}

const text = new TextDecoder()
const plainCodec: Codec = {
  seal: (value) => new TextEncoder().encode(value),
  open: (stored) => text.decode(stored),
}

interface NobleChacha {
  readonly xchacha20poly1305: (
    key: Uint8Array,
    nonce: Uint8Array,
  ) => {
    encrypt(plaintext: Uint8Array): Uint8Array
    decrypt(ciphertext: Uint8Array): Uint8Array
  }
}

const NONCE_BYTES = 24
const WRAPPED_BYTES = 32 + 16

/** A random key for each value, which a fixed key encrypts. Nothing binds a value to its name. */
async function loadEnvelope(): Promise<Codec> {
  const { xchacha20poly1305 } = await loadPeer<NobleChacha>('@noble/ciphers/chacha.js')
  const random = (bytes: number): Uint8Array => randomFillSync(new Uint8Array(bytes))
  return {
    seal: (value) => {
      const [key, keyNonce, nonce] = [random(32), random(NONCE_BYTES), random(NONCE_BYTES)]
      const wrapped = xchacha20poly1305(RAW_KEY, keyNonce).encrypt(key)
      const body = xchacha20poly1305(key, nonce).encrypt(plainCodec.seal(value))
      return Buffer.concat([keyNonce, wrapped, nonce, body])
    },
    open: (stored) => {
      const wrappedEnd = NONCE_BYTES + WRAPPED_BYTES
      const bodyStart = wrappedEnd + NONCE_BYTES
      const keyNonce = stored.subarray(0, NONCE_BYTES)
      const wrapped = stored.subarray(NONCE_BYTES, wrappedEnd)
      const key = xchacha20poly1305(RAW_KEY, keyNonce).decrypt(wrapped)
      const nonce = stored.subarray(wrappedEnd, bodyStart)
      return plainCodec.open(xchacha20poly1305(key, nonce).decrypt(stored.subarray(bodyStart)))
    },
  }
}

interface LevelModule {
  readonly Level: typeof Level
}

async function openLevel(folder: string, codec: Codec): Promise<Peer> {
  const { Level } = await loadPeer<LevelModule>('level')
  const database = new Level<string, Uint8Array>(join(folder, 'level'), { valueEncoding: 'view' })
  await database.open()
  return {
    fill: async (entries) => {
      const batch = database.batch()
      for (const [name, value] of entries) batch.put(name, codec.seal(value))
      await batch.write({ sync: true })
    },
    put: (name, value) => database.put(name, codec.seal(value), { sync: true }),
    get: async (name) => {
      const stored = (await database.get(name)) as Uint8Array | undefined
      return stored === undefined ? undefined : codec.open(stored)
    },
    close: () => database.close(),
  }
}

const DURABILITY = 'fdatasync of the log (sync: true)'

export const levelPeer: PeerKind = {
  name: 'level',
  encryption: 'none',
  durability: DURABILITY,
  opening: 'no key',
  open: (folder) => openLevel(folder, plainCodec),
}

export const levelEnvelopePeer: PeerKind = {
  name: 'level + noble envelope',
  encryption: 'XChaCha20-Poly1305 of every value under a key of its own',
  durability: DURABILITY,
  opening: 'raw key',
  open: async (folder) => openLevel(folder, await loadEnvelope()),
}
