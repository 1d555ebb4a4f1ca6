/**
 * Heads that were authenticated before. A head is still read at every operation, or compared by
 * the guard of a commit; where its bytes are those that the cache knows, its MAC and its fields
 * need not be looked at again. Nothing has to be invalidated, and a store that changes a head
 * cannot hide behind the cache.
 */

import { CURRENT_PLACES_MIN, HEADS_BYTES_MIN } from '@stagevault/core/limits'
import { currentVersion } from '@stagevault/core/model/secret-state'
import { openHead } from '@stagevault/core/records/head-record'
import { versionKey } from '@stagevault/core/records/layout'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import type { StorageKey } from '@stagevault/storage'
import { platform } from '#platform'
import type { HeadSnapshot } from './head-snapshot.js'
import { headSnapshot } from './head-snapshot.js'
import type { RecentMap } from './recent-map.js'
import { createRecentMap } from './recent-map.js'
import type { LogicalTime, RollbackGuard } from './rollback-guard.js'
import { wentBack } from './rollback-guard.js'

export interface HeadCache {
  /** The head last seen under this name, to be checked against the store. */
  getCached(secretName: string): HeadSnapshot | null
  /**
   * Where the current version of this name was kept when its head was seen last, also long after
   * the head was forgotten: a guess that saves a read.
   */
  currentPlace(secretName: string): StorageKey | null
  /**
   * What `bytes` say, authenticated now or before, and kept if it is the newest.
   *
   * @param readAt - the logical time before they were read
   * @param epoch - of the root that was read with them
   * @throws {@link VaultError} `ROLLBACK_DETECTED` and other codes of the integrity group
   */
  open(secretName: string, bytes: Uint8Array, readAt: LogicalTime, epoch: number): HeadSnapshot
  /**
   * The same without a root; `null` where the name has passed to another secret, for which a root
   * must vouch.
   */
  openAlone(secretName: string, bytes: Uint8Array, readAt: LogicalTime): HeadSnapshot | null
  /** The same for a scan of all secrets, which must not push out those in use. */
  openForScan(secretName: string, bytes: Uint8Array, readAt: LogicalTime): HeadSnapshot
  /**
   * Keeps a head that this vault wrote.
   *
   * @param writtenAt - the logical time before it was written
   * @param epoch - of the root that was written with it
   */
  put(head: HeadSnapshot, writtenAt: LogicalTime, epoch: number): void
  /** Forgets the head under this name until it is read again. */
  invalidate(secretName: string): void
  /** Forgets a secret that this vault deleted. */
  markDeleted(head: HeadSnapshot): void
  /** Forgets one that was not found. */
  markMissing(head: HeadSnapshot): void
  clear(): void
}

interface Known {
  readonly head: HeadSnapshot
  readonly seenAt: LogicalTime
  /** An epoch that the vault had reached when the head was still there. */
  epoch: number
}

/** What the functions of a cache work on. */
interface Cache {
  readonly keys: RecordKeys
  readonly guard: RollbackGuard
  readonly known: RecentMap<string, Known>
  readonly places: RecentMap<string, StorageKey>
}

/** What an entry takes beside the head's bytes: the decoded state, as seen in V8. */
const ENTRY_BYTES = 2_048

export function createHeadCache(keys: RecordKeys, guard: RollbackGuard): HeadCache {
  const known = createRecentMap<string, Known>(
    HEADS_BYTES_MIN,
    ({ head }) => head.bytes.length + ENTRY_BYTES,
  )
  const places = createRecentMap<string, StorageKey>(CURRENT_PLACES_MIN)
  const cache: Cache = { keys, guard, known, places }
  return {
    getCached: (secretName) => known.get(secretName)?.head ?? null,
    currentPlace: (secretName) => places.get(secretName) ?? null,
    open: (secretName, bytes, readAt, epoch) => {
      const before = known.get(secretName)
      const head = read(cache, before, secretName, bytes, readAt)
      if (before !== undefined && isGone(cache, before, head, readAt) && epoch <= before.epoch) {
        // Every commit raises the epoch, so in this one the name still belonged to the other.
        throw wentBack(`an earlier secret ${secretName}`)
      }
      keepRead(cache, head, readAt, epoch)
      return head
    },
    openAlone: (secretName, bytes, readAt) => {
      const before = known.get(secretName)
      const head = read(cache, before, secretName, bytes, readAt)
      if (before !== undefined && isGone(cache, before, head, readAt)) return null
      keepRead(cache, head, readAt, guard.epochAt(readAt))
      return head
    },
    openForScan: (secretName, bytes, readAt) => {
      const before = known.peek(secretName)
      const head = read(cache, before, secretName, bytes, readAt)
      if (before === undefined) lookAt(cache, head)
      else if (before.head.id === head.id) keepRead(cache, head, readAt, guard.epochAt(readAt))
      return head
    },
    put: (head, writtenAt, epoch) => {
      keep(cache, head, writtenAt, epoch)
    },
    invalidate: (secretName) => {
      known.delete(secretName)
    },
    markDeleted: (head) => {
      known.delete(head.state.secretName)
      guard.markDeleted(head)
    },
    markMissing: (head) => {
      known.delete(head.state.secretName)
      guard.markMissing(head)
    },
    clear: () => {
      known.clear()
      places.clear()
    },
  }
}

/** The head in `bytes`. What is in use is remembered again where it was forgotten. */
function read(
  { keys, guard }: Cache,
  before: Known | undefined,
  secretName: string,
  bytes: Uint8Array,
  readAt: LogicalTime,
): HeadSnapshot {
  if (before !== undefined) {
    guard.touch(before.head, before.seenAt)
    if (platform.isSame(before.head.bytes, bytes)) return before.head
  }
  const head = headSnapshot(keys.primitives, bytes, openHead(keys, secretName, bytes))
  guard.requireCurrent(head, readAt)
  return head
}

/** Whether `head` shows that the secret that had its name before has it no longer. */
function isGone({ guard }: Cache, before: Known, head: HeadSnapshot, readAt: LogicalTime): boolean {
  return before.head.id !== head.id && guard.hadSeen(before.head, readAt)
}

function keepRead(cache: Cache, head: HeadSnapshot, readAt: LogicalTime, epoch: number): void {
  const before = cache.known.peek(head.state.secretName)
  if (before?.head === head) before.epoch = Math.max(before.epoch, epoch)
  else keep(cache, head, readAt, epoch)
}

function keep(cache: Cache, head: HeadSnapshot, readAt: LogicalTime, epoch: number): void {
  const { guard, known } = cache
  const { secretName } = head.state
  const formerName = guard.observe(head, true)
  // Of two answers, that to the earlier read may come last.
  if (formerName === undefined) return
  if (formerName !== null && formerName !== secretName) known.delete(formerName)
  const other = known.get(secretName)
  if (other !== undefined && other.head.id !== head.id) {
    // Two secrets of one name: the other one is gone if it was known when this one was read.
    if (!guard.hadSeen(other.head, readAt)) return
    guard.markMissing(other.head)
  }
  known.set(secretName, { head, seenAt: guard.time(), epoch })
  cache.places.set(secretName, versionKey(head.state.secretId, currentVersion(head.state).number))
}

function lookAt({ guard, known }: Cache, head: HeadSnapshot): void {
  const formerName = guard.observe(head, false)
  if (formerName !== undefined && formerName !== null) known.delete(formerName)
}
