/**
 * Heads that were authenticated before. A head is still read at every operation, or compared by
 * the guard of a commit; where its bytes are those that the cache knows, its MAC and its fields
 * need not be looked at again. Nothing has to be invalidated, and a store that changes a head
 * cannot hide behind the cache.
 */

import { HEADS_MIN } from '@stagevault/core/limits'
import { openHead } from '@stagevault/core/records/head-record'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { platform } from '#platform'
import { createRecentMap } from '../session/recent-map.js'
import type { StoreMemory } from './store-memory.js'

/** A head as it is stored, and what it says. */
export interface HeadSnapshot {
  readonly bytes: Uint8Array
  readonly state: SecretState
}

export interface HeadCache {
  /** The head last seen under this name: a guess, to be checked against the store. */
  guess(secretName: string): HeadSnapshot | null
  /**
   * What `bytes` say, authenticated now or before, and kept if it is the newest.
   *
   * @param asked - the moment at which they were asked for
   * @throws {@link VaultError} `ROLLBACK_DETECTED` and other codes of the integrity group
   */
  open(secretName: string, bytes: Uint8Array, asked: number): HeadSnapshot
  /** The same without keeping it: who looks at all secrets must not push out those in use. */
  peek(secretName: string, bytes: Uint8Array, asked: number): HeadSnapshot
  /**
   * Keeps a head that this process wrote.
   *
   * @param asked - the moment before it was written
   */
  keep(head: HeadSnapshot, asked: number): void
  /** Makes no guess about this name until its head is read again. */
  doubt(secretName: string): void
  /** Forgets a secret that this process deleted. */
  bury(state: SecretState): void
  /** Forgets one that was not found. */
  miss(state: SecretState): void
  clear(): void
}

export function createHeadCache(keys: RecordKeys, memory: StoreMemory): HeadCache {
  const known = createRecentMap<string, HeadSnapshot>(HEADS_MIN)

  function keep(head: HeadSnapshot, asked: number): void {
    const { secretName, secretId } = head.state
    const formerName = memory.note(head.state)
    // Of two answers, that to the earlier question may come last.
    if (formerName === undefined) return
    if (formerName !== null && formerName !== secretName) known.delete(formerName)
    const other = known.get(secretName)?.state
    if (other !== undefined && !platform.isSame(other.secretId, secretId)) {
      // Two secrets of one name: the other one is gone if it was known when this one was asked for.
      if (!memory.hasSeen(other, asked)) return
      memory.miss(other)
    }
    known.set(secretName, head)
  }

  function peek(secretName: string, bytes: Uint8Array, asked: number): HeadSnapshot {
    const before = known.peek(secretName)
    if (before !== undefined && platform.isSame(before.bytes, bytes)) return before
    const head = { bytes, state: openHead(keys, secretName, bytes) }
    memory.requireNotOlder(head.state, asked)
    return head
  }

  return {
    guess: (secretName) => known.get(secretName) ?? null,
    open: (secretName, bytes, asked) => {
      const head = peek(secretName, bytes, asked)
      if (known.get(secretName) !== head) keep(head, asked)
      return head
    },
    peek,
    keep,
    doubt: (secretName) => {
      known.delete(secretName)
    },
    bury: (state) => {
      known.delete(state.secretName)
      memory.bury(state)
    },
    miss: (state) => {
      known.delete(state.secretName)
      memory.miss(state)
    },
    clear: () => {
      known.clear()
    },
  }
}
