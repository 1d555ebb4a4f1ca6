/**
 * A cache of authenticated heads. Every operation still reads the head, or a guard of its commit
 * compares it. If the stored bytes equal the cached ones, their MAC and fields need not be checked
 * again. A stale entry is never trusted, so the cache cannot hide a changed head.
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
import { rollbackDetected } from './rollback-guard.js'

export interface HeadCache {
  /** The head last seen under this name. The caller must check it against the store. */
  getCached(secretName: string): HeadSnapshot | null
  /**
   * The key of the current version when the secret's head was last seen, even if that head was
   * dropped since. It may be outdated: a caller uses it to save a read, and checks the result.
   */
  currentPlace(secretName: string): StorageKey | null
  /**
   * The head in `bytes`, authenticated now or before. It is cached if it is the newest.
   *
   * @param readAt - the logical time before the read
   * @param epoch - of the root that was read with it
   * @throws {@link VaultError} `ROLLBACK_DETECTED` and other codes of the integrity group
   */
  open(secretName: string, bytes: Uint8Array, readAt: LogicalTime, epoch: number): HeadSnapshot
  /**
   * Like {@link HeadCache.open} without a root. Returns `null` if the name has passed to another
   * secret, which only a root of the same snapshot can prove.
   */
  openAlone(secretName: string, bytes: Uint8Array, readAt: LogicalTime): HeadSnapshot | null
  /**
   * Like {@link HeadCache.open}, for a scan of all secrets, which must not push out entries in use.
   */
  openForScan(secretName: string, bytes: Uint8Array, readAt: LogicalTime): HeadSnapshot
  /**
   * Caches a head that this vault wrote.
   *
   * @param writtenAt - the logical time before it was written
   * @param epoch - of the root that was written with it
   */
  put(head: HeadSnapshot, writtenAt: LogicalTime, epoch: number): void
  /** Drops the head under this name until it is read again. */
  invalidate(secretName: string): void
  /** Drops a secret that this vault deleted. */
  markDeleted(head: HeadSnapshot): void
  /** Drops a secret that was not found in the store. */
  markMissing(head: HeadSnapshot): void
  clear(): void
}

interface Known {
  readonly head: HeadSnapshot
  readonly seenAt: LogicalTime
  /** An epoch that the vault had reached while this head was still stored. */
  epoch: number
}

/** The state that the functions of a cache share. */
interface Cache {
  readonly keys: RecordKeys
  readonly guard: RollbackGuard
  readonly known: RecentMap<string, Known>
  readonly places: RecentMap<string, StorageKey>
}

/** Bytes that an entry uses in addition to the head's bytes: the decoded state, measured in V8. */
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
        // Every commit raises the epoch, so at this epoch the name still belonged to the other
        // secret.
        throw rollbackDetected(`an earlier secret ${secretName}`)
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

/** Decodes the head in `bytes`, and records a secret in use again if the guard dropped it. */
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

/** Whether `head` shows that the secret that had this name before no longer has it. */
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
  // Answers may arrive out of order: a later state is already recorded.
  if (formerName === undefined) return
  if (formerName !== null && formerName !== secretName) known.delete(formerName)
  const other = known.get(secretName)
  if (other !== undefined && other.head.id !== head.id) {
    // Two secrets under one name: the other is gone if it was known when this read was issued.
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
