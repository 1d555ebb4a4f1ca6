/** The primitives over `node:crypto`, for Node, Bun, Deno and Electron. */
import * as nodeCrypto from 'node:crypto'
import type { CipherGCMTypes, KeyObject } from 'node:crypto'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import {
  KEY_BYTES,
  NONCE_BYTES,
  SUITE_AES_256_GCM,
  SUITE_CHACHA20_POLY1305,
  TAG_BYTES,
} from '@stagevault/core/crypto/primitives'
import type { NodeHashes } from './node-hash.js'
import { hmacSha256Over, sha256Over } from './node-hash.js'
import { ownBytes } from './own-bytes.js'

/** The part of `node:crypto` that is used. */
export interface NodeCrypto extends NodeHashes {
  readonly createCipheriv: typeof nodeCrypto.createCipheriv
  readonly createDecipheriv: typeof nodeCrypto.createDecipheriv
  readonly createSecretKey: typeof nodeCrypto.createSecretKey
}

type Aead = Pick<Primitives, 'aeadSeal' | 'aeadOpen'>

// Node's types have one set of signatures for each algorithm; GCM's are right for both of these.
const ALGORITHMS: Readonly<Record<SuiteId, CipherGCMTypes>> = {
  [SUITE_CHACHA20_POLY1305]: 'chacha20-poly1305' as string as CipherGCMTypes,
  [SUITE_AES_256_GCM]: 'aes-256-gcm',
}

// Left out, Node accepts GCM tags down to 32 bits (SP 800-38D allows them; this format does not).
const OPTIONS = { authTagLength: TAG_BYTES } as const

/**
 * Releases of Node from 24 on ask "is this a KeyObject?" by catching two exceptions (after
 * nodejs/node#63111), which costs some 20 microseconds for each cipher made from bytes; making the
 * KeyObject first costs one. Older releases are faster without.
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
      // Node hands out the plaintext here, before it has seen whether the tag is right.
      const body = decipher.update(box.subarray(0, bodyBytes))
      try {
        decipher.final()
      } catch {
        // In both suites nothing else can go wrong in `final`.
        body.fill(0)
        return null
      }
      return ownBytes(body)
    },
  }
}

/** Asking `getCiphers()` would not do: it names what the library knows, not what works here. */
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
 * The primitives over a given `node:crypto`. What is built on BoringSSL has no ChaCha20-Poly1305
 * (Electron: electron/electron#24024, Bun: oven-sh/bun#8072); there noble serves that suite.
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

export const nodePrimitives: Primitives = nodePrimitivesOver(nodeCrypto)
