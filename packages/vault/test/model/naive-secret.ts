/**
 * The naive twin of one secret: a list of versions that carry their labels, changed in place.
 * Written from the service model, section 2; nothing is shared with the library.
 */

import type { ExtendedConfig, Tag, VersionStatus } from 'stagevault'
import { isDeepStrictEqual } from 'node:util'

/** Evicted ids that are remembered (VER-4: the list is bounded). */
export const TOMBSTONES_MAX = 32

export type Value = string | Uint8Array

export interface NaiveVersion {
  /** 1, 2, … in order of creation. */
  readonly number: number
  readonly versionId: string
  readonly value: Value
  readonly createTime: number
  status: VersionStatus
  stages: string[]
}

export interface NaiveSecret {
  secretName: string
  description: string
  extendedConfig: ExtendedConfig | null
  tags: Tag[]
  createTime: number
  updateTime: number
  plannedDeleteTime: number | null
  /** When it was first found due, 0 for not yet. */
  lookTime: number
  /** In order of creation. */
  versions: NaiveVersion[]
  /** The ids that were evicted and are remembered, oldest first. */
  evicted: Pick<NaiveVersion, 'versionId' | 'value' | 'status'>[]
  /** Versions ever stored. */
  stored: number
  /** The next automatic id is `v<counter>`. */
  counter: number
}

export interface NaiveLimits {
  readonly versionsMax: number
  readonly stageLabelsMax: number
  /** 0 for no quota. */
  readonly secretsMax: number
}

/** An operation that is refused. */
export class Refusal extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

export function refuse(code: string): never {
  throw new Refusal(code)
}

export function versionOf(secret: NaiveSecret, versionId: string): NaiveVersion {
  const found = secret.versions.find((version) => version.versionId === versionId)
  return found ?? refuse('VERSION_NOT_FOUND')
}

/** LBL-1, LBL-3: a label stands on one version at most, `ACSCurrent` on exactly one. */
export function holderOf(secret: NaiveSecret, stage: string): NaiveVersion | undefined {
  return secret.versions.find(({ stages }) => stages.includes(stage))
}

/** LBL-1, LBL-6: a label that stood elsewhere moves; who loses `ACSCurrent` gets `ACSPrevious`. */
export function attach(secret: NaiveSecret, stage: string, target: NaiveVersion): void {
  const loser = holderOf(secret, stage)
  if (loser === target) return
  if (loser !== undefined) loser.stages = loser.stages.filter((label) => label !== stage)
  target.stages = [...target.stages, stage].sort()
  if (stage === 'ACSCurrent' && loser !== undefined) attach(secret, 'ACSPrevious', loser)
}

function countLabels({ versions }: NaiveSecret): number {
  const labels = new Set(versions.flatMap(({ stages }) => stages))
  labels.delete('ACSPending')
  return labels.size
}

/** LBL-8, on the state after the move, and with as many labels as there were before it. */
function checkLabels(secret: NaiveSecret, before: number, limits: NaiveLimits): void {
  const count = countLabels(secret)
  if (count > before && count > limits.stageLabelsMax) refuse('STAGE_LABEL_LIMIT')
}

export interface NaivePut {
  readonly versionId: string | undefined
  readonly value: Value
  readonly stages: readonly string[]
  readonly expectedCurrentVersionId: string | undefined
  readonly now: number
}

/** Stores a version; returns its id and its labels (VER-2 to VER-5, LBL-4, LBL-5, EVT-1). */
export function storeVersion(
  secret: NaiveSecret,
  put: NaivePut,
  limits: NaiveLimits,
): { versionId: string; versionStages: string[]; versionStatus?: 'Evicted' } {
  const versionId = put.versionId ?? nextAutoId(secret)
  const version = secret.versions.find((each) => each.versionId === versionId)
  const used = version ?? secret.evicted.find((each) => each.versionId === versionId)
  if (used !== undefined || isForgotten(secret, versionId)) {
    // Nothing that is left could tell the same value from another for a forgotten id.
    if (used?.status === 'Destroyed') refuse('VERSION_DISABLED')
    if (used === undefined || !isDeepStrictEqual(used.value, put.value)) refuse('VERSION_EXISTS')
    if (version === undefined) return { versionId, versionStages: [], versionStatus: 'Evicted' }
    return { versionId, versionStages: version.stages }
  }
  const current = holderOf(secret, 'ACSCurrent')?.versionId
  if (put.expectedCurrentVersionId !== undefined && put.expectedCurrentVersionId !== current) {
    refuse('VERSION_CONFLICT')
  }
  const labels = countLabels(secret)
  secret.stored += 1
  const added: NaiveVersion = {
    number: secret.stored,
    versionId,
    value: put.value,
    createTime: put.now,
    status: 'Enabled',
    stages: [],
  }
  secret.versions.push(added)
  for (const stage of put.stages) attach(secret, stage, added)
  checkLabels(secret, labels, limits)
  evict(secret, added, limits)
  while (isKnown(secret, `v${secret.counter}`)) secret.counter += 1
  return { versionId, versionStages: added.stages }
}

/** VER-2: the counter never goes back and skips names that callers took. */
function nextAutoId(secret: NaiveSecret): string {
  let number = secret.counter
  while (isKnown(secret, `v${number}`)) number += 1
  return `v${number}`
}

function isKnown(secret: NaiveSecret, versionId: string): boolean {
  return [...secret.versions, ...secret.evicted].some((each) => each.versionId === versionId)
}

/** Automatic ids below the counter stay used when their tombstones are gone. */
function isForgotten(secret: NaiveSecret, versionId: string): boolean {
  return /^v[1-9][0-9]*$/.test(versionId) && Number(versionId.slice(1)) < secret.counter
}

/** EVT-1: the oldest without a label goes, never the one just stored. */
function evict(secret: NaiveSecret, added: NaiveVersion, limits: NaiveLimits): void {
  while (secret.versions.length > limits.versionsMax) {
    const oldest = secret.versions.find((each) => each.stages.length === 0 && each !== added)
    if (oldest === undefined) refuse('VERSION_LIMIT')
    secret.versions = secret.versions.filter((version) => version !== oldest)
    const { versionId, value, status } = oldest
    secret.evicted.push({ versionId, value, status })
  }
  while (secret.evicted.length > TOMBSTONES_MAX) {
    const forgotten = secret.evicted.shift()?.versionId ?? ''
    // VER-2: what is forgotten is behind the counter, or it could be given out again.
    if (/^v[1-9][0-9]*$/.test(forgotten)) {
      secret.counter = Math.max(secret.counter, Number(forgotten.slice(1)) + 1)
    }
  }
}

/** LBL-6 to LBL-9. */
export function moveLabel(
  secret: NaiveSecret,
  move: { stage: string; from: string | undefined; to: string | undefined },
  limits: NaiveLimits,
): void {
  const { stage, from, to } = move
  if (stage === 'ACSPending' || (from === undefined && to === undefined)) {
    refuse('INVALID_PARAMETER')
  }
  if (to === undefined && ['ACSCurrent', 'ACSPrevious'].includes(stage)) {
    refuse('INVALID_PARAMETER')
  }
  if (from !== undefined && holderOf(secret, stage) !== versionOf(secret, from)) {
    refuse('INVALID_PARAMETER')
  }
  if (to === undefined) {
    const holder = versionOf(secret, from ?? '')
    holder.stages = holder.stages.filter((label) => label !== stage)
    return
  }
  const target = versionOf(secret, to)
  if (stage === 'ACSCurrent' && target.status !== 'Enabled') refuse('VERSION_DISABLED')
  if (stage === 'ACSPrevious' && target.stages.includes('ACSCurrent')) refuse('INVALID_PARAMETER')
  const labels = countLabels(secret)
  attach(secret, stage, target)
  checkLabels(secret, labels, limits)
}

/** Section 3: disable, enable, destroy; not the version that carries `ACSCurrent`. */
export function setStatus(secret: NaiveSecret, versionId: string, status: VersionStatus): void {
  const version = versionOf(secret, versionId)
  if (version.status === status) return
  if (version.status === 'Destroyed' || version.stages.includes('ACSCurrent')) {
    refuse('UNSUPPORTED_OPERATION')
  }
  version.status = status
}

/** By id, by stage, by both, or with neither the current version. */
export function selectReadable(
  secret: NaiveSecret,
  versionId: string | undefined,
  versionStage: string | undefined,
): NaiveVersion {
  const atStage = holderOf(secret, versionStage ?? 'ACSCurrent')
  const version = versionId === undefined ? atStage : versionOf(secret, versionId)
  if (version === undefined) return refuse('STAGE_NOT_FOUND')
  if (versionStage !== undefined && version !== atStage) refuse('INVALID_PARAMETER')
  if (version.status !== 'Enabled') refuse('VERSION_DISABLED')
  return version
}
