import { optionalSignal, readFields } from '@stagevault/core/request/request-fields'
import { ACCESS_LIST_KEY, EVERY_KEY } from '@stagevault/core/records/layout'
import type { StorageEntry } from '@stagevault/storage'
import type { VerifyRequest } from '../api/requests.js'
import type { VerifyResult } from '../api/results.js'
import { scanRecords } from '../records/snapshot.js'
import type { Breather } from '../platform/breather.js'
import { createBreather } from '../platform/breather.js'
import type { Session } from '../session/session.js'
import { checkAccess } from './check-access.js'
import { checkSecretCount } from './check-root.js'
import { checkDeletionEntry, checkSecret, checkSecretNamed } from './check-secret.js'
import { checkStrayRecords } from './check-stray-records.js'
import { checkVaultIsWhole, checkVaultRecord } from './check-vault-records.js'
import type { Findings } from './findings.js'
import { createFindings } from './findings.js'
import { progressOf } from './findings.js'

/**
 * Checks every record once, in key order, so that heads come before version records. Checks that
 * involve two records read both again in one snapshot, so concurrent writers cause no false
 * problems.
 */
export async function verify(session: Session, input: VerifyRequest = {}): Promise<VerifyResult> {
  const fields = readFields('verify', input, ['signal', 'onProgress'])
  const signal = optionalSignal(fields) ?? undefined
  const progress = progressOf(fields)
  const findings = createFindings()
  const breather = createBreather()

  for await (const entry of scanRecords(session, EVERY_KEY, signal).entries) {
    await breather.breathe()
    await checkEntry(session, findings, entry, breather)
    progress.record()
  }
  await checkVaultIsWhole(session, findings)
  await checkAccess(session, findings, signal, breather)
  const names = await checkSecretCount(session, findings, signal, breather)
  for (const name of names ?? []) {
    signal?.throwIfAborted()
    await breather.breathe()
    if (!findings.names.has(name)) {
      await checkSecretNamed(session, findings, name, breather)
    }
  }
  const isSettled = await checkStrayRecords(session, findings, signal, breather)
  progress.end()
  return resultOf(findings, isSettled && names !== null)
}

function resultOf(findings: Findings, isComplete: boolean): VerifyResult {
  const { problems, versionCount, secrets } = findings
  const isClean = isComplete && problems.length === 0
  return { isClean, isComplete, secretCount: secrets.size, versionCount, problems }
}

async function checkEntry(
  session: Session,
  findings: Findings,
  entry: StorageEntry,
  breather: Breather,
): Promise<void> {
  const [kind] = entry.key.split('!', 1)
  switch (kind) {
    case 'due':
      return checkDeletionEntry(session, findings, entry)
    case 'secret':
      return checkSecret(session, findings, entry, breather)
    case 'version':
    case 'policy':
      findings.ownedKeys.push(entry.key)
      return
    case 'access':
      if (entry.key !== ACCESS_LIST_KEY) findings.accessKeys.push(entry.key)
      return
    default:
      return checkVaultRecord(session, findings, entry)
  }
}
