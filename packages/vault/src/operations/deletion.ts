/**
 * Schedules deletions, restores secrets, and permanently deletes secrets after their recovery
 * window.
 */

import { toHex } from '@stagevault/core/bytes'
import { codeOf, isIntegrityError } from '@stagevault/core/errors'
import { SWEPT_ENTRIES_MAX, SWEPT_SECRETS_MAX } from '@stagevault/core/limits'
import { planRestore, planSchedule } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState } from '@stagevault/core/model/secret-state'
import {
  nextDeletionStep,
  openDeletionEntry,
  sealDeletionEntry,
} from '@stagevault/core/records/deletion-entry'
import type { KeyRange } from '@stagevault/core/records/layout'
import {
  DELETION_PLACE_BITS,
  deletionPlaceBehind,
  deletionsUntil,
  parseDeletionKey,
} from '@stagevault/core/records/layout'
import { parseDeleteSecret, parseSecretRequest } from '@stagevault/core/request/metadata-requests'
import type { StorageEntry, StorageKey } from '@stagevault/storage'
import { isStorageError } from '@stagevault/storage'
import type { DeleteSecretRequest, SecretRequest } from '../api/requests.js'
import type { DeleteSecretResult, SecretNameResult } from '../api/results.js'
import type { Change, Plan, View } from '../commit/change.js'
import { changed, requireSecret, unchanged } from '../commit/change.js'
import { authorizedChange } from '../policy/authorized-change.js'
import { createBreather } from '../platform/breather.js'
import { scanRecords } from '../records/snapshot.js'
import type { Session } from '../session/session.js'
import type { VaultHandle } from './vault-handle.js'

export async function deleteSecret(
  session: VaultHandle,
  input: DeleteSecretRequest,
): Promise<DeleteSecretResult> {
  const { secretName, windowDays, signal } = parseDeleteSecret(input, session.scope)
  const now = session.now()
  const change: Change<DeleteSecretResult> = {
    secretNames: [secretName],
    signal,
    plan: (view) => {
      const state = requireSecret(view, secretName)
      if (windowDays === null) return deletion(state, { secretName })
      const next = planSchedule(state, windowDays, now)
      const plannedDeleteTime = new Date(next.plannedDeleteTime ?? 0)
      const events = [{ type: 'secret.deletion.scheduled', secretName }] as const
      return changed(next, { secretName, plannedDeleteTime }, events)
    },
  }
  const operation = {
    recoveryWindowInDays: windowDays,
    forceDeleteWithoutRecovery: windowDays === null,
  }
  return session.committer.submit(
    authorizedChange(session, change, (view) => [
      { action: 'kms:DeleteSecret', secretName, state: view.secret(secretName), operation },
    ]),
  )
}

export async function restoreSecret(
  session: VaultHandle,
  input: SecretRequest,
): Promise<SecretNameResult> {
  const { secretName, signal } = parseSecretRequest('restoreSecret', input, session.scope)
  const now = session.now()
  const change: Change<SecretNameResult> = {
    secretNames: [secretName],
    signal,
    plan: (view) => {
      const next = planRestore(requireSecret(view, secretName), now)
      return changed(next, { secretName }, [{ type: 'secret.restored', secretName }])
    },
  }
  return session.committer.submit(
    authorizedChange(session, change, (view) => [
      { action: 'kms:RestoreSecret', secretName, state: view.secret(secretName) },
    ]),
  )
}

/** A plan that deletes a secret with all its versions. */
export function deletion<T>({ secretName }: SecretState, result: T): Plan<T> {
  return {
    secrets: [{ secretName, state: null }],
    versions: [],
    records: [],
    rootChange: null,
    result,
    events: [{ type: 'secret.deleted', secretName }],
  }
}

/**
 * Sweeps the deletion entries whose time has come, earliest first. The first sweep that finds an
 * entry due records the time in it; a later sweep deletes the secret. The cost depends on the
 * number of due entries, not of stored secrets. A sweep processes at most {@link SWEPT_SECRETS_MAX}
 * secrets, and the next one goes on. Entries that do not authenticate are skipped; `verify` reports
 * them.
 *
 * Storage errors and concurrent writers do not fail the operation that runs the sweep.
 */
export async function sweepDeletions(session: VaultHandle): Promise<void> {
  if (session.isReadOnly) return
  const { sweep } = session
  const now = session.now()
  const { start, end } = deletionsUntil(now)
  const search = newSearch(now)
  const isFirst = sweep.isFirst
  sweep.isFirst = false
  // Continue where the previous sweep stopped at its bound.
  sweep.after = await findDue(session, { start: sweep.after ?? start, end }, search)
  const searches = [search]
  if (isFirst && sweep.after !== null) {
    const further = newSearch(now)
    sweep.after = await findFurther(session, { start: sweep.after, end }, further)
    searches.push(further)
  }
  const due = searches.flatMap(({ found }) => found)
  await Promise.all(due.map((entry) => look(session, entry, now)))
}

/** One search for due entries, up to the number of secrets that a sweep processes. */
interface Search {
  readonly now: number
  readonly found: DueEntry[]
  passed: number
}

function newSearch(now: number): Search {
  return { now, found: [], passed: 0 }
}

/** @returns the key at which the search reached its bound, or `null` if it did not */
async function findDue(
  session: Session,
  range: KeyRange,
  search: Search,
): Promise<StorageKey | null> {
  const { now, found } = search
  const breather = createBreather()
  let last: StorageKey | null = null
  try {
    for await (const entry of scanRecords(session, range).entries) {
      await breather.breathe()
      last = entry.key
      const secretName = dueSecret(session, entry, now)
      if (secretName !== null) found.push({ key: entry.key, secretName })
      if (found.length >= SWEPT_SECRETS_MAX || ++search.passed >= SWEPT_ENTRIES_MAX) return last
    }
    return null
  } catch (error) {
    if (!isStorageError(error)) throw error
    return last
  }
}

/**
 * Searches a second time in the first sweep of a handle. A program that opens the vault only for a
 * second sweeps once per handle, and would always stop at the same key if the entries before it
 * cannot be processed. So this search starts after a random place, and then covers the range before
 * it.
 *
 * @param range - starts where the first search stopped
 * @returns where the next sweep starts, as {@link findDue}
 */
async function findFurther(
  session: Session,
  range: KeyRange,
  search: Search,
): Promise<StorageKey | null> {
  const { start, end } = range
  const place = deletionPlaceBehind(start, randomDistance())
  if (place <= start || place >= end) return findDue(session, range, search)
  const stopped = await findDue(session, { start: place, end }, search)
  return stopped === null ? findDue(session, { start, end: place }, search) : start
}

/** Log-uniform, because the density of the entries is unknown. */
function randomDistance(): bigint {
  let distance = 1n
  const doublings = Math.floor(Math.random() * DELETION_PLACE_BITS)
  for (let i = 0; i < doublings; i++) distance = 2n * distance + BigInt(Math.random() < 0.5)
  return distance
}

interface DueEntry {
  readonly key: StorageKey
  readonly secretName: string
}

/** The secret of an entry that needs processing now; `null` for none. */
function dueSecret(session: Session, { key, value }: StorageEntry, now: number): string | null {
  try {
    const { secretName, lookTime } = openDeletionEntry(session.keys.records, key, value)
    return nextDeletionStep(lookTime, now) === 'wait' ? null : secretName
  } catch (error) {
    if (isIntegrityError(error)) return null
    throw error
  }
}

async function look(
  session: VaultHandle,
  { key, secretName }: DueEntry,
  now: number,
): Promise<void> {
  const change: Change<undefined> = {
    secretNames: [secretName],
    keys: [key],
    plan: (view) => planLook(session, view, key, secretName, now),
  }
  try {
    await session.committer.submit(change)
  } catch (error) {
    if (!isPassedOver(error)) throw error
  }
}

/**
 * Errors that do not fail the sweep: `verify` reports damage, another writer finishes a contended
 * change, and a later sweep processes what a full queue refused.
 */
function isPassedOver(error: unknown): boolean {
  if (isStorageError(error)) return true
  if (isIntegrityError(error)) return error.code !== 'ROLLBACK_DETECTED'
  return ['CONFLICT', 'QUOTA_EXCEEDED', 'VAULT_CLOSED'].includes(String(codeOf(error)))
}

/** The head decides. An entry that the head does not name is stale and is deleted. */
function planLook(
  session: Session,
  view: View,
  key: StorageKey,
  secretName: string,
  now: number,
): Plan<undefined> {
  const record = view.record(key)
  const place = parseDeletionKey(key)
  if (record === null || place === null) return unchanged(undefined)
  const { lookTime } = openDeletionEntry(session.keys.records, key, record)
  const state = view.secret(secretName)
  if (state === null || !isNamed(state, place)) return writing(key, null)
  switch (nextDeletionStep(lookTime, now)) {
    case 'wait':
      return unchanged(undefined)
    case 'delete':
      return deletion(state, undefined)
    case 'look': {
      const entry = { secretName, lookTime: now }
      const value = sealDeletionEntry(session.keys.records, place.time, state.secretId, entry)
      return writing(key, value)
    }
  }
}

function writing(key: StorageKey, value: Uint8Array | null): Plan<undefined> {
  return { ...unchanged(undefined), records: [{ key, value }] }
}

function isNamed(
  { plannedDeleteTime, secretId }: SecretState,
  place: { readonly time: number; readonly secretId: string },
): boolean {
  return plannedDeleteTime === place.time && toHex(secretId) === place.secretId
}
