import { VaultError } from '@stagevault/core/errors'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { equalBytes, toHex, wipe } from '@stagevault/core/bytes'
import { openDeletionEntry } from '@stagevault/core/records/deletion-entry'
import { openHead } from '@stagevault/core/records/head-record'
import {
  deletionKey,
  headKey,
  nameKey,
  parseDeletionKey,
  parseSecretKey,
  versionKey,
} from '@stagevault/core/records/layout'
import { openName } from '@stagevault/core/records/name-record'
import { policyPinOf } from '@stagevault/core/records/secret-policy'
import type { StorageEntry } from '@stagevault/storage'
import { STORAGE_READ_KEYS_MAX } from '@stagevault/storage'
import { openPolicy } from '../policy/open-policy.js'
import { policyPlace } from '../records/policy-place.js'
import type { Snapshot } from '../records/snapshot.js'
import { readSnapshot } from '../records/snapshot.js'
import { openStoredVersion } from '../records/version.js'
import type { Breather } from '../platform/breather.js'
import type { Session } from '../session/session.js'
import type { Findings } from './findings.js'
import { note } from './findings.js'

/** Checks a secret and every record that its head names, at the first of its records. */
export async function checkSecret(
  session: Session,
  findings: Findings,
  { key }: StorageEntry,
  breather: Breather,
): Promise<void> {
  const place = parseSecretKey(key)
  if (place === null) {
    note(findings, key, () => {
      throw new VaultError('MALFORMED_RECORD', 'a record exists at a key that no vault uses')
    })
    return
  }
  if (!findings.names.has(place.name)) {
    await checkSecretNamed(session, findings, place.name, breather)
  }
}

/** Like {@link checkSecret}, for a secret that got its name after the scan had passed it. */
export async function checkSecretNamed(
  session: Session,
  findings: Findings,
  secretName: string,
  breather: Breather,
): Promise<void> {
  const records = await readSecret(session, secretName)
  if (records === null) return
  const { state } = records
  findings.names.add(secretName)
  findings.secrets.add(state === null ? secretName : toHex(state.secretId))
  checkRecords(session, findings, secretName, records)
  if (state !== null) await checkVersions(session, findings, state, records.snapshot, breather)
}

/** A secret's records from one snapshot. */
interface SecretRecords {
  readonly state: SecretState | null
  readonly snapshot: Snapshot
}

/** Repeats the read until the head names only records that were read with it. */
async function readSecret(session: Session, secretName: string): Promise<SecretRecords | null> {
  let keys: string[] = [headKey(secretName), nameKey(secretName)]
  for (;;) {
    const snapshot = await readSnapshot(session, keys)
    const head = snapshot.get(headKey(secretName))
    if (head === null && snapshot.get(nameKey(secretName)) === null) return null
    const state = tryOpenHead(session, secretName, head)
    if (state === null) return { state, snapshot }
    const wanted = keysOf(state)
    const read = new Set(keys)
    if (wanted.every((key) => read.has(key))) return { state, snapshot }
    keys = wanted
  }
}

function tryOpenHead(
  session: Session,
  secretName: string,
  head: Uint8Array | null,
): SecretState | null {
  if (head === null) return null
  try {
    return openHead(session.keys.records, secretName, head)
  } catch {
    // `checkRecords` opens the head again and reports the error.
    return null
  }
}

function keysOf(state: SecretState): string[] {
  const { secretName, secretId, plannedDeleteTime } = state
  const keys = [headKey(secretName), nameKey(secretName)]
  if (plannedDeleteTime !== null) keys.push(deletionKey(plannedDeleteTime, secretId))
  const policy = policyPlace(state)
  if (policy !== null) keys.push(policy)
  for (const version of state.versions) keys.push(versionKey(secretId, version.number))
  return keys.slice(0, STORAGE_READ_KEYS_MAX)
}

function checkRecords(
  session: Session,
  findings: Findings,
  secretName: string,
  { state, snapshot }: SecretRecords,
): void {
  const { records } = session.keys
  note(findings, headKey(secretName), () => {
    const what = `the head of secret ${secretName}`
    const head = requireRecord(snapshot, headKey(secretName), what)
    session.heads.openForScan(secretName, head, snapshot.readAt)
  })
  note(findings, nameKey(secretName), () => {
    const what = `the name record of secret ${secretName}`
    const record = requireRecord(snapshot, nameKey(secretName), what)
    const secretId = openName(records, secretName, record)
    if (state !== null && !equalBytes(secretId, state.secretId)) {
      throw new VaultError('RECORD_MISMATCH', `${what} names another secret than its head`)
    }
  })
  if (state === null) return
  checkDeletionDate(session, findings, state, snapshot)
  checkPolicy(session, findings, state, snapshot)
}

function checkPolicy(
  session: Session,
  findings: Findings,
  state: SecretState,
  snapshot: Snapshot,
): void {
  const key = policyPlace(state)
  const pin = policyPinOf(state)
  if (key === null || pin === null) return
  findings.namedKeys.add(key)
  note(findings, key, () => {
    openPolicy(session, state, pin, snapshot.get(key))
  })
}

async function checkVersions(
  session: Session,
  findings: Findings,
  state: SecretState,
  snapshot: Snapshot,
  breather: Breather,
): Promise<void> {
  for (const version of state.versions) {
    const key = versionKey(state.secretId, version.number)
    // The record of a destroyed version must be gone. If it was put back, it is a stray.
    if (version.status === 'Destroyed') continue
    findings.namedKeys.add(key)
    await breather.breathe()
    note(findings, key, () => {
      wipe(openStoredVersion(session, state, version, snapshot.get(key)).bytes)
      findings.versionCount++
    })
  }
}

function checkDeletionDate(
  session: Session,
  findings: Findings,
  { plannedDeleteTime, secretId, secretName }: SecretState,
  snapshot: Snapshot,
): void {
  if (plannedDeleteTime === null) return
  const key = deletionKey(plannedDeleteTime, secretId)
  note(findings, key, () => {
    const what = `the deletion entry of secret ${secretName}`
    openDeletionEntry(session.keys.records, key, requireRecord(snapshot, key, what))
  })
}

function requireRecord(snapshot: Snapshot, key: string, what: string): Uint8Array {
  const record = snapshot.get(key)
  if (record !== null) return record
  throw new VaultError('RECORD_MISSING', `${what} is missing`)
}

/** Checks that a deletion entry is authentic, and that the head it names has the same date. */
export async function checkDeletionEntry(
  session: Session,
  findings: Findings,
  { key, value }: StorageEntry,
): Promise<void> {
  const secretName = note(findings, key, () => {
    if (parseDeletionKey(key) === null) {
      throw new VaultError('MALFORMED_RECORD', 'a record exists at a key that no vault uses')
    }
    return openDeletionEntry(session.keys.records, key, value).secretName
  })
  if (secretName === null) return
  const snapshot = await readSnapshot(session, [key, headKey(secretName)])
  if (snapshot.get(key) === null) return
  note(findings, key, () => {
    const head = snapshot.get(headKey(secretName))
    const state =
      head === null ? null : session.heads.openForScan(secretName, head, snapshot.readAt).state
    const place = parseDeletionKey(key)
    const isNamed =
      state !== null &&
      state.plannedDeleteTime === place?.time &&
      toHex(state.secretId) === place.secretId
    if (isNamed) return
    const message = `a deletion entry has another date or id than secret ${secretName}`
    throw new VaultError('RECORD_MISMATCH', message)
  })
}
