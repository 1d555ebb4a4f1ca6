/** What begins once the keys of a vault are there: its session, and the operations over it. */

import type { VaultDescriptor } from '@stagevault/core/records/vault-descriptor'
import type { Vault } from './api/vault.js'
import { sweepDue } from './heads/purge.js'
import { readRoot } from './heads/read-root.js'
import { openSession } from './session/open-session.js'
import type { SessionKeys } from './session/session.js'
import type { StoredKeyring } from './unlock/read-keyring.js'
import type { VaultStore } from './vault-location.js'
import type { ResolvedOptions } from './vault-options.js'
import { vaultOf } from './vault.js'

/** A vault that was just created. */
export function startNewVault(
  options: ResolvedOptions,
  store: VaultStore,
  descriptor: VaultDescriptor,
  keys: SessionKeys,
): Vault {
  return vaultOf(openSession(options, store, descriptor, keys))
}

/** A vault that was there before. Rejects with what hinders its first reading. */
export async function startVault(
  options: ResolvedOptions,
  store: VaultStore,
  descriptor: VaultDescriptor,
  keys: SessionKeys,
  keyring: StoredKeyring,
): Promise<Vault> {
  const session = openSession(options, store, descriptor, keys)
  try {
    session.memory.keyring.note(keyring.state.generation, keyring.bytes)
    await sweepDue(session)
    await readRoot(session)
    return vaultOf(session)
  } catch (error) {
    session.events.close()
    throw error
  }
}
