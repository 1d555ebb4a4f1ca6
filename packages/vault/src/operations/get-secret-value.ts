import { formatArn } from '@stagevault/core/arn'
import { VaultError } from '@stagevault/core/errors'
import { COMMIT_ATTEMPTS_MAX } from '@stagevault/core/limits'
import { isDeletionDue, requireNotScheduled } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState, VersionState } from '@stagevault/core/model/secret-state'
import { stagesOf } from '@stagevault/core/model/secret-state'
import type { VersionSelector } from '@stagevault/core/model/select-version'
import { selectVersion } from '@stagevault/core/model/select-version'
import { toSecretData } from '@stagevault/core/model/value'
import { headKey, nameKey, versionKey } from '@stagevault/core/records/layout'
import type { GetSecretValue } from '@stagevault/core/request/value-requests'
import { parseBatchGet, parseGetSecretValue } from '@stagevault/core/request/value-requests'
import type { BatchGetSecretValueRequest, GetSecretValueRequest } from '../api/requests.js'
import type {
  BatchError,
  BatchGetSecretValueResult,
  GetSecretValueResult,
} from '../api/results.js'
import { requireHead } from '../heads/find-head.js'
import { openStoredVersionSoon } from '../versions/open-version.js'
import type { Session } from '../session/session.js'

export async function getSecretValue(
  session: Session,
  input: GetSecretValueRequest,
): Promise<GetSecretValueResult> {
  return readValue(session, parseGetSecretValue(input, session.scope))
}

export async function batchGetSecretValue(
  session: Session,
  input: BatchGetSecretValueRequest,
): Promise<BatchGetSecretValueResult> {
  const requests = parseBatchGet(input, session.scope)
  const secretValues: GetSecretValueResult[] = []
  const errors: BatchError[] = []
  const reads = await Promise.allSettled(requests.map((request) => readValue(session, request)))
  for (const [i, request] of requests.entries()) {
    const read = reads[i]
    if (read?.status === 'fulfilled') secretValues.push(read.value)
    else errors.push(toItem(request, read?.reason))
  }
  return { secretValues, errors }
}

/** What concerns one secret is an item; what concerns the store or the vault fails the batch. */
function toItem(request: GetSecretValue, error: unknown): BatchError {
  if (!(error instanceof VaultError)) throw error
  const { secretName, versionId, versionStage } = request
  return {
    secretName,
    ...(versionId === null ? {} : { versionId }),
    ...(versionStage === null ? {} : { versionStage }),
    code: error.code,
    message: error.message,
  }
}

/**
 * Reads head and version in one step, at the version that the head named last time. Where that
 * guess was wrong the head just read names the right one. As both come from one point in time, a
 * version that is missing then was not evicted in between: it is lost.
 */
async function readValue(
  session: Session,
  request: GetSecretValue,
): Promise<GetSecretValueResult> {
  const { secretName } = request
  let head = session.heads.guess(secretName) ?? await requireHead(session, secretName)
  for (let attempt = 0; attempt < COMMIT_ATTEMPTS_MAX; attempt++) {
    const guess = guessKey(head.state, request)
    const asked = session.memory.now()
    const [bytes = null, record = null] = await session.storage.read([headKey(secretName), guess])
    const found = bytes === null ? null : session.heads.tryOpen(secretName, bytes, asked)
    if (found === null || isDeletionDue(found.state, session.now())) {
      head = await requireHead(session, secretName)
      continue
    }
    const { state } = found
    requireNotScheduled(state)
    const version = selectVersion(state, request)
    const wanted = versionKey(state.secretId, version.number)
    if (guess === wanted) return toResult(session, state, version, record)
    head = found
  }
  throw new VaultError('CONFLICT', `secret ${secretName} changes faster than it can be read`)
}

function guessKey(state: SecretState, request: VersionSelector): string {
  try {
    return versionKey(state.secretId, selectVersion(state, request).number)
  } catch {
    // What the head said last time may no longer hold; the stored head decides.
    return nameKey(state.secretName)
  }
}

async function toResult(
  session: Session,
  state: SecretState,
  version: VersionState,
  record: Uint8Array | null,
): Promise<GetSecretValueResult> {
  const value = await openStoredVersionSoon(session, state, version, record)
  return {
    arn: formatArn(session.scope, state.secretName),
    secretName: state.secretName,
    secretType: state.secretType,
    secretData: toSecretData(value),
    secretDataType: value.type,
    versionId: version.versionId,
    versionStages: stagesOf(state, version.number),
    createTime: new Date(version.createTime),
  }
}
