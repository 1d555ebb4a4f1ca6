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
  checkWalk,
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
const LOOK_MS = 60 * 1000

export function emptyStore(limits: NaiveLimits, now: number): NaiveStore {
  return { now, limits, secrets: [] }
}

export interface Step {
  readonly store: NaiveStore
  readonly outcome: Outcome
}

/**
 * What an operation comes to, and the store after it.
 *
 * @param isSwept - of the secrets that are due, those that a sweep on the way reaches
 */
export function step(before: NaiveStore, operation: Operation, isSwept: IsSwept = sweepsAll): Step {
  const after = tryStep(before, operation, isSwept)
  if (operation.name !== 'createSecret' || !isHeldByDeletion(after.outcome)) return after
  // What holds the name or the place may be due: the second look deletes it.
  const swept = sweep(before, isSwept)
  const isFreed = swept.secrets.length < before.secrets.length
  return isFreed ? tryStep(swept, operation, isSwept) : { ...after, store: swept }
}

function tryStep(before: NaiveStore, operation: Operation, isSwept: IsSwept): Step {
  const store = { ...before, secrets: before.secrets.map(copyOf) }
  try {
    return { store, outcome: { result: apply(store, operation, isSwept) } }
  } catch (error) {
    if (error instanceof Refusal) return { store: before, outcome: { code: error.code } }
    throw error
  }
}

function isHeldByDeletion(outcome: Outcome): boolean {
  return 'code' in outcome && ['SECRET_IN_DELETE_WINDOW', 'QUOTA_EXCEEDED'].includes(outcome.code)
}

export type IsSwept = (secretName: string) => boolean

const sweepsAll: IsSwept = () => true

/** Two looks at least a minute apart: the first is noted, a later one deletes. */
export function sweep(before: NaiveStore, isSwept: IsSwept = sweepsAll): NaiveStore {
  const { now } = before
  const secrets = before.secrets.map(copyOf).filter((secret) => {
    const { plannedDeleteTime, lookTime, secretName } = secret
    if (plannedDeleteTime === null || plannedDeleteTime > now || !isSwept(secretName)) return true
    // A look that lies in the future was a wrong reading of the clock.
    if (lookTime === 0 || lookTime > now) secret.lookTime = now
    else return now - lookTime < LOOK_MS
    return true
  })
  return { ...before, secrets }
}

/** Values and tags are never changed in place: they may be shared. */
function copyOf(secret: NaiveSecret): NaiveSecret {
  const versions = secret.versions.map((version) => ({ ...version }))
  return { ...secret, versions, evicted: [...secret.evicted] }
}

function apply(store: NaiveStore, { name, request }: Operation, isSwept: IsSwept): unknown {
  switch (name) {
    case 'createSecret':
      return createSecret(store, request)
    case 'walkSecrets':
      checkWalk(request)
      store.secrets = sweep(store, isSwept).secrets
      return walkSecrets(store, request)
    case 'sweep':
      store.secrets = sweep(store, isSwept).secrets
      return null
    case 'updateVaultSettings':
      store.limits = { ...store.limits, ...request.limits }
      return { limits: store.limits }
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
      secret.lookTime = 0
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
      secret.extendedConfig = { ...secret.extendedConfig, customData }
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
  const { secretsMax } = store.limits
  if (secretsMax > 0 && store.secrets.length >= secretsMax) refuse('QUOTA_EXCEEDED')
  const secret: NaiveSecret = {
    secretName,
    description: request.description ?? '',
    extendedConfig: request.extendedConfig ?? null,
    tags,
    createTime: store.now,
    updateTime: store.now,
    plannedDeleteTime: null,
    lookTime: 0,
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
  // The look at an earlier date tells nothing of another one.
  if (secret.plannedDeleteTime !== plannedDeleteTime) secret.lookTime = 0
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
