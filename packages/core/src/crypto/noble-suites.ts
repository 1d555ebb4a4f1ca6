/**
 * The primitives in JavaScript, over `@noble/hashes` and the ciphers of `@noble/ciphers` that the
 * caller passes, so that an application that needs one suite need not load the other.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Primitives, SuiteId } from './primitives.js'
import { TAG_BYTES } from './primitives.js'

/** A cipher as `@noble/ciphers` creates it for one message. */
export interface NobleCipher {
  encrypt(plaintext: Uint8Array): Uint8Array
  decrypt(box: Uint8Array): Uint8Array
}

export type NobleAead = (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array) => NobleCipher

/**
 * noble reports a wrong tag only by its message. Its version is pinned. If the text ever changes,
 * the caller sees noble's own error; catching every error would report a bug or a failed allocation
 * as tampering.
 */
function isTagMismatch(error: unknown): boolean {
  return String(error).endsWith('invalid tag')
}

/** The primitives for the suites in `aeads`; using another suite throws a `TypeError`. */
export function nobleSuites(aeads: Readonly<Partial<Record<SuiteId, NobleAead>>>): Primitives {
  // A lookup and no `else` branch: a missing suite must fail, not fall back to another.
  function cipherOf(suite: SuiteId, ...input: Parameters<NobleAead>): NobleCipher {
    const aead = aeads[suite]
    if (aead === undefined) throw new TypeError(`no cipher for suite ${String(suite)} was passed`)
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
