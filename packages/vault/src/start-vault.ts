/** What begins once the keys of a vault are there: its session, and the operations over it. */

import { requireLower } from '@stagevault/core/model/vault-limits'
import { KEYRING_KEY, ROOT_KEY } from '@stagevault/core/records/layout'
import type { Vault } from './api/vault.js'
import type { StoredRoot } from './memory/rollback-guard.js'
import { sweepDeletions } from './records/deletions.js'
import { openNamedKeyring } from './records/keyring.js'
import { readSnapshot, rootIn } from './records/snapshot.js'
import type { HandleOptions, UnlockedVault } from './session/open-session.js'
import { openSession } from './session/open-session.js'
import type { Session } from './session/session.js'
import { vaultOf } from './vault.js'

export type { HandleOptions } from './session/open-session.js'

const WHOLE_HANDLE: HandleOptions = { limits: {}, isReadOnly: false, isUnproved: false }

/** A vault that was just created. */
export function startNewVault(unlocked: UnlockedVault, root: StoredRoot): Vault {
  const session = openSession(unlocked, WHOLE_HANDLE)
  session.guard.observeRoot(root)
  return vaultOf(session)
}

/** A vault that was there before. Rejects with what hinders its first reading. */
export async function startVault(
  unlocked: UnlockedVault,
  handle: HandleOptions,
): Promise<Vault> {
  const session = openSession(unlocked, handle)
  try {
    if (!handle.isUnproved) await readFirstRoot(session, handle)
    if (!handle.isReadOnly) await sweepDeletions(session)
    return vaultOf(session)
  } catch (error) {
    session.events.close()
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
