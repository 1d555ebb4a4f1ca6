/**
 * Heads that were authenticated before. A head is still read at every operation, or compared by
 * the guard of a commit; where its bytes are those that the cache knows, its MAC and its fields
 * need not be looked at again. Nothing has to be invalidated, and a store that changes a head
 * cannot hide behind the cache.
 */

import { HEADS_MIN } from '@stagevault/core/limits'
import { openHead } from '@stagevault/core/records/head-record'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import { platform } from '#platform'
import type { RecentMap } from '../session/recent-map.js'
import { createRecentMap } from '../session/recent-map.js'
import { wentBack } from './generation-memory.js'
import type { HeadSnapshot } from './head-snapshot.js'
import { headSnapshot } from './head-snapshot.js'
import type { StoreMemory } from './store-memory.js'

export interface HeadCache {
  /** The head last seen under this name: a guess, to be checked against the store. */
  guess(secretName: string): HeadSnapshot | null
  /**
   * What `bytes` say, authenticated now or before, and kept if it is the newest.
   *
   * @param asked - the moment at which they were asked for
   * @param root - the generation of the root that was read with them, 0 where it is unknown
   * @throws {@link VaultError} `ROLLBACK_DETECTED` and other codes of the integrity group
   */
  open(secretName: string, bytes: Uint8Array, asked: number, root: number): HeadSnapshot
  /** The same; `null` where the name has passed to another secret, for which a root must vouch. */
  tryOpen(secretName: string, bytes: Uint8Array, asked: number): HeadSnapshot | null
  /** The same for who looks at all secrets, and must not push out those in use. */
  peek(secretName: string, bytes: Uint8Array, asked: number): HeadSnapshot
  /**
   * Keeps a head that this process wrote.
   *
   * @param asked - the moment before it was written
   * @param root - the generation of the root that was written with it, 0 for none
   */
  keep(head: HeadSnapshot, asked: number, root: number): void
  /** Makes no guess about this name until its head is read again. */
  doubt(secretName: string): void
  /** Forgets a secret that this process deleted. */
  bury(head: HeadSnapshot): void
  /** Forgets one that was not found. */
  miss(head: HeadSnapshot): void
  clear(): void
}

interface Known {
  readonly head: HeadSnapshot
  readonly moment: number
  /** A generation of the root that the vault had reached when the head was still there. */
  root: number
}

/** What the functions of a cache work on. */
interface Cache {
  readonly keys: RecordKeys
  readonly memory: StoreMemory
  readonly known: RecentMap<string, Known>
}

export function createHeadCache(keys: RecordKeys, memory: StoreMemory): HeadCache {
  const known = createRecentMap<string, Known>(HEADS_MIN)
  const cache: Cache = { keys, memory, known }
  return {
    guess: (secretName) => known.get(secretName)?.head ?? null,
    open: (secretName, bytes, asked, root) => {
      const before = known.get(secretName)
      const head = read(cache, before, secretName, bytes, asked)
      if (before !== undefined && isGone(cache, before, head, asked)) {
        requireMadeSince(before, head, root)
      }
      keepRead(cache, head, asked, root)
      return head
    },
    tryOpen: (secretName, bytes, asked) => {
      const before = known.get(secretName)
      const head = read(cache, before, secretName, bytes, asked)
      if (before !== undefined && isGone(cache, before, head, asked)) return null
      keepRead(cache, head, asked, 0)
      return head
    },
    peek: (secretName, bytes, asked) => {
      const before = known.peek(secretName)
      const head = read(cache, before, secretName, bytes, asked)
      if (before === undefined) look(cache, head)
      else if (before.head.id === head.id) keepRead(cache, head, asked, 0)
      return head
    },
    keep: (head, asked, root) => {
      keep(cache, head, asked, root)
    },
    doubt: (secretName) => {
      known.delete(secretName)
    },
    bury: (head) => {
      known.delete(head.state.secretName)
      memory.bury(head)
    },
    miss: (head) => {
      known.delete(head.state.secretName)
      memory.miss(head)
    },
    clear: () => {
      known.clear()
    },
  }
}

/** The head in `bytes`. What is in use is remembered again where it was forgotten. */
function read(
  { keys, memory }: Cache,
  before: Known | undefined,
  secretName: string,
  bytes: Uint8Array,
  asked: number,
): HeadSnapshot {
  if (before !== undefined) {
    memory.recall(before.head, before.moment)
    if (platform.isSame(before.head.bytes, bytes)) return before.head
  }
  const head = headSnapshot(keys.primitives, bytes, openHead(keys, secretName, bytes))
  memory.requireNotOlder(head, asked)
  return head
}

/** Whether `head` shows that the secret that had its name before has it no longer. */
function isGone({ memory }: Cache, before: Known, head: HeadSnapshot, asked: number): boolean {
  return before.head.id !== head.id && memory.hasSeen(before.head, asked)
}

function keepRead(cache: Cache, head: HeadSnapshot, asked: number, root: number): void {
  const before = cache.known.peek(head.state.secretName)
  if (before?.head === head) before.root = Math.max(before.root, rootAt(cache, asked, root))
  else keep(cache, head, asked, root)
}

function keep(cache: Cache, head: HeadSnapshot, asked: number, root: number): void {
  const { memory, known } = cache
  const { secretName } = head.state
  const formerName = memory.note(head, true)
  // Of two answers, that to the earlier question may come last.
  if (formerName === undefined) return
  if (formerName !== null && formerName !== secretName) known.delete(formerName)
  const other = known.get(secretName)
  if (other !== undefined && other.head.id !== head.id) {
    // Two secrets of one name: the other one is gone if it was known when this one was asked for.
    if (!memory.hasSeen(other.head, asked)) return
    memory.miss(other.head)
  }
  known.set(secretName, { head, moment: memory.now(), root: rootAt(cache, asked, root) })
}

function look({ memory, known }: Cache, head: HeadSnapshot): void {
  const formerName = memory.note(head, false)
  if (formerName !== undefined && formerName !== null) known.delete(formerName)
}

function rootAt({ memory }: Cache, asked: number, root: number): number {
  return root === 0 ? memory.root.at(asked) : root
}

/**
 * A first head is under the name that the secret was created with, and with every creation the root
 * moves on. One that was renamed since may have been there before.
 */
function requireMadeSince(before: Known, head: HeadSnapshot, root: number): void {
  if (head.state.generation > 1 || root === 0 || root > before.root) return
  throw wentBack(`an earlier secret ${head.state.secretName}`)
}
