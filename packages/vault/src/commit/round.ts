/**
 * A round: the changes that share one commit. Each change is planned on the committed state plus
 * the plans before it. The round keeps the resulting states and seals the records once, when it
 * closes.
 */

import { toHex } from '@stagevault/core/bytes'
import { ROUND_BYTES_MAX, ROUND_GUARDS_MAX, ROUND_MUTATIONS_MAX } from '@stagevault/core/limits'
import type { VaultLimits } from '@stagevault/core/limits'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { headBytesMax } from '@stagevault/core/records/head-record'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import { withAccessTag } from '@stagevault/core/records/vault-root'
import type { StorageKey } from '@stagevault/storage'
import type { HeadSnapshot } from '../caches/head-snapshot.js'
import type { StoredRoot } from '../caches/rollback-guard.js'
import { policyPlace } from '../records/policy-place.js'
import type { NewVersion } from '../records/version.js'
import type { Change, NextSecret, Plan, RootChange, View } from './change.js'

/** A head that could not be read, with the error. */
export class UnreadableHead {
  readonly error: unknown

  constructor(error: unknown) {
    this.error = error
  }
}

/** The state of the store when a round begins. */
export interface CommittedState {
  readonly root: StoredRoot
  /** By name: the head, `null` if there is no secret, or the error of reading it. */
  readonly heads: ReadonlyMap<string, HeadSnapshot | UnreadableHead | null>
  readonly records: ReadonlyMap<StorageKey, Uint8Array | null>
}

/** One secret in a round: its stored head and its state after the plans so far. */
export interface Lineage {
  /** `null` for a secret that the round creates. */
  readonly stored: HeadSnapshot | null
  /** `null` once the round deletes the secret. */
  state: SecretState | null
}

/** The size of a commit, as an upper bound. */
interface Weight {
  mutations: number
  guards: number
  bytes: number
}

export class Round implements View {
  readonly committed: CommittedState
  /** By name: the secret that a plan put under it, `null` if a plan removed it from there. */
  readonly names: Map<string, Lineage | null>
  /** By id: every secret that the plans changed, including deleted ones. */
  readonly lineages: Map<string, Lineage>
  /** The new versions, by storage key. A later plan may have evicted some of them. */
  readonly versions: Map<StorageKey, NewVersion>
  readonly records: Map<StorageKey, Uint8Array | null>
  /** What the plans depend on. The commit applies only if all of it is still as it was read. */
  readonly guardedNames: Set<string>
  readonly guardedKeys: Set<StorageKey>
  root: VaultRoot
  limits: VaultLimits
  isEmpty = true
  readonly #lowerLimits: (stored: VaultLimits) => VaultLimits
  /** Starts with the root record, which every commit writes and guards. */
  #weight: Weight = { mutations: 1, guards: 1, bytes: 0 }

  /** @param lowerLimits - applies this handle's lower limits to the stored limits */
  constructor(committed: CommittedState, lowerLimits: (stored: VaultLimits) => VaultLimits) {
    this.committed = committed
    this.names = new Map()
    this.lineages = new Map()
    this.versions = new Map()
    this.records = new Map()
    this.guardedNames = new Set()
    this.guardedKeys = new Set()
    this.#lowerLimits = lowerLimits
    this.root = committed.root.state
    this.limits = lowerLimits(this.root.limits)
  }

  secret(secretName: string): SecretState | null {
    const placed = this.names.get(secretName)
    return placed === undefined
      ? (this.storedHead(secretName)?.state ?? null)
      : (placed?.state ?? null)
  }

  record(key: StorageKey): Uint8Array | null {
    const written = this.records.get(key)
    if (written !== undefined) return written
    const stored = this.committed.records.get(key)
    if (stored === undefined) throw new TypeError(`a change did not name the record ${key}`)
    return stored
  }

  /** The head stored under a name. @throws {@link VaultError} if it could not be read */
  storedHead(secretName: string): HeadSnapshot | null {
    const found = this.committed.heads.get(secretName)
    if (found === undefined) throw new TypeError(`a change did not name the secret ${secretName}`)
    if (found instanceof UnreadableHead) throw found.error
    return found
  }

  /**
   * Whether the round changes the same secret under another name. In a damaged store two names may
   * hold the same secret; each is then changed by its own commit.
   */
  hasTwin(secretName: string): boolean {
    const stored = this.committed.heads.get(secretName)
    if (!stored || stored instanceof UnreadableHead) return false
    const lineage = this.lineages.get(stored.id)
    return lineage !== undefined && lineage.stored !== stored
  }

  /**
   * Adds a plan to the round.
   *
   * @returns `false` if the commit would become too large; the first plan always fits
   */
  add(change: Change<unknown>, plan: Plan<unknown>): boolean {
    const weight = this.#weightWith(change, plan)
    const fits =
      weight.mutations <= ROUND_MUTATIONS_MAX &&
      weight.guards <= ROUND_GUARDS_MAX &&
      weight.bytes <= ROUND_BYTES_MAX
    if (!this.isEmpty && !fits) return false
    this.#weight = weight
    this.isEmpty = false
    for (const secretName of change.secretNames) this.guardedNames.add(secretName)
    for (const key of change.keys ?? []) this.guardedKeys.add(key)
    // A rename vacates the old name before it occupies the new one.
    for (const { secretName, state } of plan.secrets) {
      if (state === null) this.#vacate(secretName)
    }
    for (const { secretName, state } of plan.secrets) {
      if (state !== null) this.#occupy(secretName, state)
    }
    for (const version of plan.versions) this.versions.set(version.key, version)
    for (const { key, value } of plan.records) this.records.set(key, value)
    this.#changeRoot(plan.rootChange)
    return true
  }

  #vacate(secretName: string): void {
    const lineage = this.#lineageAt(secretName)
    if (lineage !== null) lineage.state = null
    this.names.set(secretName, null)
  }

  #occupy(secretName: string, state: SecretState): void {
    const lineage = this.#lineageAt(secretName) ?? this.#lineageOf(state)
    lineage.state = state
    this.names.set(secretName, lineage)
  }

  /** The secret under a name, registered as changed by the round; `null` if there is none. */
  #lineageAt(secretName: string): Lineage | null {
    const placed = this.names.get(secretName)
    if (placed !== undefined) return placed
    const stored = this.storedHead(secretName)
    if (stored === null) return null
    const lineage = { stored, state: stored.state }
    this.lineages.set(stored.id, lineage)
    return lineage
  }

  /** The lineage of a secret that a rename removed from its former name, or of a new secret. */
  #lineageOf({ secretId }: SecretState): Lineage {
    const id = toHex(secretId)
    const known = this.lineages.get(id)
    if (known !== undefined) return known
    const lineage = { stored: null, state: null }
    this.lineages.set(id, lineage)
    return lineage
  }

  #changeRoot(change: RootChange | null): void {
    const {
      committed: {
        root: { state: stored },
      },
      root,
    } = this
    let { secretCount } = stored
    for (const lineage of this.lineages.values()) {
      secretCount += Number(lineage.state !== null) - Number(lineage.stored !== null)
    }
    this.root = {
      epoch: stored.epoch + 1,
      secretCount: Math.max(0, secretCount),
      keyringGeneration: change?.keyring?.generation ?? root.keyringGeneration,
      keyringTag: change?.keyring?.tag ?? root.keyringTag,
      limits: change?.limits ?? root.limits,
      sections:
        change?.accessTag === undefined
          ? root.sections
          : withAccessTag(root.sections, change.accessTag),
    }
    if (change?.limits !== undefined) this.limits = this.#lowerLimits(change.limits)
  }

  #weightWith(
    { secretNames, keys = [] }: Change<unknown>,
    { secrets, versions, records }: Plan<unknown>,
  ): Weight {
    const weight = { ...this.#weight }
    for (const name of secretNames) weight.guards += Number(!this.guardedNames.has(name))
    for (const key of keys) weight.guards += Number(!this.guardedKeys.has(key))
    for (const next of secrets) this.#weigh(weight, next)
    for (const version of versions) {
      weight.guards++
      weight.bytes += version.bytes
    }
    for (const { value } of records) {
      weight.mutations++
      weight.bytes += value?.length ?? 0
    }
    return weight
  }

  /** Replaces the secret's weight so far by its weight with the next state. */
  #weigh(weight: Weight, { secretName, state }: NextSecret): void {
    const placed = this.names.get(secretName)
    const stored = placed === undefined ? this.storedHead(secretName) : (placed?.stored ?? null)
    const before = placed === undefined ? 0 : recordsChanged(stored, placed?.state ?? null)
    weight.mutations += recordsChanged(stored, state) - before
    weight.bytes += headBytes(state)
    // The stored head is compared by a guard.
    weight.bytes += placed === undefined ? (stored?.bytes.length ?? 0) : -headBytes(placed?.state)
  }
}

function headBytes(state: SecretState | null | undefined): number {
  return state === null || state === undefined ? 0 : headBytesMax(state)
}

/** The most records that a commit writes and deletes for a secret. */
function recordsChanged(stored: HeadSnapshot | null, state: SecretState | null): number {
  const before = stored?.state ?? null
  const firstNew = before?.nextNumber ?? 1
  let kept = 0
  let added = 0
  for (const { number, status } of state?.versions ?? []) {
    if (status === 'Destroyed') continue
    if (number < firstNew) kept++
    else added++
  }
  let had = 0
  for (const { status } of before?.versions ?? []) if (status !== 'Destroyed') had++
  const name = Number((before === null) !== (state === null))
  const from = before?.plannedDeleteTime ?? null
  const to = state?.plannedDeleteTime ?? null
  const entries = from === to ? 0 : Number(from !== null) + Number(to !== null)
  const policy = before === null ? null : policyPlace(before)
  const isPolicyGone = policy !== null && (state === null || policyPlace(state) !== policy)
  return 1 + name + entries + Number(isPolicyGone) + added + had - kept
}
