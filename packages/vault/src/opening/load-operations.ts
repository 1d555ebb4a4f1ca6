import { loadPart } from '../platform/lazy-import.js'
import type * as StartVault from './start-vault.js'

/** The module that goes on where a vault is unlocked. */
export type Operations = typeof StartVault

/**
 * Begins to load the operations, which nobody needs before a vault is open. In a browser they are a
 * part of their own, and arrive while the key is derived.
 */
export function loadOperations(): Promise<Operations> {
  const loading = loadPart(() => import('./start-vault.js'))
  // Whoever fails before the vault is open does not wait for them.
  loading.catch(() => undefined)
  return loading
}
