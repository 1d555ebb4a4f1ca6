/** Reading the naive twin of a vault: finding secrets, values, descriptions and lists. */

import type { Filter, GetSecretValueRequest } from 'stagevault'
import type { NaiveLimits, NaiveSecret } from './naive-secret.js'
import { Refusal, refuse, selectReadable } from './naive-secret.js'
import type { WalkSecretsRequest, WalkVersionsRequest } from './operation.js'
import { ACCOUNT_ID, REGION } from './scope.js'

export interface NaiveStore {
  readonly now: number
  limits: NaiveLimits
  secrets: NaiveSecret[]
}

export const ARN_PREFIX = `acs:kms:${REGION}:${ACCOUNT_ID}:secret/`

/** The name in a name or an ARN. */
export function nameOf(nameOrArn: string): string {
  const isArn = nameOrArn.startsWith(ARN_PREFIX)
  const name = isArn ? nameOrArn.slice(ARN_PREFIX.length) : nameOrArn
  return checkNameText(name)
}

function checkNameText(text: string): string {
  return /^[A-Za-z0-9_/+=.@-]{1,192}$/.test(text) ? text : refuse('INVALID_PARAMETER')
}

export function find(store: NaiveStore, nameOrArn: string): NaiveSecret {
  const name = nameOf(nameOrArn)
  return store.secrets.find(({ secretName }) => secretName === name) ?? refuse('SECRET_NOT_FOUND')
}

export function findActive(store: NaiveStore, nameOrArn: string): NaiveSecret {
  const secret = find(store, nameOrArn)
  return secret.plannedDeleteTime === null ? secret : refuse('SECRET_IN_DELETE_WINDOW')
}

/** LBL-2: a case variant of a built-in label is a slip. */
export function checkLabelCase(label: string): void {
  const builtIn = ['ACSCurrent', 'ACSPrevious', 'ACSPending']
  const isVariant = builtIn.some((each) => each.toLowerCase() === label.toLowerCase())
  if (isVariant && !builtIn.includes(label)) refuse('INVALID_PARAMETER')
}

export function readValue(store: NaiveStore, request: GetSecretValueRequest): object {
  if (request.versionStage !== undefined) checkLabelCase(request.versionStage)
  const secret = findActive(store, request.secretName)
  const version = selectReadable(secret, request.versionId, request.versionStage)
  return {
    arn: ARN_PREFIX + secret.secretName,
    secretName: secret.secretName,
    secretType: 'Generic',
    secretData: version.value,
    secretDataType: typeof version.value === 'string' ? 'text' : 'binary',
    versionId: version.versionId,
    versionStages: version.stages,
    createTime: new Date(version.createTime),
  }
}

export function readBatch(store: NaiveStore, requests: readonly GetSecretValueRequest[]): object {
  const secretValues: object[] = []
  const errors: { secretName: string; code: string }[] = []
  for (const request of requests) {
    const secretName = nameOf(request.secretName)
    if (request.versionStage !== undefined) checkLabelCase(request.versionStage)
    try {
      secretValues.push(readValue(store, request))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      errors.push({ secretName, code: error.code })
    }
  }
  return { secretValues, errors }
}

export function metadataOf(secret: NaiveSecret): object {
  const { extendedConfig, plannedDeleteTime } = secret
  return {
    arn: ARN_PREFIX + secret.secretName,
    secretName: secret.secretName,
    secretType: 'Generic',
    description: secret.description,
    tags: secret.tags,
    ...(extendedConfig === null ? {} : { extendedConfig }),
    createTime: new Date(secret.createTime),
    updateTime: new Date(secret.updateTime),
    ...(plannedDeleteTime === null ? {} : { plannedDeleteTime: new Date(plannedDeleteTime) }),
  }
}

/** @throws Refusal before anything is looked at. */
export function checkWalk(request: WalkSecretsRequest): void {
  const { secretNamePrefix = '', filters = [], pageSize = 10 } = request
  if (secretNamePrefix !== '') checkNameText(secretNamePrefix)
  checkPageSize(pageSize)
  if (new Set(filters.map(({ key }) => key)).size < filters.length) refuse('INVALID_PARAMETER')
}

export function walkSecrets(store: NaiveStore, request: WalkSecretsRequest): object[][] {
  const { secretNamePrefix = '', filters = [], pageSize = 10 } = request
  const rows = store.secrets
    .filter(({ secretName }) => secretName.startsWith(secretNamePrefix))
    .filter((secret) => filters.every((filter) => matches(secret, filter)))
    .sort((a, b) => (a.secretName < b.secretName ? -1 : 1))
  return paged(rows.map(metadataOf), pageSize)
}

/** Values of one key are ORed, keys ANDed; text matches by part and in any case. */
function matches(secret: NaiveSecret, { key, values }: Filter): boolean {
  const has = (text: string, part: string): boolean =>
    text.toLowerCase().includes(part.toLowerCase())
  return values.some((value) => {
    if (key === 'SecretName') return has(secret.secretName, value)
    if (key === 'Description') return has(secret.description, value)
    if (key === 'TagKey') return secret.tags.some(({ tagKey }) => tagKey === value)
    if (key === 'TagValue') return secret.tags.some(({ tagValue }) => tagValue === value)
    return value === 'Generic'
  })
}

export function walkVersions(store: NaiveStore, request: WalkVersionsRequest): object[][] {
  const { includeDeprecated = false, pageSize = 10 } = request
  checkPageSize(pageSize)
  const rows = find(store, request.secretName)
    .versions.filter(({ stages }) => includeDeprecated || stages.length > 0)
    .map(({ versionId, createTime, stages, status }) => ({
      versionId,
      createTime: new Date(createTime),
      versionStages: stages,
      versionStatus: status,
    }))
  return paged(rows, pageSize)
}

function checkPageSize(pageSize: number): void {
  if (pageSize < 1 || pageSize > 100) refuse('INVALID_PARAMETER')
}

/** Full pages but for the last; a list without rows is one empty page. */
function paged<T>(rows: readonly T[], pageSize: number): T[][] {
  const pages: T[][] = []
  for (let i = 0; i < rows.length; i += pageSize) pages.push(rows.slice(i, i + pageSize))
  return pages.length === 0 ? [[]] : pages
}
