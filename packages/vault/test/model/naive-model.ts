/**
 * The naive twin of a vault: an array of secrets. Every operation works on a copy, so one that is
 * refused has changed nothing. Written from the service model; nothing is shared with the library.
 */

import { isDeepStrictEqual } from 'node:util'
import type { CreateSecretRequest, Tag } from 'stagevault'
import type { NaiveStore } from './naive-reads.js'
import {
  ARN_PREFIX,
  checkLabelCase,
  metadataOf,
  find,
  findActive,
  nameOf,
  readBatch,
  readValue,
  walkSecrets,
  walkVersions,
} from './naive-reads.js'
import type { NaiveLimits, NaivePut, NaiveSecret } from './naive-secret.js'
import { Refusal, moveLabel, refuse, setStatus, storeVersion } from './naive-secret.js'
import type { Operation, Outcome } from './operation.js'

const DAY_MS = 24 * 60 * 60 * 1000

export function emptyStore(limits: NaiveLimits, now: number): NaiveStore {
  return { now, limits, secrets: [] }
}

/** The store after time has passed: what fell due is gone. */
export function atTime(store: NaiveStore, now: number): NaiveStore {
  const isLeft = ({ plannedDeleteTime }: NaiveSecret): boolean =>
    plannedDeleteTime === null || plannedDeleteTime > now
  return { ...store, now, secrets: store.secrets.filter(isLeft) }
}

/** What an operation comes to, and the store after it. */
export function step(
  before: NaiveStore,
  operation: Operation,
): { readonly store: NaiveStore; readonly outcome: Outcome } {
  const store = { ...before, secrets: before.secrets.map(copyOf) }
  try {
    return { store, outcome: { result: apply(store, operation) } }
  } catch (error) {
    if (error instanceof Refusal) return { store: before, outcome: { code: error.code } }
    throw error
  }
}

/** Values and tags are never changed in place: they may be shared. */
function copyOf(secret: NaiveSecret): NaiveSecret {
  const versions = secret.versions.map((version) => ({ ...version }))
  return { ...secret, versions, evicted: [...secret.evicted] }
}

function apply(store: NaiveStore, { name, request }: Operation): unknown {
  switch (name) {
    case 'createSecret':
      return createSecret(store, request)
    case 'walkSecrets':
      return walkSecrets(store, request)
    case 'walkVersions':
      return walkVersions(store, request)
    case 'batchGetSecretValue':
      return readBatch(store, request.secretsList)
    case 'getSecretValue':
      return readValue(store, request)
    case 'describeSecret':
      return metadataOf(find(store, request.secretName))
    case 'deleteSecret':
      return deleteSecret(store, request)
    case 'restoreSecret': {
      const secret = find(store, request.secretName)
      if (secret.plannedDeleteTime === null) refuse('SECRET_NOT_SCHEDULED')
      secret.plannedDeleteTime = null
      secret.updateTime = store.now
      return { secretName: secret.secretName }
    }
    case 'renameSecret':
      return renameSecret(store, request)
    default:
      return change(store, { name, request } as ChangeOperation)
  }
}

type ChangeOperation = Extract<
  Operation,
  {
    name:
      | 'putSecretValue'
      | 'updateSecret'
      | 'updateSecretVersionStage'
      | 'tagResource'
      | 'untagResource'
      | 'disableVersion'
      | 'enableVersion'
      | 'destroyVersion'
  }
>

const STATUSES = {
  disableVersion: 'Disabled',
  enableVersion: 'Enabled',
  destroyVersion: 'Destroyed',
} as const

/** Changes of one secret that is there and not scheduled; what changes nothing leaves its time. */
function change(store: NaiveStore, { name, request }: ChangeOperation): unknown {
  if (name === 'putSecretValue') checkPutStages(request.versionStages)
  if (name === 'updateSecretVersionStage') checkLabelCase(request.versionStage)
  if (name === 'updateSecret' && request.description === undefined) {
    if (request.customData === undefined) refuse('INVALID_PARAMETER')
  }
  const secret = findActive(store, request.secretName)
  const { secretName } = secret
  const before = copyOf(secret)
  let result: object = { secretName }
  if (name === 'putSecretValue') {
    const put: NaivePut = {
      versionId: request.versionId,
      value: request.secretData,
      stages: request.versionStages ?? ['ACSCurrent'],
      expectedCurrentVersionId: request.expectedCurrentVersionId,
      now: store.now,
    }
    result = { secretName, ...storeVersion(secret, put, store.limits) }
  } else if (name === 'updateSecretVersionStage') {
    const { versionStage: stage, removeFromVersion: from, moveToVersion: to } = request
    moveLabel(secret, { stage, from, to }, store.limits)
  } else if (name === 'updateSecret') {
    secret.description = request.description ?? secret.description
    const { customData } = request
    if (customData !== undefined) {
      secret.extendedConfig = { ...secret.extendedConfig, CustomData: customData }
    }
  } else if (name === 'tagResource') {
    secret.tags = tagged(secret.tags, request.tags)
  } else if (name === 'untagResource') {
    secret.tags = secret.tags.filter(({ tagKey }) => !request.tagKeys.includes(tagKey))
  } else {
    const { versionId } = request
    setStatus(secret, versionId, STATUSES[name])
    result = { secretName, versionId, versionStatus: STATUSES[name] }
  }
  if (!isDeepStrictEqual(secret, before)) secret.updateTime = store.now
  return result
}

/** A new name must be free; one of a secret in its window is not. */
function checkFree(store: NaiveStore, name: string): void {
  const taken = store.secrets.find(({ secretName }) => secretName === name)
  if (taken === undefined) return
  refuse(taken.plannedDeleteTime === null ? 'SECRET_EXISTS' : 'SECRET_IN_DELETE_WINDOW')
}

function createSecret(store: NaiveStore, request: CreateSecretRequest): unknown {
  const secretName = nameOf(request.secretName)
  const tags = tagged([], request.tags ?? [])
  checkFree(store, secretName)
  if (store.secrets.length >= store.limits.secretsMax) refuse('QUOTA_EXCEEDED')
  const secret: NaiveSecret = {
    secretName,
    description: request.description ?? '',
    extendedConfig: request.extendedConfig ?? null,
    tags,
    createTime: store.now,
    updateTime: store.now,
    plannedDeleteTime: null,
    versions: [],
    evicted: [],
    stored: 0,
    counter: 1,
  }
  const { versionId } = storeVersion(
    secret,
    {
      versionId: request.versionId,
      value: request.secretData,
      stages: ['ACSCurrent'],
      expectedCurrentVersionId: undefined,
      now: store.now,
    },
    store.limits,
  )
  store.secrets.push(secret)
  return { arn: ARN_PREFIX + secretName, secretName, secretType: 'Generic', versionId }
}

/** LBL-5: what a list of stages may not be. */
function checkPutStages(stages: readonly string[] | undefined): void {
  if (stages === undefined) return
  for (const stage of stages) checkLabelCase(stage)
  const isRepeated = new Set(stages).size < stages.length
  const isReserved = stages.includes('ACSPrevious') || stages.includes('ACSPending')
  if (stages.length === 0 || isRepeated || isReserved) refuse('INVALID_PARAMETER')
}

function tagged(before: readonly Tag[], added: readonly Tag[]): Tag[] {
  const kept = before.filter((tag) => !added.some(({ tagKey }) => tagKey === tag.tagKey))
  const tags = [...kept, ...added]
    .map(({ tagKey, tagValue }) => ({ tagKey, tagValue }))
    .sort((a, b) => (a.tagKey < b.tagKey ? -1 : 1))
  return tags.length > 20 ? refuse('INVALID_PARAMETER') : tags
}

function deleteSecret(
  store: NaiveStore,
  request: Extract<Operation, { name: 'deleteSecret' }>['request'],
): unknown {
  const { recoveryWindowInDays: days, forceDeleteWithoutRecovery: isForced } = request
  if (isForced === true && days !== undefined) refuse('INVALID_PARAMETER')
  if (days !== undefined && (days < 7 || days > 30)) refuse('INVALID_PARAMETER')
  const secret = find(store, request.secretName)
  const { secretName } = secret
  if (isForced === true) {
    store.secrets = store.secrets.filter((each) => each !== secret)
    return { secretName }
  }
  const plannedDeleteTime = store.now + (days ?? 30) * DAY_MS
  secret.plannedDeleteTime = plannedDeleteTime
  secret.updateTime = store.now
  return { secretName, plannedDeleteTime: new Date(plannedDeleteTime) }
}

function renameSecret(
  store: NaiveStore,
  request: { readonly secretName: string; readonly newSecretName: string },
): unknown {
  const secretName = nameOf(request.newSecretName)
  const secret = findActive(store, request.secretName)
  if (secretName !== secret.secretName) {
    checkFree(store, secretName)
    secret.secretName = secretName
    secret.updateTime = store.now
  }
  return { secretName, arn: ARN_PREFIX + secretName }
}
