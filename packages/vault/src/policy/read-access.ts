/** Reads access records outside of a commit, each from a snapshot with what pins it. */

import { entryOf } from '@stagevault/core/access/access-entries'
import { VaultError } from '@stagevault/core/errors'
import { READ_ATTEMPTS_MAX } from '@stagevault/core/limits'
import type { AccessRecord } from '@stagevault/core/records/access-records'
import {
  ACCESS_KEY,
  ACCESS_LIST_KEY,
  ROOT_KEY,
  parseAccessRecordKey,
} from '@stagevault/core/records/layout'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import type { StorageKey } from '@stagevault/storage'
import { STORAGE_READ_KEYS_MAX } from '@stagevault/storage'
import type { Snapshot } from '../records/snapshot.js'
import { readSnapshot, rootIn } from '../records/snapshot.js'
import type { Session } from '../session/session.js'
import type { AccessState, PinnedAccessState } from './access-state.js'
import { openAccessState, openListedRecord } from './access-state.js'

/** What every read of access records reads, too. */
const PIN_KEYS: readonly StorageKey[] = [ROOT_KEY, ACCESS_KEY, ACCESS_LIST_KEY]

/** Access records that one read returns at most. */
export const ACCESS_READ_MAX: number = STORAGE_READ_KEYS_MAX - PIN_KEYS.length

/** Access records of one point in time. */
export interface AccessSnapshot {
  readonly state: PinnedAccessState
  /**
   * A record that was read, or `null` if there is none of this kind and name.
   *
   * @throws {@link VaultError} as {@link openListedRecord}
   */
  get(key: StorageKey): AccessRecord | null
}

/**
 * Reads the records at `keys`, at most {@link ACCESS_READ_MAX}, and what pins them.
 *
 * Rejects as {@link openAccessState} and {@link readSnapshot}.
 */
export async function readAccess(
  session: Session,
  keys: readonly StorageKey[],
  signal: AbortSignalLike | null,
): Promise<AccessSnapshot> {
  const snapshot = await readSnapshot(session, [...PIN_KEYS, ...keys], signal)
  const state = accessStateIn(session, snapshot)
  return {
    state,
    get: (key) => {
      const place = parseAccessRecordKey(key)
      return place === null ? null : openListedRecord(session, state, place, snapshot.get(key))
    },
  }
}

/** The access state in a snapshot of the vault root, the access root and the list. */
export function accessStateIn(session: Session, snapshot: Snapshot): PinnedAccessState {
  const root = session.isUnproved ? null : rootIn(session, snapshot).state
  return openAccessState(session, root, (key) => snapshot.get(key))
}

/**
 * Reads the records that `choose` returns, at most {@link ACCESS_READ_MAX}, in one snapshot.
 *
 * Rejects as {@link readAccess}, and with {@link VaultError} `CONFLICT` if other writers change the
 * choice faster than the records can be read.
 */
export async function readChosen(
  session: Session,
  choose: (state: AccessState) => readonly StorageKey[],
  signal: AbortSignalLike | null,
): Promise<{ readonly chosen: readonly StorageKey[]; readonly snapshot: AccessSnapshot }> {
  let keys: readonly StorageKey[] = []
  for (let attempt = 0; attempt < READ_ATTEMPTS_MAX; attempt++) {
    const snapshot = await readAccess(session, keys, signal)
    const chosen = choose(snapshot.state)
    if (chosen.every((key) => keys.includes(key))) return { chosen, snapshot }
    keys = chosen
  }
  throw changedTooFast()
}

/** Whether the cache has every record that the list names. */
export function areEntriesLoaded({ access }: Session, { list }: AccessState): boolean {
  for (const [key, tag] of list) if (access.entry(key, tag) === null) return false
  return true
}

/**
 * Reads every record that the list names and the cache does not have.
 *
 * Rejects as {@link readChosen}.
 */
export async function loadEntries(session: Session): Promise<void> {
  let keys: readonly StorageKey[] = []
  for (let attempt = 0; attempt < READ_ATTEMPTS_MAX; attempt++) {
    const snapshot = await readAccess(session, keys, null)
    const { list } = snapshot.state
    for (const key of keys) {
      const tag = list.get(key)
      const record = tag === undefined ? null : snapshot.get(key)
      if (tag !== undefined && record !== null) session.access.putEntry(key, tag, entryOf(record))
    }
    const missing = [...list].filter(([key, tag]) => session.access.entry(key, tag) === null)
    if (missing.length === 0) return
    keys = missing.slice(0, ACCESS_READ_MAX).map(([key]) => key)
  }
  throw changedTooFast()
}

function changedTooFast(): VaultError {
  const message = 'users, roles, groups or policies change faster than they can be read'
  return new VaultError('CONFLICT', message)
}
