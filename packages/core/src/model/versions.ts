/**
 * How versions are named, added, evicted and changed (VER and EVT rules). Pure: same state, same
 * plan.
 */

import { equalBytes, isZero } from '../bytes.js'
import { VaultError } from '../errors.js'
import { AUTO_NUMBER_JUMP_MAX, TOMBSTONES_MAX, VERSION_NUMBER_MAX } from '../limits.js'
import type { VaultLimits } from '../limits.js'
import { DIGEST_BYTES } from '../crypto/primitives.js'
import type { SecretState, VersionState, VersionStatus } from './secret-state.js'
import {
  currentVersion,
  findVersion,
  requireVersion,
  stagesOf,
  withChanges,
} from './secret-state.js'
import { checkStageLimit, placeStage } from './stages.js'
import { VALUE_DIGEST_BYTES } from './value.js'

const NO_HASH = /* @__PURE__ */ new Uint8Array(DIGEST_BYTES)
const NO_DIGEST = /* @__PURE__ */ new Uint8Array(VALUE_DIGEST_BYTES)

/**
 * The next automatic version id. A number whose id a caller has used is skipped (VER-2).
 *
 * @param ahead - how many automatic ids earlier changes take first
 */
export function nextVersionId(state: SecretState, ahead = 0): string {
  let number = nextAutoNumber(state, state.nextAutoId)
  for (let i = 0; i < ahead; i++) number = nextAutoNumber(state, number + 1)
  return `v${String(number)}`
}

/** The request of `putSecretValue`, with the value as its digest. */
export interface PutRequest {
  readonly versionId: string
  /** The labels of the new version; not empty, distinct, and neither previous nor pending. */
  readonly stages: readonly string[]
  readonly valueDigest: Uint8Array
  /** Compare-and-set: the version that must be current, or `null`. */
  readonly expectedCurrentVersionId: string | null
  readonly now: number
}

/** The result of planning a put. */
export type PutPlan =
  /** The id was used before with the same value: nothing changes (VER-3). */
  | {
      readonly kind: 'existing'
      readonly stages: readonly string[]
      /** Whether the version was evicted since (VER-4), so that its value is no longer stored. */
      readonly isEvicted: boolean
    }
  | {
      readonly kind: 'store'
      readonly number: number
      /** Unlabelled versions that are evicted, oldest first (EVT-1). */
      readonly evicted: readonly VersionState[]
      /** The new state, without the record hash of the new version: see `withRecordHash`. */
      readonly next: SecretState
    }

/**
 * Plans a put. A repeated put succeeds before `expectedCurrentVersionId` is checked, because the
 * first one may have changed the current version.
 *
 * @throws {@link VaultError} `VERSION_EXISTS`, `VERSION_DISABLED`, `VERSION_CONFLICT`,
 *   `STAGE_LABEL_LIMIT`, `VERSION_LIMIT`
 */
export function planPut(state: SecretState, request: PutRequest, limits: VaultLimits): PutPlan {
  const { versionId, valueDigest, now } = request
  const existing = findExisting(state, versionId, valueDigest)
  if (existing !== null) return existing
  checkCurrent(state, request.expectedCurrentVersionId)

  const number = state.nextNumber
  if (number > VERSION_NUMBER_MAX) {
    throw new VaultError('VERSION_LIMIT', `secret ${state.secretName} has used all version numbers`)
  }
  let stages = state.stages
  for (const stage of request.stages) stages = placeStage(stages, stage, number)
  checkStageLimit(state, stages, limits)
  const version: VersionState = {
    number,
    versionId,
    createTime: now,
    status: 'Enabled',
    valueDigest,
    recordHash: NO_HASH,
  }
  const versions = [...state.versions, version]
  const grown = withChanges(state, { stages, versions, nextNumber: number + 1, updateTime: now })
  const { next, evicted } = evict(grown, number, limits)
  const nextAutoId = nextAutoNumber(next, next.nextAutoId)
  return { kind: 'store', number, evicted, next: withChanges(next, { nextAutoId }) }
}

function checkCurrent(state: SecretState, expectedVersionId: string | null): void {
  if (expectedVersionId === null) return
  const { versionId } = currentVersion(state)
  if (versionId === expectedVersionId) return
  const message = `version ${versionId} of secret ${state.secretName} is current`
  throw new VaultError('VERSION_CONFLICT', `${message}, not ${expectedVersionId}`)
}

/**
 * VER-3 and VER-4: the same id with the same value is already done; with another value it is
 * refused. VER-5: every value is refused for a destroyed version, so that guesses cannot be tested
 * on it.
 */
function findExisting(
  state: SecretState,
  versionId: string,
  valueDigest: Uint8Array,
): PutPlan | null {
  const version = findVersion(state, versionId)
  const usedDigest = version?.valueDigest ?? state.tombstones.digestOf(versionId)
  if (usedDigest === null && !isForgottenAutoId(state, versionId)) return null
  const named = `version id ${versionId} of secret ${state.secretName}`
  if (usedDigest !== null && isZero(usedDigest)) {
    throw new VaultError('VERSION_DISABLED', `${named} belongs to a destroyed version`)
  }
  if (usedDigest === null || !equalBytes(usedDigest, valueDigest)) {
    const why = usedDigest === null ? 'may have been used before' : 'already has another value'
    throw new VaultError('VERSION_EXISTS', `${named} ${why}`)
  }
  const isEvicted = version === null
  return { kind: 'existing', stages: isEvicted ? [] : stagesOf(state, version.number), isEvicted }
}

/**
 * Evicts the oldest versions without a label, by order of creation, until the limit holds. The
 * version just stored is never evicted (EVT-1).
 */
function evict(
  state: SecretState,
  stored: number,
  limits: VaultLimits,
): { next: SecretState; evicted: VersionState[] } {
  const excess = state.versions.length - limits.versionsMax
  if (excess <= 0) return { next: state, evicted: [] }
  const isIdle = ({ number }: VersionState): boolean =>
    number !== stored && !state.stages.some((pointer) => pointer.number === number)
  const evicted = state.versions.filter(isIdle).slice(0, excess)
  if (evicted.length < excess) {
    const full = `secret ${state.secretName} has ${String(limits.versionsMax)} versions`
    throw new VaultError('VERSION_LIMIT', `${full}, and every one of them carries a stage label`)
  }
  const versions = state.versions.filter((version) => !evicted.includes(version))
  const tombstones = state.tombstones.with(evicted)
  return { next: forgetTombstones(withChanges(state, { versions, tombstones })), evicted }
}

/** Drops the oldest tombstones, and advances the counter past any automatic id among them. */
function forgetTombstones(state: SecretState): SecretState {
  const excess = state.tombstones.length - TOMBSTONES_MAX
  if (excess <= 0) return state
  let { nextAutoId } = state
  let index = 0
  for (const { versionId } of state.tombstones) {
    if (index++ === excess) break
    const passed = autoNumberOf(versionId) + 1
    if (passed < AUTO_NUMBER_JUMP_MAX) nextAutoId = Math.max(nextAutoId, passed)
  }
  return withChanges(state, { tombstones: state.tombstones.without(excess), nextAutoId })
}

/** The state with the hash of the record that was sealed for version `number`. */
export function withRecordHash(
  state: SecretState,
  number: number,
  recordHash: Uint8Array,
): SecretState {
  return withVersion(state, number, { recordHash })
}

type VersionChanges = Partial<Pick<VersionState, 'status' | 'valueDigest' | 'recordHash'>>

/** Copies the row field by field, for the same reason as {@link withChanges}. */
function withVersion(state: SecretState, number: number, changes: VersionChanges): SecretState {
  const at = state.versions.findIndex((version) => version.number === number)
  const before = state.versions[at]
  if (before === undefined) return state
  const { versionId, createTime } = before
  const { status = before.status } = changes
  const { valueDigest = before.valueDigest, recordHash = before.recordHash } = changes
  const after = { number, versionId, createTime, status, valueDigest, recordHash }
  return withChanges(state, { versions: state.versions.with(at, after) })
}

/**
 * The state after a version was disabled, enabled or destroyed, or `null` if it has that status. A
 * destroyed version keeps its row, without digest and hash; the same commit deletes its record.
 *
 * @throws {@link VaultError} `VERSION_NOT_FOUND`; `UNSUPPORTED_OPERATION` for the current version,
 *   and for a destroyed one
 */
export function planVersionStatus(
  state: SecretState,
  versionId: string,
  status: VersionStatus,
  now: number,
): SecretState | null {
  const version = requireVersion(state, versionId)
  if (version.status === status) return null
  if (version.status === 'Destroyed') {
    const message = `version ${versionId} of secret ${state.secretName} was destroyed`
    throw new VaultError('UNSUPPORTED_OPERATION', message)
  }
  if (version.number === currentVersion(state).number) {
    const verb = status === 'Destroyed' ? 'destroyed' : 'disabled'
    const message = `version ${versionId} of secret ${state.secretName} is current`
    throw new VaultError('UNSUPPORTED_OPERATION', `${message} and cannot be ${verb}`)
  }
  const erased = status === 'Destroyed' ? { valueDigest: NO_DIGEST, recordHash: NO_HASH } : {}
  const changed = withVersion(state, version.number, { status, ...erased })
  return withChanges(changed, { updateTime: now })
}

/** The first number from `start` on whose id is free. */
function nextAutoNumber(state: SecretState, start: number): number {
  let number = start
  while (isTaken(state, `v${String(number)}`)) number++
  return number
}

function isTaken(state: SecretState, versionId: string): boolean {
  return findVersion(state, versionId) !== null || state.tombstones.digestOf(versionId) !== null
}

/** The number in an id that the counter could assign, or 0. */
function autoNumberOf(versionId: string): number {
  const match = /^v([1-9][0-9]{0,15})$/.exec(versionId)
  const number = Number(match?.[1] ?? 0)
  return Number.isSafeInteger(number) ? number : 0
}

/**
 * Whether this id may have been used although no tombstone records it. The counter has passed every
 * automatic id that was used, and these ids are never assigned to another value.
 */
function isForgottenAutoId(state: SecretState, versionId: string): boolean {
  const number = autoNumberOf(versionId)
  return number > 0 && number < state.nextAutoId
}
