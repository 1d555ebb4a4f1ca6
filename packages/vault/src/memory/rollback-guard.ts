/**
 * What this vault has seen of its store, so that it notices when the store goes back: the newest
 * root, the newest generation of each secret, and which secrets are gone.
 *
 * A read that was issued before something was seen may be answered with what was there before; one
 * that was issued afterwards may not. So everything is remembered with its logical time.
 */

import { VaultError } from '@stagevault/core/errors'
import { SEEN_SECRETS_MIN } from '@stagevault/core/limits'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import { platform } from '#platform'
import type { HeadSnapshot } from './head-snapshot.js'
import { createRecentMap } from './recent-map.js'

/** A counter of what was seen; not the time of a clock. */
export type LogicalTime = number

/** The root as it is stored, and what it says. */
export interface StoredRoot {
  readonly bytes: Uint8Array
  readonly state: VaultRoot
}

export interface RollbackGuard {
  /** The logical time before a read is issued, for the checks of its answer. */
  time(): LogicalTime
  /** The newest root that was read or written, or `null` before the first. */
  newestRoot(): StoredRoot | null
  /** The epoch of the newest root that was known at that time, 0 for none. */
  epochAt(time: LogicalTime): number
  /** Remembers a root that was read or written. */
  observeRoot(root: StoredRoot): void
  /**
   * @throws {@link VaultError} `ROLLBACK_DETECTED` for an earlier root than one that was known when
   *   the read was issued, and for another root of an epoch that is known.
   */
  requireCurrentRoot(root: StoredRoot, readAt: LogicalTime): void
  /**
   * Remembers a head that was read or written.
   *
   * @param isInUse - not where it was only looked at with many others: then it pushes out none
   * @returns the name under which the secret was seen before, `null` where it had none, or
   *   `undefined` where something later was seen of it.
   */
  observe(head: HeadSnapshot, isInUse: boolean): string | null | undefined
  /**
   * Counts as a use of what is remembered of a secret; where it was forgotten since, it is
   * remembered again.
   *
   * @param seenAt - when `head` was seen at the latest
   */
  touch(head: HeadSnapshot, seenAt: LogicalTime): void
  /** Whether the secret was seen at that time already. */
  hadSeen(head: HeadSnapshot, time: LogicalTime): boolean
  /** Remembers that this vault deleted a secret. */
  markDeleted(head: HeadSnapshot): void
  /** Remembers that a secret was not found under its name: deleted, or renamed by others. */
  markMissing(head: HeadSnapshot): void
  /**
   * @throws {@link VaultError} `ROLLBACK_DETECTED` for an earlier head than one that was known when
   *   the read was issued, and for one that does not follow from it.
   */
  requireCurrent(head: HeadSnapshot, readAt: LogicalTime): void
  clear(): void
}

interface Seen {
  /** Infinite once the secret was deleted: no head of it comes after that. */
  readonly generation: number
  readonly hash: Uint8Array
  /** `null` where it is under another name, or gone. */
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
        throw wentBack('another vault root')
      }
      if (rootTime <= readAt && epoch < root.state.epoch) throw wentBack('an earlier vault root')
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
      if (isFork(seen, head)) throw wentBack(`another head of secret ${secretName}`)
      if (seen.time > readAt || !isLater(seen, head)) return
      throw wentBack(`an earlier head of secret ${secretName}`)
    },
    clear: () => {
      secrets.clear()
      root = null
    },
  }
}

/** The error for a store that returned an older state than this vault has already seen. */
export function wentBack(what: string): VaultError {
  const message = `the store returned ${what} than this vault has seen before: it was rolled back`
  return new VaultError('ROLLBACK_DETECTED', message)
}

/** Whether `seen` is what became of a secret that had this head. */
function isLater(seen: Seen, { state: { generation, secretName } }: HeadSnapshot): boolean {
  if (seen.generation !== generation) return seen.generation > generation
  return seen.secretName !== secretName
}

/** Whether `seen` and `head` come of two histories: in one, each head names that before it. */
function isFork(seen: Seen, head: HeadSnapshot): boolean {
  const { state } = head
  if (seen.generation === state.generation) return !platform.isSame(seen.hash, head.hash())
  return (
    seen.generation + 1 === state.generation && !platform.isSame(seen.hash, state.previousHeadHash)
  )
}
