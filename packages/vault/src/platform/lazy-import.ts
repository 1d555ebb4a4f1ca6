import { VaultError } from '@stagevault/core/errors'

/**
 * Imports a part of this library that not every application needs, and that is a separate file in a
 * browser. In Node it is already loaded: see `opening/node-parts.ts`.
 *
 * Rejects with {@link VaultError} `MODULE_UNAVAILABLE` if it cannot be loaded.
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    const message = 'a part of this library cannot be loaded; in a page, a reload may help'
    throw new VaultError('MODULE_UNAVAILABLE', message, { cause })
  }
}
