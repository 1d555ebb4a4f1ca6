import { VaultError } from '@stagevault/core/errors'
import { STRAY_PASSES_MAX } from '@stagevault/core/limits'
import { toHex } from '@stagevault/core/bytes'
import type { SecretState } from '@stagevault/core/model/secret-state'
import {
  POLICY_KEYS,
  SECRET_KEYS,
  headKey,
  parseSecretKey,
  versionKey,
} from '@stagevault/core/records/layout'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import { policyPlace } from '../records/policy-place.js'
import { scanRecords, readSnapshot } from '../records/snapshot.js'
import type { Breather } from '../platform/breather.js'
import type { Session } from '../session/session.js'
import type { Findings } from './findings.js'
import { note } from './findings.js'

/**
 * Finds version records and policies that no head names: they remained when a secret's head was
 * removed, or were put back after an eviction or another policy. A pass may miss a secret under
 * both names while it is renamed. So a record is reported only if two passes find it unnamed and
 * its secret under the same name.
 *
 * @returns `false` if other handles renamed secrets faster than their records could be checked
 */
export async function checkStrayRecords(
  session: Session,
  findings: Findings,
  signal: AbortSignalLike | undefined,
  breather: Breather,
): Promise<boolean> {
  let suspects = findings.ownedKeys.filter((key) => !findings.namedKeys.has(key))
  let before: ReadonlyMap<string, string> | null = null
  for (let pass = 0; pass < STRAY_PASSES_MAX && suspects.length > 0; pass++) {
    const names = await namesById(session, signal, breather)
    const unsettled: string[] = []
    for (const key of suspects) {
      signal?.throwIfAborted()
      await breather.breathe()
      const secretId = ownerIn(key)
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
    const what = key.startsWith(POLICY_KEYS.start) ? 'policy of a secret' : 'version record'
    throw new VaultError('RECORD_MISMATCH', `no head names this ${what}`)
  })
}

/** The id of the secret, in hexadecimal, in the key of a version record or of a policy. */
function ownerIn(key: string): string {
  const [, secretId = ''] = key.split('!')
  return secretId
}

/** Whether a record exists that no head names, in one snapshot. */
async function isUnnamed(
  session: Session,
  key: string,
  secretName: string | undefined,
): Promise<boolean> {
  const keys = secretName === undefined ? [key] : [key, headKey(secretName)]
  const snapshot = await readSnapshot(session, keys)
  if (snapshot.get(key) === null) return false
  const head = secretName === undefined ? null : snapshot.get(headKey(secretName))
  if (secretName === undefined || head === null) return true
  const { state } = session.heads.openForScan(secretName, head, snapshot.readAt)
  return !namesRecord(state, key)
}

/** The keys contain the secret's id, so a head never names a record of another secret. */
function namesRecord(state: SecretState, key: string): boolean {
  if (policyPlace(state) === key) return true
  return state.versions.some(
    ({ number, status }) => status !== 'Destroyed' && versionKey(state.secretId, number) === key,
  )
}

/** The names of all secrets by id, including secrets created since the heads were checked. */
async function namesById(
  session: Session,
  signal: AbortSignalLike | undefined,
  breather: Breather,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  const { readAt, entries } = scanRecords(session, SECRET_KEYS, signal)
  for await (const { key, value } of entries) {
    await breather.breathe()
    const place = parseSecretKey(key)
    if (place?.part !== 'head') continue
    try {
      const { state } = session.heads.openForScan(place.name, value, readAt)
      names.set(toHex(state.secretId), place.name)
    } catch {
      // A head that does not open was already reported; its versions are strays, too.
    }
  }
  return names
}
