import { formatArn } from '@stagevault/core/arn'
import { STAGE_CURRENT } from '@stagevault/core/names'
import { isVaultError } from '@stagevault/core/errors'
import { stagesOf } from '@stagevault/core/model/secret-state'
import { toSecretData } from '@stagevault/core/model/value'
import type { GetSecretValue } from '@stagevault/core/request/value-requests'
import { parseBatchGet, parseGetSecretValue } from '@stagevault/core/request/value-requests'
import type { BatchGetSecretValueRequest, GetSecretValueRequest } from '../api/requests.js'
import type { BatchError, BatchGetSecretValueResult, GetSecretValueResult } from '../api/results.js'
import type { Session } from '../session/session.js'
import { authorizedRead } from '../policy/authorized-read.js'
import { readVersion } from '../records/read-version.js'

export async function getSecretValue(
  session: Session,
  input: GetSecretValueRequest,
): Promise<GetSecretValueResult> {
  const request = parseGetSecretValue(input, session.scope)
  request.signal?.throwIfAborted()
  return readValue(session, request)
}

export async function batchGetSecretValue(
  session: Session,
  input: BatchGetSecretValueRequest,
): Promise<BatchGetSecretValueResult> {
  const { requests, signal } = parseBatchGet(input, session.scope)
  signal?.throwIfAborted()
  const secretValues: GetSecretValueResult[] = []
  const errors: BatchError[] = []
  const reads = await Promise.allSettled(requests.map((request) => readValue(session, request)))
  // A reason may be any error: it is no item.
  signal?.throwIfAborted()
  for (const [i, request] of requests.entries()) {
    const read = reads[i]
    if (read?.status === 'fulfilled') secretValues.push(read.value)
    else errors.push(toItem(request, read?.reason))
  }
  return { secretValues, errors }
}

/** What concerns one secret is an item; what concerns the store or the vault fails the batch. */
function toItem(request: GetSecretValue, error: unknown): BatchError {
  if (!isVaultError(error) || error.code === 'ROLLBACK_DETECTED') throw error
  const { secretName, versionId, versionStage } = request
  return {
    secretName,
    ...(versionId === null ? {} : { versionId }),
    ...(versionStage === null ? {} : { versionStage }),
    code: error.code,
    message: error.message,
  }
}

/** Reads the version that a request selects. */
export async function readValue(
  session: Session,
  { secretName, signal, versionId, versionStage }: GetSecretValue,
): Promise<GetSecretValueResult> {
  const selector = { versionId, versionStage }
  const isCurrent = versionId === null && versionStage === null
  const operation = { versionId, versionStage: isCurrent ? STAGE_CURRENT : versionStage }
  const need = { action: 'kms:GetSecretValue', secretName, operation } as const
  const { state, version, value } = await authorizedRead(session, need, signal, (gated) =>
    readVersion(gated, secretName, selector, signal),
  )
  return {
    arn: formatArn(session.scope, state.secretName),
    secretName: state.secretName,
    secretType: state.secretType,
    ...toSecretData(value),
    versionId: version.versionId,
    versionStages: stagesOf(state, version.number),
    createTime: new Date(version.createTime),
    ...(session.isUnproved ? { isUnproved: true } : {}),
  }
}
