/** Reads a version: head and version record from one snapshot. */

import { equalBytes, wipe } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { READ_ATTEMPTS_MAX } from '@stagevault/core/limits'
import { requireNotScheduled } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState, VersionState } from '@stagevault/core/model/secret-state'
import type { VersionSelector } from '@stagevault/core/model/select-version'
import { selectVersion } from '@stagevault/core/model/select-version'
import type { SecretValue } from '@stagevault/core/model/value'
import { ROOT_KEY, headKey, versionKey } from '@stagevault/core/records/layout'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import type { HeadSnapshot } from '../caches/head-snapshot.js'
import type { Session } from '../session/session.js'
import { headAlone, headIn, headKeys, requireHead, secretNotFound } from './read-head.js'
import { epochIn, readSnapshot } from './snapshot.js'
import { isNamedRecord, openCachedVersion, openVersionAsync } from './version.js'

/** A version, its value, and the secret's state at that time. */
export interface ReadVersion {
  readonly state: SecretState
  readonly version: VersionState
  readonly value: SecretValue
}

/**
 * The version that `selector` selects, as it was at some moment during this call.
 *
 * One read fetches the head together with the record that the last known head named, or the head
 * alone if that record is cached. If the stored head selects another version, the next read fetches
 * the record of that version. Head and record come from one snapshot, so a missing record is lost
 * and not merely evicted in between.
 *
 * @throws {@link VaultError} `SECRET_NOT_FOUND`, `SECRET_IN_DELETE_WINDOW`; `CONFLICT` if other
 *   writers evict each version before its record is read; the signal's reason, between the reads;
 *   and as `selectVersion` and `openStoredVersion`
 */
export async function readVersion(
  session: Session,
  secretName: string,
  selector: VersionSelector,
  signal: AbortSignalLike | null,
): Promise<ReadVersion> {
  const cached = session.heads.getCached(secretName)
  const first = cached ?? (await readFirst(session, secretName, selector, signal))
  if ('value' in first) return first
  let head = first
  for (let attempt = 0; attempt < READ_ATTEMPTS_MAX; attempt++) {
    const expected = selectExpectedVersion(head.state, selector)
    const stored = await readExpected(session, head.state, expected, signal)
    let value: SecretValue | null = null
    try {
      const found = stored.head
      if (found === null) {
        head = await requireHead(session, secretName, signal)
        continue
      }
      const { state } = found
      requireNotScheduled(state)
      const version = selectVersion(state, selector)
      if (expected !== null && isSameRecord(head.state, expected, state, version)) {
        value = stored.value ?? (await openStored(session, found, version, stored.record))
        return { state, version, value }
      }
      // A version that a head of this call named was current at that moment, if its record is still
      // there. Returning it keeps a busy writer from delaying a reader forever.
      if (expected !== null && head !== cached && isThere(session, expected, stored)) {
        value = stored.value ?? (await openOnce(session, head.state, expected, stored.record))
        return { state: head.state, version: expected, value }
      }
      head = found
    } finally {
      if (value === null && stored.value !== null) wipe(stored.value.bytes)
    }
  }
  throw new VaultError('CONFLICT', `secret ${secretName} changes faster than it can be read`)
}

/**
 * The first read of a secret without a cached head: its head, or the whole version if it is stored
 * at the key where the current version was seen last.
 */
async function readFirst(
  session: Session,
  secretName: string,
  selector: VersionSelector,
  signal: AbortSignalLike | null,
): Promise<HeadSnapshot | ReadVersion> {
  const { versionId, versionStage } = selector
  const isCurrent = versionId === null && versionStage === null
  const place = isCurrent ? session.heads.currentPlace(secretName) : null
  const keys = [...headKeys(secretName), ROOT_KEY]
  const snapshot = await readSnapshot(session, place === null ? keys : [...keys, place], signal)
  const head = headIn(session, snapshot, secretName, epochIn(session, snapshot))
  if (head === null) throw secretNotFound(secretName)
  const { state } = head
  if (place === null || state.plannedDeleteTime !== null) return head
  const version = selectVersion(state, selector)
  if (versionKey(state.secretId, version.number) !== place) return head
  const value = await openStored(session, head, version, snapshot.get(place))
  return { state, version, value }
}

/** The stored head of a secret, and the record or the value of the expected version. */
interface StoredRecords {
  /** `null` if the name belongs to another secret or to none. */
  readonly head: HeadSnapshot | null
  readonly record: Uint8Array | null
  /** The value of a cached version, whose record is not read. */
  readonly value: SecretValue | null
}

/** Opens a cached record while the store reads the head. */
async function readExpected(
  session: Session,
  state: SecretState,
  expected: VersionState | null,
  signal: AbortSignalLike | null,
): Promise<StoredRecords> {
  const { secretName, secretId } = state
  const cached = expected === null ? null : session.versions.getCached(state, expected)
  const key = headKey(secretName)
  const isRead = expected !== null && cached === null
  const place = isRead ? versionKey(secretId, expected.number) : null
  const reading = readSnapshot(session, place === null ? [key] : [key, place], signal)
  const value =
    expected === null || cached === null
      ? null
      : openCachedVersion(session, state, expected, cached)
  try {
    const snapshot = await reading
    const head = headAlone(session, snapshot, secretName)
    return { head, record: place === null ? null : snapshot.get(place), value }
  } catch (error) {
    if (value !== null) wipe(value.bytes)
    throw error
  }
}

/** Opens a record that was read with its head, and caches it. */
async function openStored(
  session: Session,
  head: HeadSnapshot,
  version: VersionState,
  record: Uint8Array | null,
): Promise<SecretValue> {
  const { state } = head
  const { value, valueKey } = await openVersionAsync(session, state, version, record)
  // By now the version may be destroyed and dropped from the cache: do not cache it again.
  const isNewest = session.heads.getCached(state.secretName) === head
  if (record !== null && isNewest) session.versions.put(state, version, record, valueKey)
  else wipe(valueKey)
  return value
}

async function openOnce(
  session: Session,
  state: SecretState,
  version: VersionState,
  record: Uint8Array | null,
): Promise<SecretValue> {
  const { value, valueKey } = await openVersionAsync(session, state, version, record)
  wipe(valueKey)
  return value
}

/**
 * Selects the version on the last known head; the stored head decides. The values of a secret
 * that is scheduled for deletion are not returned, so they need not be read.
 */
function selectExpectedVersion(state: SecretState, selector: VersionSelector): VersionState | null {
  if (state.plannedDeleteTime !== null) return null
  try {
    return selectVersion(state, selector)
  } catch {
    return null
  }
}

/** Whether the expected record is stored as its head names it, or its value is cached. */
function isThere(session: Session, expected: VersionState, stored: StoredRecords): boolean {
  if (stored.value !== null) return true
  return stored.record !== null && isNamedRecord(session, expected, stored.record)
}

/** Whether the expected record is the one that the stored head names. */
function isSameRecord(
  knownState: SecretState,
  expected: VersionState,
  state: SecretState,
  version: VersionState,
): boolean {
  return (
    expected.number === version.number &&
    equalBytes(knownState.secretId, state.secretId) &&
    equalBytes(expected.recordHash, version.recordHash)
  )
}
