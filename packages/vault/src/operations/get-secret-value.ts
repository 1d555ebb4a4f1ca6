/** Reads values: of one secret, of several, and as JSON checked by a schema of the caller. */

import { formatArn } from '@stagevault/core/arn'
import { STAGE_CURRENT } from '@stagevault/core/names'
import { isVaultError } from '@stagevault/core/errors'
import { stagesOf } from '@stagevault/core/model/secret-state'
import { toSecretData } from '@stagevault/core/model/value'
import { invalid } from '@stagevault/core/request/request-fields'
import type { GetSecretValue } from '@stagevault/core/request/value-requests'
import {
  parseBatchGet,
  parseGetSecretJson,
  parseGetSecretValue,
} from '@stagevault/core/request/value-requests'
import type {
  BatchGetSecretValueRequest,
  GetSecretJsonRequest,
  GetSecretValueRequest,
} from '../api/requests.js'
import type {
  BatchError,
  BatchGetSecretValueResult,
  GetSecretJsonResult,
  GetSecretValueResult,
} from '../api/results.js'
import type { StandardSchemaIssue, StandardSchemaProps } from '../api/standard-schema.js'
import type { Session } from '../session/session.js'
import { authorizedRead } from '../policy/authorized-read.js'
import { readVersion } from '../records/read-version.js'

/** Faults that a message names, and characters of each. */
const PATHS_MAX = 10
const PATH_CHARS_MAX = 100

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
async function readValue(
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

export async function getSecretJson<Output>(
  session: Session,
  input: GetSecretJsonRequest<Output>,
): Promise<GetSecretJsonResult<Output>> {
  const { schema, ...request } = parseGetSecretJson(input, session.scope)
  const props = requireSchema<Output>(schema)
  request.signal?.throwIfAborted()
  const { secretData, secretDataType, ...version } = await readValue(session, request)
  const what = `the value of version ${version.versionId} of ${version.secretName}`
  if (secretDataType === 'binary') throw invalid(`${what} is not JSON: it is binary`)
  const checked = await check(props, parseJson(what, secretData))
  if ('paths' in checked) {
    throw invalid(`${what} does not satisfy the schema at ${listPaths(checked.paths)}`)
  }
  return { ...version, secretJson: checked.output }
}

/** What the schema offers. It is an object, or a function with properties. */
function requireSchema<Output>(schema: unknown): StandardSchemaProps<Output> {
  try {
    const props = (schema as { '~standard'?: StandardSchemaProps<Output> } | null | undefined)?.[
      '~standard'
    ]
    if (props?.version === 1 && typeof props.validate === 'function') return props
  } catch {
    // Not passed on as `cause`, like every error of a caller's function.
  }
  throw new TypeError('schema must implement Standard Schema, version 1')
}

/** No cause: the engine's message quotes the text. */
function parseJson(what: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw invalid(`${what} is not JSON`)
  }
}

/** The output of the schema, or where the value does not satisfy it. */
async function check<Output>(
  props: StandardSchemaProps<Output>,
  value: unknown,
): Promise<{ readonly output: Output } | { readonly paths: readonly string[] }> {
  try {
    const result = await props.validate(value)
    if (result.issues === undefined) return { output: result.value }
    return { paths: result.issues.map(pointerOf) }
  } catch {
    // No cause: the error may quote the value.
    throw new TypeError('the schema threw an error, or did not answer as Standard Schema says')
  }
}

/** A JSON pointer (RFC 6901). The words of the issue are left out: they may quote the value. */
function pointerOf({ path = [] }: StandardSchemaIssue): string {
  const keys = path.map((part) => String(typeof part === 'object' ? part.key : part))
  const pointer = keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  if (pointer === '') return 'its top level'
  return pointer.length > PATH_CHARS_MAX ? `${pointer.slice(0, PATH_CHARS_MAX)}…` : pointer
}

function listPaths(paths: readonly string[]): string {
  const distinct = [...new Set(paths)]
  if (distinct.length === 0) return 'a place that the schema does not name'
  const more = distinct.length - PATHS_MAX
  const named = distinct.slice(0, PATHS_MAX).join(', ')
  return more > 0 ? `${named} and ${more} more` : named
}
