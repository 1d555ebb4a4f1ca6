/** Turns the states of a round into its one commit. Every record is sealed once. */

import { equalBytes } from '@stagevault/core/bytes'
import { DIGEST_BYTES } from '@stagevault/core/crypto/primitives'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { withChanges } from '@stagevault/core/model/secret-state'
import { withRecordHash } from '@stagevault/core/model/versions'
import { sealDeletionEntry } from '@stagevault/core/records/deletion-entry'
import { sealHead } from '@stagevault/core/records/head-record'
import {
  POLICY_KEYS,
  ROOT_KEY,
  deletionKey,
  headKey,
  nameKey,
  versionKey,
} from '@stagevault/core/records/layout'
import { sealName } from '@stagevault/core/records/name-record'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import { sealRoot } from '@stagevault/core/records/vault-root'
import type { Commit, Guard, StorageKey } from '@stagevault/storage'
import type { HeadSnapshot } from '../caches/head-snapshot.js'
import { headSnapshot } from '../caches/head-snapshot.js'
import type { StoredRoot } from '../caches/rollback-guard.js'
import { policyPlace } from '../records/policy-place.js'
import type { NewVersion } from '../records/version.js'
import type { Lineage, Round } from './round.js'

/** A commit, and what the caches and the rollback guard record once it is applied. */
export interface SealedRound {
  readonly commit: Commit
  readonly root: StoredRoot
  readonly heads: readonly HeadSnapshot[]
  /** The last heads of deleted secrets. */
  readonly gone: readonly HeadSnapshot[]
  /** The keys of deleted version records. */
  readonly deleted: readonly StorageKey[]
  /** The keys of new versions, where no record may exist. */
  readonly places: readonly StorageKey[]
}

/** New bytes by key; `null` deletes. */
type Written = Map<StorageKey, Uint8Array | null>

const NO_HASH = /* @__PURE__ */ new Uint8Array(DIGEST_BYTES)

/**
 * Seals in the order of the hashes: versions, then heads, which contain their hashes, then the
 * root.
 */
export function sealRound(keys: RecordKeys, round: Round): SealedRound {
  // `round.records` may update a deletion entry; what follows from the secret replaces that.
  const written: Written = new Map(round.records)
  const heads: HeadSnapshot[] = []
  const gone: HeadSnapshot[] = []
  const deleted: StorageKey[] = []
  const places: StorageKey[] = []
  const policies = new Set<StorageKey>()
  for (const lineage of round.lineages.values()) {
    const { stored } = lineage
    const state = sealVersions(round.versions, lineage, written, places)
    if (state !== null) {
      const head = sealNextHead(keys, stored, state)
      heads.push(head)
      written.set(headKey(state.secretName), head.bytes)
    } else if (stored !== null) {
      gone.push(stored)
    }
    deleteVersions(stored?.state ?? null, state, deleted)
    moveDeletionEntry(keys, stored?.state ?? null, state, written)
    movePolicy(stored?.state ?? null, state, written, policies)
  }
  dropReplacedPolicies(written, policies)
  for (const [secretName, lineage] of round.names) {
    moveName(keys, round.storedHead(secretName), lineage, secretName, written)
  }
  for (const key of deleted) written.set(key, null)
  const root = { bytes: sealRoot(keys, round.root), state: round.root }
  written.set(ROOT_KEY, root.bytes)
  const mutations = Array.from(written, ([key, value]) => ({ key, value }))
  const commit = { guards: guardsOf(round, places), mutations }
  return { commit, root, heads, gone, deleted, places }
}

/** Seals the versions that are new in the final state, and returns the state with their hashes. */
function sealVersions(
  versions: ReadonlyMap<StorageKey, NewVersion>,
  { stored, state }: Lineage,
  written: Written,
  places: StorageKey[],
): SecretState | null {
  if (state === null) return null
  const firstNew = stored?.state.nextNumber ?? 1
  let sealed = state
  for (const { number, status } of state.versions) {
    if (number < firstNew || status === 'Destroyed') continue
    const key = versionKey(state.secretId, number)
    const version = versions.get(key)
    if (version === undefined) throw new TypeError('a new version has no value')
    const { record, hash } = version.seal()
    sealed = withRecordHash(sealed, number, hash)
    written.set(key, record)
    places.push(key)
  }
  return sealed
}

/** The head that follows `stored`: the next generation, with the hash of the head it replaces. */
function sealNextHead(
  keys: RecordKeys,
  stored: HeadSnapshot | null,
  state: SecretState,
): HeadSnapshot {
  const next = withChanges(state, {
    generation: (stored?.state.generation ?? 0) + 1,
    previousHeadHash: stored?.hash() ?? NO_HASH,
  })
  return headSnapshot(keys.primitives, sealHead(keys, next), next, stored?.id)
}

/** Collects versions that were evicted or destroyed, or whose secret is deleted. */
function deleteVersions(
  before: SecretState | null,
  after: SecretState | null,
  deleted: StorageKey[],
): void {
  if (before === null) return
  for (const { number, status } of before.versions) {
    if (status === 'Destroyed') continue
    const kept = after?.versions.find((version) => version.number === number)
    if (kept !== undefined && kept.status !== 'Destroyed') continue
    deleted.push(versionKey(before.secretId, number))
  }
}

/** Moves the deletion entry when the planned deletion time changes. */
function moveDeletionEntry(
  keys: RecordKeys,
  before: SecretState | null,
  after: SecretState | null,
  written: Written,
): void {
  const from = before?.plannedDeleteTime ?? null
  const to = after?.plannedDeleteTime ?? null
  if (before !== null && from !== null && from !== to) {
    written.set(deletionKey(from, before.secretId), null)
  }
  if (after === null || to === null) return
  const { secretId, secretName } = after
  const key = deletionKey(to, secretId)
  // The entry is stored, unless a sweep deleted it in this round while the secret was restored.
  if (from === to && written.get(key) !== null) return
  written.set(key, sealDeletionEntry(keys, to, secretId, { secretName, lookTime: 0 }))
}

/**
 * Deletes the stored policy if the head pins it no more.
 *
 * @param pinned - gets the key of the policy that the head pins now
 */
function movePolicy(
  before: SecretState | null,
  after: SecretState | null,
  written: Written,
  pinned: Set<StorageKey>,
): void {
  const from = before === null ? null : policyPlace(before)
  const to = after === null ? null : policyPlace(after)
  if (from !== null && from !== to) written.set(from, null)
  if (to !== null) pinned.add(to)
}

/** Leaves out the policies that a later change of the round replaced, removed or deleted. */
function dropReplacedPolicies(written: Written, pinned: ReadonlySet<StorageKey>): void {
  for (const [key, value] of written) {
    if (value === null || !key.startsWith(POLICY_KEYS.start) || pinned.has(key)) continue
    written.delete(key)
  }
}

/** A name record is written with the first head under the name, and deleted with the last. */
function moveName(
  keys: RecordKeys,
  stored: HeadSnapshot | null,
  lineage: Lineage | null,
  secretName: string,
  written: Written,
): void {
  const state = lineage?.state ?? null
  if (state === null) {
    if (stored === null) return
    written.set(headKey(secretName), null)
    written.set(nameKey(secretName), null)
    return
  }
  if (stored !== null && equalBytes(stored.state.secretId, state.secretId)) return
  const value = sealName(keys, secretName, state.secretId)
  written.set(nameKey(secretName), value)
}

/**
 * The guard on the root prevents forks by concurrent writers. The guards on heads and other records
 * detect that one of them was rolled back alone. The guards on new places prevent overwriting a
 * version record.
 */
function guardsOf(round: Round, places: readonly StorageKey[]): Guard[] {
  const guards: Guard[] = [{ key: ROOT_KEY, value: round.committed.root.bytes }]
  for (const secretName of round.guardedNames) {
    guards.push({ key: headKey(secretName), value: round.storedHead(secretName)?.bytes ?? null })
  }
  for (const key of round.guardedKeys) {
    guards.push({ key, value: round.committed.records.get(key) ?? null })
  }
  for (const key of places) guards.push({ key, value: null })
  return guards
}
