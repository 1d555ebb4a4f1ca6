/**
 * The primitives in plain JavaScript, over `@noble/ciphers` and `@noble/hashes`: for browsers and
 * for every runtime that has no `node:crypto`, and the second opinion in tests.
 */
import { gcm } from '@noble/ciphers/aes.js'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Primitives } from './primitives.js'
import { SUITE_AES_256_GCM, SUITE_CHACHA20_POLY1305, TAG_BYTES } from './primitives.js'

// Looked up, not chosen by an `else`: a suite that is not here must fail, not become AES-GCM.
const CIPHERS = {
  [SUITE_CHACHA20_POLY1305]: chacha20poly1305,
  [SUITE_AES_256_GCM]: gcm,
} as const

/**
 * noble tells a wrong tag by message only. Its version is pinned, and should the text ever change,
 * the caller sees the error itself: a loud failure, where catching everything would report a bug or
 * a failed allocation as tampering.
 */
function isTagMismatch(error: unknown): boolean {
  return error instanceof Error && error.message.endsWith('invalid tag')
}

/**
 * The implementation that runs everywhere. Its AES uses lookup tables, so its timing may leak
 * through caches; its ChaCha20-Poly1305 does not.
 */
export const noblePrimitives: Primitives = {
  name: 'noble',

  sha256: (data) => sha256(data),

  hmacSha256(key, ...parts) {
    const mac = hmac.create(sha256, key)
    for (const part of parts) mac.update(part)
    return mac.digest()
  },

  aeadSeal: (suite, key, nonce, aad, plaintext) =>
    CIPHERS[suite](key, nonce, aad).encrypt(plaintext),

  aeadOpen(suite, key, nonce, aad, box) {
    if (box.length < TAG_BYTES) return null
    const cipher = CIPHERS[suite](key, nonce, aad)
    try {
      return cipher.decrypt(box)
    } catch (error) {
      if (isTagMismatch(error)) return null
      throw error
    }
  },
}
