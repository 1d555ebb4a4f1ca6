/** Starts a vault once its keys are known: its session and the operations on it. */

import { requireLower } from '@stagevault/core/model/vault-limits'
import { KEYRING_KEY, ROOT_KEY } from '@stagevault/core/records/layout'
import type { Vault } from '../api/vault.js'
import type { StoredRoot } from '../caches/rollback-guard.js'
import { sweepDeletions } from '../operations/deletion.js'
import { openNamedKeyring } from '../records/keyring.js'
import { readSnapshot, rootIn } from '../records/snapshot.js'
import type { HandleOptions, UnlockedVault } from '../operations/vault-handle.js'
import { openHandle } from '../operations/vault-handle.js'
import type { Session } from '../session/session.js'
import { vaultOf } from '../vault.js'

const WHOLE_HANDLE: HandleOptions = { limits: {}, isReadOnly: false, isUnproved: false }

/** Starts a vault that was just created. */
export function startNewVault(unlocked: UnlockedVault, root: StoredRoot): Vault {
  const handle = openHandle(unlocked, WHOLE_HANDLE)
  handle.guard.observeRoot(root)
  return vaultOf(handle)
}

/** Starts an existing vault. Rejects if its first read or sweep fails. */
export async function startVault(unlocked: UnlockedVault, options: HandleOptions): Promise<Vault> {
  const handle = openHandle(unlocked, options)
  try {
    if (!options.isUnproved) await readFirstRoot(handle, options)
    await sweepDeletions(handle)
    return vaultOf(handle)
  } catch (error) {
    handle.events.close()
    throw error
  }
}

/** Checks the root, the keyring that it names, and the handle's limits against the stored ones. */
async function readFirstRoot(session: Session, { limits }: HandleOptions): Promise<void> {
  const snapshot = await readSnapshot(session, [ROOT_KEY, KEYRING_KEY])
  const { state } = rootIn(session, snapshot)
  openNamedKeyring(session.keys.records, snapshot.get(KEYRING_KEY), state)
  requireLower(state.limits, limits)
}
