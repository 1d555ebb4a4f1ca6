import { optionalSignal, readFields } from '@stagevault/core/request/request-fields'
import { EVERY_KEY } from '@stagevault/core/records/layout'
import type { StorageEntry } from '@stagevault/storage'
import { scanAll } from '@stagevault/storage'
import type { VerifyRequest } from '../api/requests.js'
import type { VerifyResult } from '../api/results.js'
import type { Session } from '../session.js'
import { checkDueEntry } from './check-due.js'
import { checkSecretCount } from './check-root.js'
import { checkSecret } from './check-secret.js'
import { checkStrayVersions } from './check-stray-versions.js'
import { checkVaultIsWhole, checkVaultRecord } from './check-vault-records.js'
import type { Findings } from './findings.js'
import { createFindings } from './findings.js'

const PAGE_SIZE = 256

/**
 * Looks at every record once, in order of key, so that heads come before version records. Whatever
 * involves two records is read again together, in one step: writers that work meanwhile cause no
 * false alarm.
 */
export async function verify(session: Session, input: VerifyRequest = {}): Promise<VerifyResult> {
  const fields = readFields('verify', input, ['signal', 'onProgress'])
  const signal = optionalSignal(fields)
  const onProgress = fields.get('onProgress') as VerifyRequest['onProgress']
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new TypeError('onProgress must be a function')
  }
  const findings = createFindings()

  let records = 0
  const range = { ...EVERY_KEY, pageSize: PAGE_SIZE }
  for await (const entry of scanAll(session.storage, range, signal ? { signal } : {})) {
    await checkEntry(session, findings, entry)
    records++
    if (records % PAGE_SIZE === 0) onProgress?.({ records })
  }
  await checkVaultIsWhole(session, findings)
  await checkStrayVersions(session, findings)
  await checkSecretCount(session, findings)
  onProgress?.({ records })

  const { problems, versionCount, secrets } = findings
  return { isClean: problems.length === 0, secretCount: secrets.size, versionCount, problems }
}

async function checkEntry(
  session: Session,
  findings: Findings,
  entry: StorageEntry,
): Promise<void> {
  const [kind] = entry.key.split('!', 1)
  switch (kind) {
    case 'due':
      return checkDueEntry(session, findings, entry)
    case 'secret':
      return checkSecret(session, findings, entry)
    case 'version':
      findings.versionKeys.push(entry.key)
      return
    default:
      return checkVaultRecord(session, findings, entry)
  }
}
