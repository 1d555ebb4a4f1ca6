import { isBytes, wipe } from '@stagevault/core/bytes'
import { KEY_BYTES } from '@stagevault/core/crypto/primitives'
import { VaultError } from '@stagevault/core/errors'
import { PROVIDER_DATA_BYTES_MAX } from '@stagevault/core/limits'
import { parseProviderName } from '@stagevault/core/names'
import { asText, hasMethods } from '@stagevault/core/request/request-fields'
import type { Unlock } from './unlock.js'

/** Wraps and unwraps keys: an adapter for the system's keychain, a passkey or a KMS. */
export interface KeyProvider {
  /**
   * Identifies the provider: 1 to 64 characters of `[A-Za-z0-9_/+=.@-]`. The name is stored in the
   * slot as plain text. Slots of other providers are not tried.
   */
  readonly name: string
  /**
   * Wraps a key of 32 bytes into 1 to 4,096 bytes. `key` is a copy, which the provider may wipe.
   */
  wrap(key: Uint8Array): Promise<Uint8Array>
  /**
   * Unwraps and returns the 32 bytes; the vault copies them. Returns `null` if another provider
   * instance wrapped them, such as the keychain of another machine. Rejects if this provider should
   * be able to unwrap them but fails.
   */
  unwrap(wrapped: Uint8Array): Promise<Uint8Array | null>
}

/**
 * Unlocks with a key that a provider wraps. Each slot gets a new random key; the wrapped key is
 * stored in the slot and bound to it.
 *
 * A provider can lose its keys: a keychain is reset, or an account is closed. Add a second slot,
 * such as a passphrase, before you rely on a provider.
 *
 * If `wrap` or `unwrap` rejects, the operation rejects with `KEYRING_UNAVAILABLE` and the
 * provider's error as `cause`, unless another slot opens.
 *
 * @throws TypeError if `provider` is not such an object; {@link VaultError} `INVALID_PARAMETER` for
 *   an invalid name
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
      // A copy: the vault wipes the key, and the provider may have returned its own array.
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
  throw new TypeError(`wrap of a key provider must return ${range}`)
}
