import { toHex } from '@stagevault/core/bytes'
import { VaultError, codeOf, isIntegrityError } from '@stagevault/core/errors'
import { SECRET_COUNTS_MAX } from '@stagevault/core/limits'
import { openHead } from '@stagevault/core/records/head-record'
import { ROOT_KEY, SECRET_KEYS, headKey, parseSecretKey } from '@stagevault/core/records/layout'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import { scanRecords, readSnapshot, rootIn } from '../records/snapshot.js'
import type { Breather } from '../platform/breather.js'
import type { Session } from '../session/session.js'
import type { Findings } from './findings.js'
import { note } from './findings.js'

/** The secrets found by a scan, and the root's count. */
interface Count {
  readonly names: NamedIds
  readonly secretCount: number
}

/** The names of all secrets, each with its id, or `null` if its head does not open. */
type NamedIds = ReadonlyMap<string, string | null>

/**
 * Compares the root's count of secrets with the stored secrets. This detects a secret whose records
 * were all removed, which no other record would show.
 *
 * @returns the names of all secrets, or `null` if other handles created, renamed and deleted
 *   secrets faster than they could be counted
 */
export async function checkSecretCount(
  session: Session,
  findings: Findings,
  signal: AbortSignalLike | undefined,
  breather: Breather,
): Promise<ReadonlySet<string> | null> {
  let before: Count | null = null
  for (let i = 0; i < SECRET_COUNTS_MAX; i++) {
    const first = await readRoot(session, findings)
    const names = await readNames(session, signal, breather)
    const second = await readRoot(session, findings)
    if (first === null || second === null) return new Set(names.keys())
    // During commits of other handles, only a result that two scans agree on is trusted.
    const { secretCount } = first
    const isSteady = first.epoch === second.epoch || isSameCount(before, { names, secretCount })
    before = secretCount === second.secretCount ? { names, secretCount } : null
    if (before === null || !isSteady) continue
    await reportTwins(session, findings, names, breather)
    reportCount(findings, secretCount, countSecrets(names))
    return new Set(names.keys())
  }
  return null
}

async function readRoot(
  session: Session,
  findings: Findings,
): Promise<{ readonly epoch: number; readonly secretCount: number } | null> {
  const snapshot = await readSnapshot(session, [ROOT_KEY])
  if (session.isUnproved) return null
  return note(findings, ROOT_KEY, () => rootIn(session, snapshot).state)
}

function isSameCount(a: Count | null, b: Count): boolean {
  return (
    a !== null &&
    a.secretCount === b.secretCount &&
    a.names.size === b.names.size &&
    [...a.names].every(([name, id]) => b.names.get(name) === id)
  )
}

/** Two names of one secret count once; a head that does not open counts as one secret. */
function countSecrets(names: NamedIds): number {
  const ids = new Set<string>()
  for (const [name, id] of names) ids.add(id ?? name)
  return ids.size
}

function reportCount(findings: Findings, counted: number, found: number): void {
  if (counted === found) return
  note(findings, ROOT_KEY, () => {
    const message = `the vault root counts ${String(counted)} secrets, not ${String(found)}`
    throw new VaultError('RECORD_MISMATCH', message)
  })
}

/** Reports a secret under two names: an earlier head was put back, or a record was copied. */
async function reportTwins(
  session: Session,
  findings: Findings,
  names: NamedIds,
  breather: Breather,
): Promise<void> {
  const byId = new Map<string, string>()
  for (const [name, id] of names) {
    await breather.breathe()
    if (id === null) continue
    const other = byId.get(id)
    byId.set(id, name)
    if (other === undefined || !(await areTwins(session, other, name))) continue
    note(findings, headKey(name), () => {
      const message = `secrets ${other} and ${name} are the same secret`
      throw new VaultError('RECORD_MISMATCH', `${message}: deleting one deletes values of both`)
    })
  }
}

/** Reads both heads in one snapshot, in which a secret that is being renamed has one name only. */
async function areTwins(session: Session, one: string, other: string): Promise<boolean> {
  const snapshot = await readSnapshot(session, [headKey(one), headKey(other)])
  const ids = [one, other].map((name) =>
    idOf(session, name, snapshot.get(headKey(name)), snapshot.readAt),
  )
  return ids[0] !== null && ids[0] === ids[1]
}

async function readNames(
  session: Session,
  signal: AbortSignalLike | undefined,
  breather: Breather,
): Promise<NamedIds> {
  const names = new Map<string, string | null>()
  const { readAt, entries } = scanRecords(session, SECRET_KEYS, signal)
  for await (const { key, value } of entries) {
    await breather.breathe()
    const place = parseSecretKey(key)
    if (place?.part === 'head') names.set(place.name, idOf(session, place.name, value, readAt))
  }
  return names
}

function idOf(
  session: Session,
  secretName: string,
  head: Uint8Array | null,
  readAt: number,
): string | null {
  if (head === null) return null
  try {
    return session.heads.openForScan(secretName, head, readAt).id
  } catch (error) {
    if (codeOf(error) === 'ROLLBACK_DETECTED') return authenticId(session, secretName, head)
    // Already reported when the secret was checked.
    if (isIntegrityError(error)) return null
    throw error
  }
}

/**
 * The id in an earlier head. A head that was put back under a former name may have been checked
 * before the current one was seen; then only the secret's second name reveals it.
 */
function authenticId(session: Session, secretName: string, head: Uint8Array): string {
  return toHex(openHead(session.keys.records, secretName, head).secretId)
}
