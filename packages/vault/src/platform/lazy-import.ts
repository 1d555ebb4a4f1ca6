import { VaultError } from '@stagevault/core/errors'

/**
 * Imports a part of this library that not everybody needs, which in a browser is a file of its own.
 * In Node it has been loaded by then: see `opening/node-parts.ts`.
 *
 * Rejects with {@link VaultError} `MODULE_UNAVAILABLE` where it cannot be loaded.
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    const message = 'a part of this library cannot be loaded; in a page, a reload may help'
    throw new VaultError('MODULE_UNAVAILABLE', message, { cause })
  }
}
