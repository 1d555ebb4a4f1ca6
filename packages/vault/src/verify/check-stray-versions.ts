import { VaultError } from '@stagevault/core/errors'
import { STRAY_PASSES_MAX } from '@stagevault/core/limits'
import { toHex } from '@stagevault/core/bytes'
import {
  SECRET_KEYS,
  headKey,
  parseSecretKey,
  parseVersionKey,
} from '@stagevault/core/records/layout'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import { scanRecords, readSnapshot } from '../records/snapshot.js'
import type { Breather } from '../platform/breather.js'
import type { Session } from '../session/session.js'
import type { Findings } from './findings.js'
import { note } from './findings.js'

/**
 * Finds version records that no head names: left behind by a secret whose head was removed, or put
 * back after an eviction. A secret that is renamed meanwhile may be missed under both names, so
 * only what is a stray in two passes, of a secret in the same place, is one.
 *
 * @returns `false` where others renamed secrets faster than their records could be looked at.
 */
export async function checkStrayVersions(
  session: Session,
  findings: Findings,
  signal: AbortSignalLike | undefined,
  breather: Breather,
): Promise<boolean> {
  let suspects = findings.versionKeys.filter((key) => !findings.namedVersionKeys.has(key))
  let before: ReadonlyMap<string, string> | null = null
  for (let pass = 0; pass < STRAY_PASSES_MAX && suspects.length > 0; pass++) {
    const names = await namesById(session, signal, breather)
    const unsettled: string[] = []
    for (const key of suspects) {
      signal?.throwIfAborted()
      await breather.breathe()
      const secretId = parseVersionKey(key)?.secretId ?? ''
      if (!(await isUnnamed(session, key, names.get(secretId)))) continue
      if (before?.get(secretId) !== names.get(secretId) || before === null) unsettled.push(key)
      else reportStray(findings, key)
    }
    suspects = unsettled
    before = names
  }
  return suspects.length === 0
}

function reportStray(findings: Findings, key: string): void {
  note(findings, key, () => {
    throw new VaultError('RECORD_MISMATCH', 'a version record that no head names')
  })
}

/** Whether a version record is there, and no head names it, at one point in time. */
async function isUnnamed(
  session: Session,
  key: string,
  secretName: string | undefined,
): Promise<boolean> {
  const place = parseVersionKey(key)
  const keys = secretName === undefined ? [key] : [key, headKey(secretName)]
  const snapshot = await readSnapshot(session, keys)
  if (snapshot.get(key) === null) return false
  const head = secretName === undefined ? null : snapshot.get(headKey(secretName))
  if (secretName === undefined || head === null || place === null) return true
  const { state } = session.heads.openForScan(secretName, head, snapshot.readAt)
  // Another secret that has the name by now says nothing of this one's versions.
  return (
    toHex(state.secretId) !== place.secretId ||
    !state.versions.some(({ number, status }) => number === place.number && status !== 'Destroyed')
  )
}

/** The secrets of the vault by id; those that came since the heads were checked included. */
async function namesById(
  session: Session,
  signal: AbortSignalLike | undefined,
  breather: Breather,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for await (const { key, value, readAt } of scanRecords(session, SECRET_KEYS, signal)) {
    await breather.breathe()
    const place = parseSecretKey(key)
    if (place?.part !== 'head') continue
    try {
      const { state } = session.heads.openForScan(place.name, value, readAt)
      names.set(toHex(state.secretId), place.name)
    } catch {
      // A head that does not open was reported already; its versions are strays as well.
    }
  }
  return names
}
