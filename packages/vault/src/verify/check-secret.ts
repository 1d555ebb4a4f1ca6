import { VaultError } from '@stagevault/core/errors'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { equalBytes, toHex, wipe } from '@stagevault/core/bytes'
import { openDue, openName } from '@stagevault/core/records/index-records'
import {
  dueKey,
  headKey,
  nameKey,
  parseSecretKey,
  versionKey,
} from '@stagevault/core/records/layout'
import { openHead } from '@stagevault/core/records/head-record'
import type { StorageEntry } from '@stagevault/storage'
import { STORAGE_READ_KEYS_MAX } from '@stagevault/storage'
import { openStoredVersion } from '../versions/open-version.js'
import type { Session } from '../session/session.js'
import type { Findings } from './findings.js'
import { note } from './findings.js'

/** Checks a secret with everything its head names, when the first of its records comes by. */
export async function checkSecret(
  session: Session,
  findings: Findings,
  { key }: StorageEntry,
): Promise<void> {
  const place = parseSecretKey(key)
  if (place === null) {
    note(findings, key, () => {
      throw new VaultError('MALFORMED_RECORD', 'a record is kept where no vault keeps one')
    })
    return
  }
  if (!findings.names.has(place.name)) await checkSecretNamed(session, findings, place.name)
}

/** The same for a secret that got its name when that place had been passed. */
export async function checkSecretNamed(
  session: Session,
  findings: Findings,
  secretName: string,
): Promise<void> {
  const asked = session.memory.now()
  const records = await readSecret(session, secretName)
  if (records === null) return
  const { state } = records
  findings.names.add(secretName)
  findings.secrets.add(state === null ? secretName : toHex(state.secretId))
  checkRecords(session, findings, secretName, records, asked)
}

/** A secret's records from one point in time, by their keys. */
interface SecretRecords {
  readonly state: SecretState | null
  readonly values: ReadonlyMap<string, Uint8Array | null>
}

/** Reads until the head that says what to read is still the one that was read with it. */
async function readSecret(session: Session, secretName: string): Promise<SecretRecords | null> {
  let keys: string[] = [headKey(secretName), nameKey(secretName)]
  for (;;) {
    const found = await session.storage.read(keys)
    const values = new Map(keys.map((key, i) => [key, found[i] ?? null]))
    const head = values.get(headKey(secretName)) ?? null
    if (head === null && (values.get(nameKey(secretName)) ?? null) === null) return null
    const state = tryOpenHead(session, secretName, head)
    if (state === null) return { state, values }
    const wanted = keysOf(state)
    if (wanted.every((key) => values.has(key))) return { state, values }
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
    // Reported by `checkRecords`, which opens it again.
    return null
  }
}

function keysOf(state: SecretState): string[] {
  const { secretName, secretId, plannedDeleteTime } = state
  const keys = [headKey(secretName), nameKey(secretName)]
  if (plannedDeleteTime !== null) keys.push(dueKey(plannedDeleteTime, secretId))
  for (const version of state.versions) keys.push(versionKey(secretId, version.number))
  return keys.slice(0, STORAGE_READ_KEYS_MAX)
}

function checkRecords(
  session: Session,
  findings: Findings,
  secretName: string,
  { state, values }: SecretRecords,
  asked: number,
): void {
  const { records } = session.keys
  note(findings, headKey(secretName), () => {
    const head = requireRecord(values, headKey(secretName), `the head of secret ${secretName}`)
    session.heads.peek(secretName, head, asked)
  })
  note(findings, nameKey(secretName), () => {
    const what = `the name record of secret ${secretName}`
    const secretId = openName(records, secretName, requireRecord(values, nameKey(secretName), what))
    if (state !== null && !equalBytes(secretId, state.secretId)) {
      throw new VaultError('RECORD_MISMATCH', `${what} names another secret than its head`)
    }
  })
  if (state === null) return
  checkDueDate(session, findings, state, values)
  for (const version of state.versions) {
    const key = versionKey(state.secretId, version.number)
    // The record of a destroyed version is gone; one that was put back is a stray.
    if (version.status === 'Destroyed') continue
    findings.namedVersionKeys.add(key)
    note(findings, key, () => {
      wipe(openStoredVersion(session, state, version, values.get(key) ?? null).bytes)
      findings.versionCount++
    })
  }
}

function checkDueDate(
  session: Session,
  findings: Findings,
  state: SecretState,
  values: ReadonlyMap<string, Uint8Array | null>,
): void {
  const { plannedDeleteTime, secretId, secretName } = state
  if (plannedDeleteTime === null) return
  const key = dueKey(plannedDeleteTime, secretId)
  note(findings, key, () => {
    const what = `the deletion entry of secret ${secretName}`
    openDue(session.keys.records, key, requireRecord(values, key, what))
  })
}

function requireRecord(
  values: ReadonlyMap<string, Uint8Array | null>,
  key: string,
  what: string,
): Uint8Array {
  const record = values.get(key) ?? null
  if (record !== null) return record
  throw new VaultError('RECORD_MISSING', `${what} is missing`)
}
