/** An open vault: a session and its committer. */

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
import { createAccessCache } from '../caches/access-cache.js'
import { createPolicyCache } from '../caches/policy-cache.js'
import { createHeadCache } from '../caches/head-cache.js'
import { createRollbackGuard } from '../caches/rollback-guard.js'
import { createVersionCache } from '../caches/version-cache.js'
import type { Session } from '../session/session.js'

/** An unlocked vault from which nothing was read yet. */
export interface UnlockedVault {
  readonly options: Pick<Session, 'hashLongData' | 'now' | 'random' | 'commitTimeoutSeconds'> &
    Pick<VaultHandle, 'closeTimeoutSeconds'>
  readonly store: {
    readonly storage: StorageAdapter
    /** Closes the storage if the vault opened it; a storage passed by the caller stays open. */
    readonly release: () => Promise<void>
  }
  readonly descriptor: VaultDescriptor
  readonly keys: SessionKeys
}

/** The restrictions of one handle. */
export interface HandleOptions {
  readonly limits: HandleLimits
  readonly isReadOnly: boolean
  readonly isUnproved: boolean
}

export interface SweepProgress {
  /** The key at which the last sweep stopped at its bound; `null` if it reached the end. */
  after: string | null
  /** Whether no sweep has run yet. */
  isFirst: boolean
}

/** An open vault: a session and its committer. */
export interface VaultHandle extends Session {
  /** The progress of the sweeps over deletion entries. */
  readonly sweep: SweepProgress
  readonly committer: Committer
  /** Whether the committer refuses every change. */
  readonly isReadOnly: boolean
  /** How long closing waits for pending changes. */
  readonly closeTimeoutSeconds: number
  /** Closes the storage, if the vault opened it. */
  readonly releaseStorage: () => Promise<void>
}

/** Creates a handle of an unlocked vault, with its own caches, listeners and committer. */
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
    hashLongData: options.hashLongData,
    vaultId,
    suite,
    scope: { region, accountId },
    keys,
    now: options.now,
    random: options.random,
    heads: createHeadCache(keys.records, guard),
    versions: createVersionCache(),
    access: createAccessCache(),
    policies: createPolicyCache(),
    caller: null,
    gate: null,
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
    const message = 'the vault was opened with readOnly, so this handle cannot change it'
    return Promise.reject(new VaultError('UNSUPPORTED_OPERATION', message))
  },
  hasten: () => undefined,
  abandon: () => Promise.resolve(),
}

/** Wipes the keys, clears the caches, and closes the storage if the vault opened it. */
export async function releaseHandle(handle: VaultHandle): Promise<void> {
  wipeKeys(handle.keys)
  handle.events.close()
  handle.heads.clear()
  handle.versions.clear()
  handle.access.clear()
  handle.policies.clear()
  handle.guard.clear()
  await handle.releaseStorage()
}
