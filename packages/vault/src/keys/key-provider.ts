import { isBytes, wipe } from '@stagevault/core/bytes'
import { KEY_BYTES } from '@stagevault/core/crypto/primitives'
import { VaultError } from '@stagevault/core/errors'
import { PROVIDER_DATA_BYTES_MAX } from '@stagevault/core/limits'
import { parseProviderName } from '@stagevault/core/names'
import { asText, hasMethods } from '@stagevault/core/request/request-fields'
import type { Unlock } from './unlock.js'

/** Somebody who can wrap a key and unwrap it again: the system's keychain, a passkey, a KMS. */
export interface KeyProvider {
  /**
   * Which provider it is, 1 to 64 of `[A-Za-z0-9_/+=.@-]`; it stands in the slot, readable. Slots
   * of other providers are passed over.
   */
  readonly name: string
  /** Wraps a key of 32 bytes, a copy that is the provider's to wipe, into 1 to 4,096 bytes. */
  wrap(key: Uint8Array): Promise<Uint8Array>
  /**
   * The 32 bytes that were wrapped; they are copied. `null` where they were wrapped elsewhere, by
   * the keychain of another machine for one; it rejects where this provider should be able to, and
   * is not.
   */
  unwrap(wrapped: Uint8Array): Promise<Uint8Array | null>
}

/**
 * Unlocks with a key that a provider keeps wrapped. The key is random and new for every slot; what
 * the provider made of it is kept in the slot, and bound to it.
 *
 * Providers lose keys: a keychain is reset, an account is closed. Give the vault a second slot, as
 * for a passphrase, before you rely on one.
 *
 * Where `wrap` or `unwrap` rejects, the operation rejects with `KEYRING_UNAVAILABLE` and the
 * provider's error as `cause`, unless another slot opens.
 *
 * @throws TypeError for anything but such an object; {@link VaultError} `INVALID_PARAMETER` for a
 *   name that breaks the rule.
 */
export function keyProvider(provider: KeyProvider): Unlock {
  if (!hasMethods(provider, ['wrap', 'unwrap'])) {
    throw new TypeError('keyProvider takes an object with name, wrap and unwrap')
  }
  const name = parseProviderName('the name of a key provider', asText('name', provider.name))
  return {
    kind: 'provider',
    newKdf: async (random) => {
      const key = random(KEY_BYTES)
      try {
        const data = await ask(name, () => provider.wrap(new Uint8Array(key)))
        return { kind: 'provider', provider: name, data: wrappedBytes(data) }
      } finally {
        wipe(key)
      }
    },
    deriveKey: async (kdf) => {
      if (kdf.kind !== 'provider' || kdf.provider !== name) return null
      const key: unknown = await ask(name, () => provider.unwrap(new Uint8Array(kdf.data)))
      // The vault overwrites what it gets, and a provider may have given its own.
      return isBytes(key) ? new Uint8Array(key) : (key as null)
    },
  }
}

async function ask<T>(name: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    throw new VaultError('KEYRING_UNAVAILABLE', `the key provider ${name} failed`, { cause })
  }
}

function wrappedBytes(data: unknown): Uint8Array {
  const own = isBytes(data) ? new Uint8Array(data) : new Uint8Array(0)
  if (own.length >= 1 && own.length <= PROVIDER_DATA_BYTES_MAX) return own
  const range = `1 to ${String(PROVIDER_DATA_BYTES_MAX)} bytes`
  throw new TypeError(`wrap of a key provider must give ${range}`)
}
