/**
 * What this vault has seen of its store, so that it can detect a rollback: the newest root, the
 * newest generation of each secret, and which secrets are gone.
 *
 * A read issued before an observation may still return the older state; a read issued after it may
 * not. So each observation is recorded with its logical time.
 */

import { VaultError } from '@stagevault/core/errors'
import { SEEN_SECRETS_MIN } from '@stagevault/core/limits'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import { platform } from '#platform'
import type { HeadSnapshot } from './head-snapshot.js'
import { createRecentMap } from './recent-map.js'

/** A counter of observations; not the time of a clock. */
export type LogicalTime = number

/** The root as it is stored, and its decoded state. */
export interface StoredRoot {
  readonly bytes: Uint8Array
  readonly state: VaultRoot
}

export interface RollbackGuard {
  /**
   * The current logical time. Taken before a read is issued, and passed to the checks of its
   * result.
   */
  time(): LogicalTime
  /** The newest root that was read or written, or `null` before the first. */
  newestRoot(): StoredRoot | null
  /** The epoch of the newest root if it was known at that time, otherwise 0. */
  epochAt(time: LogicalTime): number
  /** Records a root that was read or written. */
  observeRoot(root: StoredRoot): void
  /**
   * @throws {@link VaultError} `ROLLBACK_DETECTED` for a root older than one known when the read
   *   was issued, and for a different root of a known epoch
   */
  requireCurrentRoot(root: StoredRoot, readAt: LogicalTime): void
  /**
   * Records a head that was read or written.
   *
   * @param isInUse - `false` for a head seen in a scan, which must not push out entries in use
   * @returns the name under which the secret was seen before; `null` if it had none; `undefined` if
   *   a later state of the secret was already seen
   */
  observe(head: HeadSnapshot, isInUse: boolean): string | null | undefined
  /**
   * Counts as a use of the secret's entry, and records the entry again if it was dropped.
   *
   * @param seenAt - the logical time at which `head` was last seen
   */
  touch(head: HeadSnapshot, seenAt: LogicalTime): void
  /** Whether the secret had been seen by that time. */
  hadSeen(head: HeadSnapshot, time: LogicalTime): boolean
  /** Records that this vault deleted a secret. */
  markDeleted(head: HeadSnapshot): void
  /** Records that a secret was not found under its name: other handles deleted or renamed it. */
  markMissing(head: HeadSnapshot): void
  /**
   * @throws {@link VaultError} `ROLLBACK_DETECTED` for a head older than one known when the read
   *   was issued, and for one that does not follow from it
   */
  requireCurrent(head: HeadSnapshot, readAt: LogicalTime): void
  clear(): void
}

interface Seen {
  /** Infinite once the secret was deleted: no later head exists. */
  readonly generation: number
  readonly hash: Uint8Array
  /** `null` if the secret has another name, or is gone. */
  readonly secretName: string | null
  readonly time: LogicalTime
}

export function createRollbackGuard(): RollbackGuard {
  let now: LogicalTime = 0
  let root: StoredRoot | null = null
  let rootTime: LogicalTime = 0
  const secrets = createRecentMap<string, Seen>(SEEN_SECRETS_MIN)

  function remember(head: HeadSnapshot, generation: number, secretName: string | null): void {
    now++
    secrets.set(head.id, { generation, hash: head.hash(), secretName, time: now })
  }

  return {
    time: () => now,
    newestRoot: () => root,
    epochAt: (time) => (root !== null && rootTime <= time ? root.state.epoch : 0),
    observeRoot: (seen) => {
      if (root !== null && seen.state.epoch <= root.state.epoch) return
      root = seen
      rootTime = ++now
    },
    requireCurrentRoot: (found, readAt) => {
      if (root === null) return
      const { epoch } = found.state
      if (epoch === root.state.epoch && !platform.isSame(found.bytes, root.bytes)) {
        throw rollbackDetected('another vault root')
      }
      if (rootTime <= readAt && epoch < root.state.epoch)
        throw rollbackDetected('an earlier vault root')
    },
    observe: (head, isInUse) => {
      const { generation, secretName } = head.state
      const seen = isInUse ? secrets.get(head.id) : secrets.peek(head.id)
      if (seen === undefined && !isInUse && !secrets.hasRoom()) return null
      if (seen !== undefined && isLater(seen, head)) return undefined
      if (seen?.generation !== generation) remember(head, generation, secretName)
      return seen?.secretName ?? null
    },
    touch: (head, seenAt) => {
      if (secrets.get(head.id) !== undefined) return
      const { generation, secretName } = head.state
      secrets.set(head.id, { generation, hash: head.hash(), secretName, time: seenAt })
    },
    hadSeen: ({ id }, time) => {
      const seen = secrets.get(id)
      return seen !== undefined && seen.time <= time
    },
    markDeleted: (head) => {
      remember(head, Infinity, null)
    },
    markMissing: (head) => {
      const { generation } = head.state
      const seen = secrets.get(head.id)
      if (seen === undefined || seen.generation <= generation) remember(head, generation, null)
    },
    requireCurrent: (head, readAt) => {
      const seen = secrets.peek(head.id)
      if (seen === undefined) return
      const { secretName } = head.state
      if (isFork(seen, head)) throw rollbackDetected(`another head of secret ${secretName}`)
      if (seen.time > readAt || !isLater(seen, head)) return
      throw rollbackDetected(`an earlier head of secret ${secretName}`)
    },
    clear: () => {
      secrets.clear()
      root = null
    },
  }
}

/** The error for a store that returned an older state than this vault has already seen. */
export function rollbackDetected(what: string): VaultError {
  const message = `the store returned ${what} than this vault has seen before: it was rolled back`
  return new VaultError('ROLLBACK_DETECTED', message)
}

/** Whether `seen` is a later state of the secret than this head. */
function isLater(seen: Seen, { state: { generation, secretName } }: HeadSnapshot): boolean {
  if (seen.generation !== generation) return seen.generation > generation
  return seen.secretName !== secretName
}

/**
 * Whether `seen` and `head` belong to different histories. In one history, each head contains the
 * hash of the head before it.
 */
function isFork(seen: Seen, head: HeadSnapshot): boolean {
  const { state } = head
  if (seen.generation === state.generation) return !platform.isSame(seen.hash, head.hash())
  return (
    seen.generation + 1 === state.generation && !platform.isSame(seen.hash, state.previousHeadHash)
  )
}
