/**
 * The state of one secret in its head: metadata, versions, stage pointers, and their invariants.
 */

import { isZero } from '../bytes.js'
import { VaultError } from '../errors.js'
import type { SecretType } from '../names.js'
import { STAGE_CURRENT, STAGE_PREVIOUS, compareText } from '../names.js'
import type { Tombstones } from './tombstones.js'

/** Whether a version's value can be read. */
export type VersionStatus = 'Enabled' | 'Disabled' | 'Destroyed'

/**
 * A tag in the cloud API's shape. Key and value have at most 128 ASCII letters, digits and
 * `/ \ _ - . + = : @`; keys are not empty and do not begin with `aliyun` or `acs:`.
 */
export interface Tag {
  /** 1 to 128 characters; distinct on a secret. */
  readonly tagKey: string
  /** 0 to 128 characters. */
  readonly tagValue: string
}

/** A version as it is listed in the head, without its value. */
export interface VersionState {
  /** The ordinal: 1, 2, … in order of creation, never used twice in a secret. */
  readonly number: number
  readonly versionId: string
  /** Milliseconds since 1970. Informational: no order depends on it. */
  readonly createTime: number
  readonly status: VersionStatus
  /**
   * Keyed digest of the value, 16 bytes: distinguishes the same value from another (VER-3, VER-4);
   * 16 zero bytes once the version is destroyed (VER-5).
   */
  readonly valueDigest: Uint8Array
  /** SHA-256 of the version record; 32 zero bytes once the version is destroyed. */
  readonly recordHash: Uint8Array
}

/** A stage label and the number of the one version it points to (LBL-1). */
export interface StagePointer {
  readonly stage: string
  readonly number: number
}

/** One part of a record. A release that does not support it keeps it unchanged. */
export interface RecordSection {
  /** The kind of section: 1 to 65,535. */
  readonly number: number
  /** Whether a release that does not support the section may read the rest of the record. */
  readonly isSkippable: boolean
  /** At most 65,536 bytes, together with the record's other sections. */
  readonly bytes: Uint8Array
}

/** The full state in the head of a secret. Times are milliseconds since 1970. */
export interface SecretState {
  /** 16 bytes, made once (KEY-10); a rename does not change it. */
  readonly secretId: Uint8Array
  readonly secretName: string
  readonly secretType: SecretType
  /** 16 bytes: the id of the KEK that wraps the DEKs of new versions. */
  readonly encryptionKeyId: Uint8Array
  readonly createTime: number
  readonly updateTime: number
  /** When the secret is deleted permanently, or `null`. */
  readonly plannedDeleteTime: number | null
  readonly description: string
  /** Sorted by key. */
  readonly tags: readonly Tag[]
  /** JSON of the cloud API's `ExtendedConfig`, or the empty string. */
  readonly extendedConfig: string
  /** 1 for the first head, one more with every write. */
  readonly generation: number
  /** SHA-256 of the head before this one; 32 zero bytes in the first. */
  readonly previousHeadHash: Uint8Array
  /** The ordinal of the next version. */
  readonly nextNumber: number
  /** The next automatic id is `v<nextAutoId>`, unless a caller has used it (VER-2). */
  readonly nextAutoId: number
  /** In order of creation. */
  readonly versions: readonly VersionState[]
  /** Sorted by label. */
  readonly stages: readonly StagePointer[]
  readonly tombstones: Tombstones
  /** Parts of the head that this release may not support, by number; kept unchanged. */
  readonly sections: readonly RecordSection[]
}

/**
 * The state with some fields changed. It lists every field in the order of the record, so that all
 * states have one shape. Spreads of spreads would create many shapes, which the engine copies
 * slowly.
 */
export function withChanges(state: SecretState, changes: Partial<SecretState>): SecretState {
  const { plannedDeleteTime = state.plannedDeleteTime } = changes
  return {
    generation: changes.generation ?? state.generation,
    previousHeadHash: changes.previousHeadHash ?? state.previousHeadHash,
    secretId: changes.secretId ?? state.secretId,
    secretName: changes.secretName ?? state.secretName,
    secretType: changes.secretType ?? state.secretType,
    encryptionKeyId: changes.encryptionKeyId ?? state.encryptionKeyId,
    createTime: changes.createTime ?? state.createTime,
    updateTime: changes.updateTime ?? state.updateTime,
    plannedDeleteTime,
    description: changes.description ?? state.description,
    extendedConfig: changes.extendedConfig ?? state.extendedConfig,
    tags: changes.tags ?? state.tags,
    nextNumber: changes.nextNumber ?? state.nextNumber,
    nextAutoId: changes.nextAutoId ?? state.nextAutoId,
    versions: changes.versions ?? state.versions,
    stages: changes.stages ?? state.stages,
    tombstones: changes.tombstones ?? state.tombstones,
    sections: changes.sections ?? state.sections,
  }
}

/** The number of the version that `stage` points to, or `null`. */
export function stageHolder(state: SecretState, stage: string): number | null {
  return state.stages.find((pointer) => pointer.stage === stage)?.number ?? null
}

/** The labels of a version, sorted. */
export function stagesOf(state: SecretState, number: number): string[] {
  return state.stages.filter((pointer) => pointer.number === number).map(({ stage }) => stage)
}

export function findVersion(state: SecretState, versionId: string): VersionState | null {
  return state.versions.find((version) => version.versionId === versionId) ?? null
}

/** The version with this id. @throws {@link VaultError} `VERSION_NOT_FOUND` */
export function requireVersion(state: SecretState, versionId: string): VersionState {
  const version = findVersion(state, versionId)
  if (version !== null) return version
  const message = `secret ${state.secretName} has no version ${versionId}`
  throw new VaultError('VERSION_NOT_FOUND', message)
}

/** The version that carries `ACSCurrent`; every secret has one (LBL-3). */
export function currentVersion(state: SecretState): VersionState {
  const number = stageHolder(state, STAGE_CURRENT)
  const version = state.versions.find((candidate) => candidate.number === number)
  if (version === undefined) throw brokenInvariant(`no version carries ${STAGE_CURRENT}`)
  return version
}

function brokenInvariant(what: string): VaultError {
  return new VaultError('MALFORMED_RECORD', `a secret's state breaks its rules: ${what}`)
}

/**
 * Checks what must hold for every secret at all times. Called before a head is written and after
 * one was read, so that neither a defect of this code nor a foreign writer can violate it.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD` naming the violated rule
 */
export function checkInvariants(state: SecretState): void {
  checkVersions(state)
  checkStages(state)
  const keys = state.tags.map((tag) => tag.tagKey)
  if (!isStrictlyAscending(keys)) throw brokenInvariant('tags are not sorted and distinct')
  if (state.generation < 1) throw brokenInvariant('the generation is not positive')
}

function checkVersions(state: SecretState): void {
  const ids = new Set<string>()
  let last = 0
  for (const version of state.versions) {
    if (version.number <= last) throw brokenInvariant('version numbers do not ascend')
    last = version.number
    if ((version.status === 'Destroyed') !== isZero(version.valueDigest)) {
      throw brokenInvariant('a destroyed version has a digest, or another has none')
    }
    ids.add(version.versionId)
  }
  if (ids.size !== state.versions.length) throw brokenInvariant('a version id is used twice')
  if (last >= state.nextNumber) throw brokenInvariant('the next version number is taken')
  const { tombstones } = state
  const isUsedAgain = state.versions.some((each) => tombstones.digestOf(each.versionId) !== null)
  if (isUsedAgain || !tombstones.isDistinct()) {
    throw brokenInvariant('an evicted version id is used again')
  }
}

function checkStages(state: SecretState): void {
  if (!isStrictlyAscending(state.stages.map((pointer) => pointer.stage))) {
    throw brokenInvariant('stage labels are not sorted and distinct')
  }
  for (const { number } of state.stages) {
    const isThere = state.versions.some((version) => version.number === number)
    if (!isThere) throw brokenInvariant('a label points at no version')
  }
  const current = currentVersion(state)
  if (current.status !== 'Enabled') throw brokenInvariant('the current version is not enabled')
  if (stageHolder(state, STAGE_PREVIOUS) === current.number) {
    throw brokenInvariant(`one version carries both ${STAGE_CURRENT} and ${STAGE_PREVIOUS}`)
  }
}

function isStrictlyAscending(texts: readonly string[]): boolean {
  return texts.every((text, i) => i === 0 || compareText(texts[i - 1] ?? '', text) < 0)
}
