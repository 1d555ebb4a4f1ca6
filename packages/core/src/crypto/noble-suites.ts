/**
 * The primitives in plain JavaScript, over `@noble/hashes` and the ciphers of `@noble/ciphers` that
 * are handed in: who needs one suite need not load the other.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Primitives, SuiteId } from './primitives.js'
import { TAG_BYTES } from './primitives.js'

/** A cipher as `@noble/ciphers` makes it for one message. */
export interface NobleCipher {
  encrypt(plaintext: Uint8Array): Uint8Array
  decrypt(box: Uint8Array): Uint8Array
}

export type NobleAead = (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array) => NobleCipher

/**
 * noble tells a wrong tag by message only. Its version is pinned, and should the text ever change,
 * the caller sees the error itself: a loud failure, where catching everything would report a bug or
 * a failed allocation as tampering.
 */
function isTagMismatch(error: unknown): boolean {
  return String(error).endsWith('invalid tag')
}

/** The primitives for the suites of `aeads`; using another one is a mistake, and throws. */
export function nobleSuites(aeads: Readonly<Partial<Record<SuiteId, NobleAead>>>): Primitives {
  // Looked up, not chosen by an `else`: a suite that is not here must fail, not become another.
  function cipherOf(suite: SuiteId, ...input: Parameters<NobleAead>): NobleCipher {
    const aead = aeads[suite]
    if (aead === undefined) throw new TypeError(`there is no cipher of suite ${String(suite)} here`)
    return aead(...input)
  }

  return {
    name: 'noble',

    sha256: (data) => sha256(data),

    hmacSha256(key, ...parts) {
      const mac = hmac.create(sha256, key)
      for (const part of parts) mac.update(part)
      return mac.digest()
    },

    aeadSeal: (suite, key, nonce, aad, plaintext) =>
      cipherOf(suite, key, nonce, aad).encrypt(plaintext),

    aeadOpen(suite, key, nonce, aad, box) {
      if (box.length < TAG_BYTES) return null
      const cipher = cipherOf(suite, key, nonce, aad)
      try {
        return cipher.decrypt(box)
      } catch (error) {
        if (isTagMismatch(error)) return null
        throw error
      }
    },
  }
}
