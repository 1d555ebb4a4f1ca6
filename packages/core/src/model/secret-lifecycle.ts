/** How a secret is created, described, renamed, scheduled for deletion and restored. Pure. */

import { VaultError } from '../errors.js'
import type { VaultLimits } from '../limits.js'
import { TAGS_MAX } from '../limits.js'
import type { SecretType } from '../names.js'
import { STAGE_CURRENT, compareText } from '../names.js'
import { DIGEST_BYTES } from '../crypto/primitives.js'
import type { SecretState, Tag } from './secret-state.js'
import { withChanges } from './secret-state.js'
import { Tombstones } from './tombstones.js'
import type { PutPlan } from './versions.js'
import { planPut } from './versions.js'

const DAY_MS = 86_400_000

/** The fields of a new secret, apart from its first value. */
export interface NewSecret {
  readonly secretId: Uint8Array
  readonly secretName: string
  readonly secretType: SecretType
  readonly encryptionKeyId: Uint8Array
  readonly description: string
  readonly tags: readonly Tag[]
  readonly extendedConfig: string
  readonly now: number
}

/** The id of the first version if the caller passes none. */
export const FIRST_VERSION_ID = 'v1'

/** A secret with its first version, which is current. */
export function planCreate(
  secret: NewSecret,
  versionId: string,
  valueDigest: Uint8Array,
  limits: VaultLimits,
): PutPlan & { readonly kind: 'store' } {
  const { now } = secret
  // Field by field: other properties of the caller's object must not get into a state.
  const empty: SecretState = {
    generation: 1,
    previousHeadHash: new Uint8Array(DIGEST_BYTES),
    secretId: secret.secretId,
    secretName: secret.secretName,
    secretType: secret.secretType,
    encryptionKeyId: secret.encryptionKeyId,
    createTime: now,
    updateTime: now,
    plannedDeleteTime: null,
    description: secret.description,
    extendedConfig: secret.extendedConfig,
    tags: sortTags(secret.tags),
    nextNumber: 1,
    nextAutoId: 1,
    versions: [],
    stages: [],
    tombstones: Tombstones.none,
    sections: [],
  }
  const first = { versionId, stages: [STAGE_CURRENT], valueDigest, now }
  const plan = planPut(empty, { ...first, expectedCurrentVersionId: null }, limits)
  if (plan.kind === 'store') return plan
  throw new VaultError('VERSION_EXISTS', 'a new secret has no versions')
}

/**
 * Refuses a secret that is scheduled for deletion. @throws {@link VaultError}
 * `SECRET_IN_DELETE_WINDOW`
 */
export function requireNotScheduled(state: SecretState): void {
  if (state.plannedDeleteTime === null) return
  const message = `secret ${state.secretName} is scheduled for deletion`
  throw new VaultError('SECRET_IN_DELETE_WINDOW', message)
}

/** The secret scheduled for deletion; with a new date if it was already scheduled. */
export function planSchedule(state: SecretState, windowDays: number, now: number): SecretState {
  const plannedDeleteTime = now + windowDays * DAY_MS
  return withChanges(state, { plannedDeleteTime, updateTime: now })
}

/** The secret as it was before `deleteSecret`. @throws {@link VaultError} `SECRET_NOT_SCHEDULED` */
export function planRestore(state: SecretState, now: number): SecretState {
  if (state.plannedDeleteTime === null) {
    const message = `secret ${state.secretName} is not scheduled for deletion`
    throw new VaultError('SECRET_NOT_SCHEDULED', message)
  }
  return withChanges(state, { plannedDeleteTime: null, updateTime: now })
}

/** The changes of `updateSecret`; `null` leaves a field unchanged. */
export interface MetadataChange {
  readonly description: string | null
  readonly extendedConfig: string | null
}

/** The secret with new metadata, or `null` if nothing changes. */
export function planMetadata(
  state: SecretState,
  change: MetadataChange,
  now: number,
): SecretState | null {
  const description = change.description ?? state.description
  const extendedConfig = change.extendedConfig ?? state.extendedConfig
  if (description === state.description && extendedConfig === state.extendedConfig) return null
  return withChanges(state, { description, extendedConfig, updateTime: now })
}

/**
 * The secret with tags added or replaced, or `null` if nothing changes.
 *
 * @throws {@link VaultError} `INVALID_PARAMETER` for more than 20 tags
 */
export function planTag(state: SecretState, tags: readonly Tag[], now: number): SecretState | null {
  const given = new Set(tags.map((tag) => tag.tagKey))
  const kept = state.tags.filter((tag) => !given.has(tag.tagKey))
  return withTags(state, sortTags([...kept, ...tags]), now)
}

/** The secret without these tags, or `null` if it has none of them. */
export function planUntag(
  state: SecretState,
  tagKeys: readonly string[],
  now: number,
): SecretState | null {
  return withTags(
    state,
    state.tags.filter((tag) => !tagKeys.includes(tag.tagKey)),
    now,
  )
}

function withTags(state: SecretState, tags: readonly Tag[], now: number): SecretState | null {
  if (tags.length > TAGS_MAX) {
    const message = `secret ${state.secretName} would have ${String(tags.length)} tags`
    throw new VaultError('INVALID_PARAMETER', `${message}; at most ${String(TAGS_MAX)} are allowed`)
  }
  const isSame =
    tags.length === state.tags.length &&
    tags.every((tag, i) => {
      const before = state.tags[i]
      return before?.tagKey === tag.tagKey && before.tagValue === tag.tagValue
    })
  return isSame ? null : withChanges(state, { tags, updateTime: now })
}

function sortTags(tags: readonly Tag[]): Tag[] {
  return [...tags].sort((a, b) => compareText(a.tagKey, b.tagKey))
}

/** The secret under another name; id, versions, labels and history stay. */
export function planRename(state: SecretState, newSecretName: string, now: number): SecretState {
  return withChanges(state, { secretName: newSecretName, updateTime: now })
}
