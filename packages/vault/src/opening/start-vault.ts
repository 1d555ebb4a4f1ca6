/** What begins once the keys of a vault are there: its session, and the operations over it. */

import { requireLower } from '@stagevault/core/model/vault-limits'
import { KEYRING_KEY, ROOT_KEY } from '@stagevault/core/records/layout'
import type { Vault } from '../api/vault.js'
import type { StoredRoot } from '../memory/rollback-guard.js'
import { sweepDeletions } from '../operations/deletion.js'
import { openNamedKeyring } from '../records/keyring.js'
import { readSnapshot, rootIn } from '../records/snapshot.js'
import type { HandleOptions, UnlockedVault } from '../operations/vault-handle.js'
import { openHandle } from '../operations/vault-handle.js'
import type { Session } from '../session/session.js'
import { vaultOf } from '../vault.js'

const WHOLE_HANDLE: HandleOptions = { limits: {}, isReadOnly: false, isUnproved: false }

/** A vault that was just created. */
export function startNewVault(unlocked: UnlockedVault, root: StoredRoot): Vault {
  const handle = openHandle(unlocked, WHOLE_HANDLE)
  handle.guard.observeRoot(root)
  return vaultOf(handle)
}

/** A vault that was there before. Rejects with what hinders its first reading. */
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

/** The root, the keyring that it names, and the limits that it stores. */
async function readFirstRoot(session: Session, { limits }: HandleOptions): Promise<void> {
  const snapshot = await readSnapshot(session, [ROOT_KEY, KEYRING_KEY])
  const { state } = rootIn(session, snapshot)
  openNamedKeyring(session.keys.records, snapshot.get(KEYRING_KEY), state)
  requireLower(state.limits, limits)
}
