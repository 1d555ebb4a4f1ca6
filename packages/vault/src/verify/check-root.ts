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

/** The secrets there were, and how many the root counted. */
interface Count {
  readonly names: NamedIds
  readonly secretCount: number
}

/** The names of all secrets, with the id of each where its head opens. */
type NamedIds = ReadonlyMap<string, string | null>

/**
 * Compares the root's count of secrets with the secrets there are. It tells of a secret that was
 * removed with every trace, which no other record would miss.
 *
 * @returns the names of all secrets, or `null` where others created, renamed and deleted secrets
 *   faster than they could be counted.
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
    // While others commit, only what is found twice is taken for what there was in between.
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

/** Two names of one secret are one; a head that does not open is a secret of its own. */
function countSecrets(names: NamedIds): number {
  const ids = new Set<string>()
  for (const [name, id] of names) ids.add(id ?? name)
  return ids.size
}

function reportCount(findings: Findings, counted: number, found: number): void {
  if (counted === found) return
  note(findings, ROOT_KEY, () => {
    const message = `the vault root counts ${String(counted)} secrets; there are ${String(found)}`
    throw new VaultError('RECORD_MISMATCH', message)
  })
}

/** One secret under two names: an earlier head was put back, or a record was copied. */
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
      const message = `secrets ${other} and ${name} are one and the same`
      throw new VaultError('RECORD_MISMATCH', `${message}: deleting one deletes values of both`)
    })
  }
}

/** A secret that was renamed in between is not there under both names at one point in time. */
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
  for await (const { key, value, readAt } of scanRecords(session, SECRET_KEYS, signal)) {
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
    // It was reported when the secret was checked.
    if (isIntegrityError(error)) return null
    throw error
  }
}

/**
 * The id in an earlier head. A head that was put back under a former name may have been checked
 * before the present one was seen, and be reported by nothing but the other name of its secret.
 */
function authenticId(session: Session, secretName: string, head: Uint8Array): string {
  return toHex(openHead(session.keys.records, secretName, head).secretId)
}
