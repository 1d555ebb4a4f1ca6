import { loadPart } from '../platform/platform.js'
import type * as StartVault from './start-vault.js'

/** The module that starts a session once the vault is unlocked. */
export type Operations = typeof StartVault

/**
 * Starts loading the operations, which are needed only once the vault is open. In a browser they
 * are a separate file that loads while the key is derived.
 */
export function loadOperations(): Promise<Operations> {
  const loading = loadPart(() => import('./start-vault.js'))
  // If opening fails first, no caller awaits this promise; avoid an unhandled rejection.
  loading.catch(() => undefined)
  return loading
}
