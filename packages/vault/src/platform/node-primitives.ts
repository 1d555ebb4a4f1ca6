/** The primitives over `node:crypto`, for Node, Bun, Deno and Electron. */

import type { CipherGCMTypes, KeyObject } from 'node:crypto'
import * as nodeCrypto from 'node:crypto'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import {
  KEY_BYTES,
  NONCE_BYTES,
  SUITE_AES_256_GCM,
  SUITE_CHACHA20_POLY1305,
  TAG_BYTES,
  DIGEST_BYTES,
} from '@stagevault/core/crypto/primitives'

// FIPS 198-1: the block of SHA-256 and the two pads.
const BLOCK_BYTES = 64
const INNER_PAD = 0x36
const OUTER_PAD = 0x5c

// A message up to this size is copied behind the key block; a longer one is hashed in pieces.
const SHORT_MESSAGE_BYTES = 2048

/** The used part of `node:crypto`. */
export interface NodeCrypto extends NodeHashes {
  readonly createCipheriv: typeof nodeCrypto.createCipheriv
  readonly createDecipheriv: typeof nodeCrypto.createDecipheriv
  readonly createSecretKey: typeof nodeCrypto.createSecretKey
}

type Aead = Pick<Primitives, 'aeadSeal' | 'aeadOpen'>

// Node's types have separate signatures for each algorithm; those of GCM fit both.
const ALGORITHMS: Readonly<Record<SuiteId, CipherGCMTypes>> = {
  [SUITE_CHACHA20_POLY1305]: 'chacha20-poly1305' as string as CipherGCMTypes,
  [SUITE_AES_256_GCM]: 'aes-256-gcm',
}

// Without it Node accepts GCM tags down to 32 bits (SP 800-38D allows them; this format does not).
const OPTIONS = { authTagLength: TAG_BYTES } as const

/**
 * Since Node 24 (nodejs/node#63111), a check whether the key is a KeyObject catches two exceptions,
 * which costs about 20 microseconds for each cipher made from bytes. Creating the KeyObject first
 * costs one microsecond. Older releases are faster without it.
 */
function keyMaker(crypto: NodeCrypto): (key: Uint8Array) => Uint8Array | KeyObject {
  const major = Number.parseInt(process.versions.node, 10)
  return major >= 24 ? (key) => crypto.createSecretKey(key) : (key) => key
}

function nativeAead(crypto: NodeCrypto): Aead {
  const toKey = keyMaker(crypto)
  return {
    aeadSeal(suite, key, nonce, aad, plaintext) {
      const cipher = crypto.createCipheriv(ALGORITHMS[suite], toKey(key), nonce, OPTIONS)
      cipher.setAAD(aad)
      const body = cipher.update(plaintext)
      cipher.final()
      const box = new Uint8Array(body.length + TAG_BYTES)
      box.set(body)
      box.set(cipher.getAuthTag(), body.length)
      return box
    },

    aeadOpen(suite, key, nonce, aad, box) {
      const bodyBytes = box.length - TAG_BYTES
      if (bodyBytes < 0) return null
      const decipher = crypto.createDecipheriv(ALGORITHMS[suite], toKey(key), nonce, OPTIONS)
      decipher.setAAD(aad)
      decipher.setAuthTag(box.subarray(bodyBytes))
      // Node returns the plaintext here, before it has checked the tag.
      const body = decipher.update(box.subarray(0, bodyBytes))
      try {
        decipher.final()
      } catch {
        // In both suites `final` fails only for a wrong tag.
        body.fill(0)
        return null
      }
      return ownBytes(body)
    },
  }
}

/** Tries the cipher: `getCiphers()` lists what the library contains, not what works here. */
function hasChaCha20Poly1305(crypto: NodeCrypto): boolean {
  const algorithm = ALGORITHMS[SUITE_CHACHA20_POLY1305]
  const key = new Uint8Array(KEY_BYTES)
  const nonce = new Uint8Array(NONCE_BYTES)
  try {
    crypto.createCipheriv(algorithm, key, nonce, OPTIONS)
    return true
  } catch {
    return false
  }
}

/**
 * The primitives over a given `node:crypto`. Builds on BoringSSL have no ChaCha20-Poly1305
 * (Electron: electron/electron#24024, Bun: oven-sh/bun#8072); there noble provides that suite.
 */
export function nodePrimitivesOver(crypto: NodeCrypto): Primitives {
  const native = nativeAead(crypto)
  const chacha: Aead = hasChaCha20Poly1305(crypto) ? native : noblePrimitives
  const aeadFor = (suite: SuiteId): Aead => (suite === SUITE_CHACHA20_POLY1305 ? chacha : native)
  return {
    name: 'node',
    sha256: sha256Over(crypto),
    hmacSha256: hmacSha256Over(crypto),
    aeadSeal: (suite, key, nonce, aad, plaintext) =>
      aeadFor(suite).aeadSeal(suite, key, nonce, aad, plaintext),
    aeadOpen: (suite, key, nonce, aad, box) => aeadFor(suite).aeadOpen(suite, key, nonce, aad, box),
  }
}

/** The used hash functions of `node:crypto`. `hash` exists since Node 20.12 and 21.7. */
export interface NodeHashes {
  readonly createHash: typeof nodeCrypto.createHash
  readonly hash?: typeof nodeCrypto.hash | undefined
}

/**
 * SHA-256 as a string of one character per byte. A native call returns a short string in a third of
 * the time that a `Buffer` takes. A string cannot be wiped, so never use it for key material.
 */
function digestTextOver({ hash, createHash }: NodeHashes): (data: Uint8Array) => string {
  return hash === undefined
    ? (data) => createHash('sha256').update(data).digest('binary')
    : (data) => hash('sha256', data, 'binary')
}

/** SHA-256 in memory that can be wiped. */
function digestBytesOver({ hash, createHash }: NodeHashes): Primitives['sha256'] {
  return hash === undefined
    ? (data) => ownBytes(createHash('sha256').update(data).digest())
    : (data) => ownBytes(hash('sha256', data, 'buffer'))
}

function copyText(text: string, target: Uint8Array, start: number): void {
  for (let i = 0; i < text.length; i++) target[start + i] = text.charCodeAt(i)
}

/** SHA-256 of data that is not key material. */
export function sha256Over(native: NodeHashes): Primitives['sha256'] {
  const digestText = digestTextOver(native)
  return (data) => {
    const digest = new Uint8Array(DIGEST_BYTES)
    copyText(digestText(data), digest, 0)
    return digest
  }
}

/**
 * HMAC (RFC 2104) by two one-shot hashes. As fast as `createHmac` or faster up to Node 22, and six
 * times as fast in releases where `createHmac` is slow with key bytes (see `keyMaker`).
 */
export function hmacSha256Over(native: NodeHashes): Primitives['hmacSha256'] {
  const digestText = digestTextOver(native)
  const digestBytes = digestBytesOver(native)
  // Reused, because allocating both takes a fifth of the time. No call can interrupt another: there
  // is no await and no foreign code in between.
  const inner = new Uint8Array(BLOCK_BYTES + SHORT_MESSAGE_BYTES)
  const outer = new Uint8Array(BLOCK_BYTES + DIGEST_BYTES)

  /** May be a string: it reveals nothing without the key, which the outer hash also needs. */
  function innerDigest(parts: readonly Uint8Array[]): string {
    let end = BLOCK_BYTES
    for (const part of parts) end += part.length
    if (end > inner.length) {
      const hash = native.createHash('sha256').update(inner.subarray(0, BLOCK_BYTES))
      for (const part of parts) hash.update(part)
      return hash.digest('binary')
    }
    end = BLOCK_BYTES
    for (const part of parts) {
      inner.set(part, end)
      end += part.length
    }
    return digestText(inner.subarray(0, end))
  }

  return (key, ...parts) => {
    const block = key.length > BLOCK_BYTES ? digestBytes(key) : key
    inner.fill(INNER_PAD, 0, BLOCK_BYTES)
    outer.fill(OUTER_PAD, 0, BLOCK_BYTES)
    for (let i = 0; i < block.length; i++) {
      const byte = block[i] ?? 0
      inner[i] = byte ^ INNER_PAD
      outer[i] = byte ^ OUTER_PAD
    }
    try {
      copyText(innerDigest(parts), outer, BLOCK_BYTES)
      return digestBytes(outer)
    } finally {
      inner.fill(0)
      outer.fill(0)
    }
  }
}

/**
 * A plain `Uint8Array` that owns its whole memory, from the result of a native call. Node currently
 * allocates memory for each result of `node:crypto`, but does not guarantee it. A `Buffer` may also
 * be a view of an 8 KiB pool shared with unrelated data, where a secret must not remain.
 */
export function ownBytes(native: Uint8Array): Uint8Array {
  if (native.byteLength === native.buffer.byteLength) return new Uint8Array(native.buffer)
  const copy = new Uint8Array(native)
  native.fill(0)
  return copy
}

export const nodePrimitives: Primitives = nodePrimitivesOver(nodeCrypto)
