/** What an application holds: a session, and what changes the vault. */

import { toHex } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import type { HandleLimits } from '@stagevault/core/model/vault-limits'
import { lowerLimits } from '@stagevault/core/model/vault-limits'
import type { VaultDescriptor } from '@stagevault/core/records/vault-descriptor'
import type { StorageAdapter } from '@stagevault/storage'
import { platform } from '#platform'
import type { Committer } from '../commit/committer.js'
import { createCommitter } from '../commit/committer.js'
import { createEventHub } from '../events/event-hub.js'
import type { SessionKeys } from '../keys/vault-keys.js'
import { wipeKeys } from '../keys/vault-keys.js'
import { createHeadCache } from '../memory/head-cache.js'
import { createRollbackGuard } from '../memory/rollback-guard.js'
import { createVersionCache } from '../memory/version-cache.js'
import type { Session } from '../session/session.js'

/** An unlocked vault that nothing was read of yet. */
export interface UnlockedVault {
  readonly options: Pick<Session, 'hashLong' | 'now' | 'random' | 'commitTimeoutSeconds'> &
    Pick<VaultHandle, 'closeTimeoutSeconds'>
  readonly store: {
    readonly storage: StorageAdapter
    /** Closes a store that the vault has opened; one that was given stays open. */
    readonly release: () => Promise<void>
  }
  readonly descriptor: VaultDescriptor
  readonly keys: SessionKeys
}

/** What one handle of a vault may do. */
export interface HandleOptions {
  readonly limits: HandleLimits
  readonly isReadOnly: boolean
  readonly isUnproved: boolean
}

export interface SweepProgress {
  /** Where the last sweep stopped at its bound, `null` for at the end. */
  after: string | null
  /** Whether there was none yet. */
  isFirst: boolean
}

/** What an application holds: a session, and what changes the vault. */
export interface VaultHandle extends Session {
  /** How far the sweeps of deletion entries have come. */
  readonly sweep: SweepProgress
  readonly committer: Committer
  /** Whether the committer refuses every change. */
  readonly isReadOnly: boolean
  /** How long closing waits for changes that are queued. */
  readonly closeTimeoutSeconds: number
  /** Closes the store, if it is the vault's own. */
  readonly releaseStorage: () => Promise<void>
}

/** A handle on an unlocked vault, with caches, listeners and a committer of its own. */
export function openHandle(
  { options, store, descriptor, keys }: UnlockedVault,
  { limits, isReadOnly, isUnproved }: HandleOptions,
): VaultHandle {
  const { region, accountId, vaultId, suite } = descriptor
  const guard = createRollbackGuard()
  const name = toHex(vaultId)
  const session: Session = {
    storage: store.storage,
    primitives: keys.records.primitives,
    hashLong: options.hashLong,
    vaultId,
    suite,
    scope: { region, accountId },
    keys,
    now: options.now,
    random: options.random,
    heads: createHeadCache(keys.records, guard),
    versions: createVersionCache(),
    guard,
    events: createEventHub(platform.openChannel(name)),
    lowerLimits: (stored) => lowerLimits(stored, limits),
    commitTimeoutSeconds: options.commitTimeoutSeconds,
    turns: platform.openTurns(name),
    isUnproved,
  }
  return {
    ...session,
    isReadOnly,
    committer: isReadOnly ? READ_ONLY : createCommitter(session),
    closeTimeoutSeconds: options.closeTimeoutSeconds,
    sweep: { after: null, isFirst: true },
    releaseStorage: store.release,
  }
}

const READ_ONLY: Committer = {
  submit: () => {
    const message = 'the vault was opened with readOnly: it is not changed through this handle'
    return Promise.reject(new VaultError('UNSUPPORTED_OPERATION', message))
  },
  hasten: () => undefined,
  abandon: () => Promise.resolve(),
}

/** Forgets the keys and all that was read, and closes the store if it is the vault's own. */
export async function releaseHandle(handle: VaultHandle): Promise<void> {
  wipeKeys(handle.keys)
  handle.events.close()
  handle.heads.clear()
  handle.versions.clear()
  handle.guard.clear()
  await handle.releaseStorage()
}
