import { isBytes } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { KEY_BYTES } from '@stagevault/core/crypto/primitives'
import { platform } from '#platform'
import type { Unlock } from './unlock.js'

/** Returns 32 bytes from the system's random generator, for {@link rawKey}. */
export function generateKey(): Uint8Array {
  return platform.randomBytes(KEY_BYTES)
}

/**
 * Unlocks with a key that the application keeps: 32 uniformly random bytes, from
 * {@link generateKey} or a key store. For text that a person remembers, use `passphrase`.
 *
 * @param key - 32 bytes; copied, so the caller may wipe its own
 * @throws TypeError if `key` is not a `Uint8Array`; {@link VaultError} `INVALID_PARAMETER` if its
 *   length is not 32
 */
export function rawKey(key: Uint8Array): Unlock {
  if (!isBytes(key)) throw new TypeError('rawKey takes a Uint8Array')
  // Copied before it is measured: a subclass may report a wrong length.
  const own = new Uint8Array(key)
  if (own.length !== KEY_BYTES) {
    const given = String(own.length)
    throw new VaultError('INVALID_PARAMETER', `rawKey takes 32 bytes; got ${given}`)
  }
  return {
    kind: 'raw-key',
    newKdf: () => ({ kind: 'raw-key' }),
    deriveKey: () => Promise.resolve(new Uint8Array(own)),
  }
}
