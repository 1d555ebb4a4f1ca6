import type { Vault } from './api/vault.js'
import type { Session } from './session/session.js'

/** The module that makes a vault of a session. */
export interface Operations {
  readonly vaultOf: (session: Session) => Vault
}

/**
 * Begins to load the operations, which nobody needs before a vault is open. In a browser they are a
 * part of their own, and arrive while the key is derived.
 */
export function loadOperations(): Promise<Operations> {
  const loading = import('./vault.js')
  // Whoever fails before the vault is open does not wait for them.
  loading.catch(() => undefined)
  return loading
}
