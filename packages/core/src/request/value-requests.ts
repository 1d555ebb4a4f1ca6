/** Requests about values and versions: from what the caller passed to what the model speaks of. */

import type { ArnScope } from '../arn.js'
import { isBytes, wipe } from '../bytes.js'
import type { VaultError } from '../errors.js'
import { parseExtendedConfig, parseTags } from './metadata-requests.js'
import {
  BATCH_SECRETS_MAX,
  DESCRIPTION_CHARS_MAX,
  STAGE_LABEL_CHARS_MAX,
  STORED_VALUE_BYTES_MAX,
} from '../limits.js'
import type { VaultLimits } from '../limits.js'
import type { SecretType } from '../names.js'
import {
  SECRET_TYPES,
  STAGE_CURRENT,
  STAGE_PENDING,
  STAGE_PREVIOUS,
  parseNewSecretName,
  parseStageLabel,
  parseVersionId,
} from '../names.js'
import type { AbortSignalLike, Fields, SecretRequest } from './request-fields.js'
import {
  asText,
  invalid,
  list,
  optionalBoundedText,
  optionalList,
  optionalSignal,
  optionalText,
  readFields,
  requireDistinct,
  secretNameOf,
  text,
} from './request-fields.js'
import type { Tag } from '../model/secret-state.js'
import type { VersionSelector } from '../model/select-version.js'
import type { StageMove } from '../model/stages.js'
import { encodeText } from '../text.js'
import type { SecretValue } from '../model/value.js'

export interface CreateSecret extends SecretRequest {
  readonly secretType: SecretType
  readonly versionId: string | null
  readonly value: SecretValue
  readonly description: string
  readonly tags: readonly Tag[]
  readonly extendedConfig: string
}

export function parseCreateSecret(input: unknown, scope: ArnScope): CreateSecret {
  const fields = readFields('createSecret', input, [
    'secretName',
    'secretData',
    'secretDataType',
    'secretType',
    'versionId',
    'description',
    'tags',
    'extendedConfig',
    'signal',
  ])
  const secretName = parseNewSecretName('secretName', secretNameOf(fields, scope))
  const secretType = parseSecretType(optionalText(fields, 'secretType') ?? 'Generic')
  return {
    secretName,
    secretType,
    versionId: optionalVersionId(fields, 'versionId'),
    description: optionalBoundedText(fields, 'description', DESCRIPTION_CHARS_MAX) ?? '',
    tags: parseTags(fields, 0) ?? [],
    extendedConfig: parseExtendedConfig(fields.get('extendedConfig')),
    signal: optionalSignal(fields),
    // Last: once there is a copy of the value, nothing is refused that would leave it behind.
    value: parseValue(fields),
  }
}

function parseSecretType(type: string): SecretType {
  const known = SECRET_TYPES.find((candidate) => candidate === type)
  if (known === undefined) throw invalid(`secretType must be one of ${SECRET_TYPES.join(', ')}`)
  return known
}

export interface PutSecretValue extends SecretRequest {
  readonly versionId: string | null
  readonly stages: readonly string[]
  readonly value: SecretValue
  readonly expectedCurrentVersionId: string | null
}

export function parsePutSecretValue(input: unknown, scope: ArnScope): PutSecretValue {
  const fields = readFields('putSecretValue', input, [
    'secretName',
    'secretData',
    'secretDataType',
    'versionId',
    'versionStages',
    'expectedCurrentVersionId',
    'signal',
  ])
  return {
    secretName: secretNameOf(fields, scope),
    versionId: optionalVersionId(fields, 'versionId'),
    stages: parsePutStages(fields),
    expectedCurrentVersionId: optionalVersionId(fields, 'expectedCurrentVersionId'),
    signal: optionalSignal(fields),
    value: parseValue(fields),
  }
}

/** LBL-5: not empty, distinct, and neither of the labels that only the vault itself sets. */
function parsePutStages(fields: Fields): string[] {
  const stages = optionalList(fields, 'versionStages', [1, STAGE_LABEL_CHARS_MAX], (item) =>
    parseStageLabel('a label in versionStages', asText('a label in versionStages', item)),
  )
  if (stages === null) return [STAGE_CURRENT]
  requireDistinct('versionStages', stages)
  for (const automatic of [STAGE_PREVIOUS, STAGE_PENDING]) {
    if (stages.includes(automatic)) throw invalid(`versionStages may not hold ${automatic}`)
  }
  // How many a secret may have is for the state to decide (LBL-8), after VER-3.
  return stages
}

/**
 * The value, copied: the caller's buffer may change while the vault waits for the store.
 *
 * Its size is bounded by what any vault allows: the limit of this vault may have changed.
 */
function parseValue(fields: Fields): SecretValue {
  const data = fields.get('secretData')
  const type = optionalText(fields, 'secretDataType')
  if (type !== null && type !== 'text' && type !== 'binary') {
    throw invalid('secretDataType must be text or binary')
  }
  const isText = typeof data === 'string'
  if (!isText && !isBytes(data)) {
    throw new TypeError('secretData must be a string or a Uint8Array')
  }
  if (type !== null && type !== (isText ? 'text' : 'binary')) {
    throw invalid('secretDataType is text for a string and binary for a Uint8Array')
  }
  const most = STORED_VALUE_BYTES_MAX
  // A unit of text is at least a byte: what is far too long is not encoded to be refused.
  if (data.length > most) throw wrongSize(most)
  const bytes = isText ? encodeText('secretData', data) : new Uint8Array(data)
  // Not told by the range: its end is not this vault's limit.
  if (bytes.length === 0) throw invalid('secretData must not be empty')
  if (bytes.length > most) {
    wipe(bytes)
    throw wrongSize(most)
  }
  return { type: isText ? 'text' : 'binary', bytes }
}

/** @throws {@link VaultError} `INVALID_PARAMETER` for a value outside the limits. */
export function requireValueSize(bytes: Uint8Array, limits: VaultLimits): void {
  const most = limits.secretValueBytesMax
  if (bytes.length < 1 || bytes.length > most) throw wrongSize(most)
}

function wrongSize(most: number): VaultError {
  return invalid(`secretData must have 1 to ${String(most)} bytes`)
}

export interface GetSecretValue extends VersionSelector, SecretRequest {}

export interface BatchGet {
  readonly requests: readonly GetSecretValue[]
  readonly signal: AbortSignalLike | null
}

const SELECTOR_FIELDS = ['secretName', 'versionId', 'versionStage']
const GET_FIELDS = [...SELECTOR_FIELDS, 'signal']

export function parseGetSecretValue(input: unknown, scope: ArnScope): GetSecretValue {
  const fields = readFields('getSecretValue', input, GET_FIELDS)
  return selectorOf(fields, scope, optionalSignal(fields))
}

export interface GetSecretJson extends GetSecretValue {
  /** For the vault to check and call. */
  readonly schema: unknown
}

export function parseGetSecretJson(input: unknown, scope: ArnScope): GetSecretJson {
  const fields = readFields('getSecretJson', input, [...GET_FIELDS, 'schema'])
  const schema = fields.get('schema')
  return { ...selectorOf(fields, scope, optionalSignal(fields)), schema }
}

function selectorOf(
  fields: Fields,
  scope: ArnScope,
  signal: AbortSignalLike | null,
): GetSecretValue {
  const stage = optionalText(fields, 'versionStage')
  return {
    secretName: secretNameOf(fields, scope),
    versionId: optionalVersionId(fields, 'versionId'),
    versionStage: stage === null ? null : parseStageLabel('versionStage', stage),
    signal,
  }
}

/** All items are checked before the first is read; one signal is that of them all. */
export function parseBatchGet(input: unknown, scope: ArnScope): BatchGet {
  const fields = readFields('batchGetSecretValue', input, ['secretsList', 'signal'])
  const signal = optionalSignal(fields)
  const requests = list(fields, 'secretsList', [1, BATCH_SECRETS_MAX], (item) =>
    selectorOf(readFields('an item of secretsList', item, SELECTOR_FIELDS), scope, signal),
  )
  return { requests, signal }
}

export interface UpdateSecretVersionStage extends StageMove, SecretRequest {}

export function parseUpdateStage(input: unknown, scope: ArnScope): UpdateSecretVersionStage {
  const fields = readFields('updateSecretVersionStage', input, [
    'secretName',
    'versionStage',
    'removeFromVersion',
    'moveToVersion',
    'signal',
  ])
  return {
    secretName: secretNameOf(fields, scope),
    stage: parseStageLabel('versionStage', text(fields, 'versionStage')),
    removeFrom: optionalVersionId(fields, 'removeFromVersion'),
    moveTo: optionalVersionId(fields, 'moveToVersion'),
    signal: optionalSignal(fields),
  }
}

/** A request that names one version of one secret. */
export interface VersionRequest extends SecretRequest {
  readonly versionId: string
}

export function parseVersionRequest(
  operation: string,
  input: unknown,
  scope: ArnScope,
): VersionRequest {
  const fields = readFields(operation, input, ['secretName', 'versionId', 'signal'])
  return {
    secretName: secretNameOf(fields, scope),
    versionId: parseVersionId('versionId', text(fields, 'versionId')),
    signal: optionalSignal(fields),
  }
}

function optionalVersionId(fields: Fields, name: string): string | null {
  const value = optionalText(fields, name)
  return value === null ? null : parseVersionId(name, value)
}
