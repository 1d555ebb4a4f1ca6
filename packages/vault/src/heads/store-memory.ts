/**
 * What this process has seen of the store, so that it notices when the store goes back: the newest
 * generation of each secret, of the root and of the keyring, and which secrets are gone.
 *
 * A read that was asked for before something was seen may be answered with what was there before;
 * one that was asked for afterwards may not. So everything is remembered with its moment.
 */

import { SEEN_SECRETS_MIN } from '@stagevault/core/limits'
import { platform } from '#platform'
import { createRecentMap } from '../session/recent-map.js'
import type { GenerationMemory } from './generation-memory.js'
import { createGenerationMemory, wentBack } from './generation-memory.js'
import type { HeadSnapshot } from './head-snapshot.js'

export interface StoreMemory {
  /** The moment before a read is issued, for the checks of what it is answered with. */
  now(): number
  readonly root: GenerationMemory
  readonly keyring: GenerationMemory
  /**
   * Remembers a head that was read or written.
   *
   * @param isInUse - not where it was only looked at with many others: then it pushes out none
   * @returns the name under which the secret was seen before, `null` where it had none, or
   *   `undefined` where something later was seen of it.
   */
  note(head: HeadSnapshot, isInUse: boolean): string | null | undefined
  /**
   * Counts as a use of what is remembered of a secret; where it was forgotten since, it is
   * remembered again.
   *
   * @param moment - when `head` was seen at the latest
   */
  recall(head: HeadSnapshot, moment: number): void
  /** Whether the secret was seen at that moment already. */
  hasSeen(head: HeadSnapshot, asked: number): boolean
  /** Remembers that a secret was deleted. */
  bury(head: HeadSnapshot): void
  /** Remembers that a secret was not found under its name: deleted, or renamed by others. */
  miss(head: HeadSnapshot): void
  /**
   * @throws {@link VaultError} `ROLLBACK_DETECTED` for an earlier head than one that was seen, and
   *   for one that does not follow from it.
   */
  requireNotOlder(head: HeadSnapshot, asked: number): void
  clear(): void
}

interface Seen {
  /** Infinite once the secret was deleted: nothing of it comes after that. */
  readonly generation: number
  readonly hash: Uint8Array
  /** `null` where it is under another name, or gone. */
  readonly secretName: string | null
  readonly moment: number
}

export function createStoreMemory(): StoreMemory {
  let moment = 0
  const tick = (): number => ++moment
  const secrets = createRecentMap<string, Seen>(SEEN_SECRETS_MIN)
  const root = createGenerationMemory('vault root', tick)
  const keyring = createGenerationMemory('keyring', tick)

  function remember(head: HeadSnapshot, generation: number, secretName: string | null): void {
    secrets.set(head.id, { generation, hash: head.hash(), secretName, moment: tick() })
  }

  return {
    now: () => moment,
    root,
    keyring,
    note: (head, isInUse) => {
      const { generation, secretName } = head.state
      const seen = isInUse ? secrets.get(head.id) : secrets.peek(head.id)
      if (seen === undefined && !isInUse && !secrets.hasRoom()) return null
      if (seen !== undefined && isLater(seen, head)) return undefined
      if (seen?.generation !== generation) remember(head, generation, secretName)
      return seen?.secretName ?? null
    },
    recall: (head, at) => {
      if (secrets.get(head.id) !== undefined) return
      const { generation, secretName } = head.state
      secrets.set(head.id, { generation, hash: head.hash(), secretName, moment: at })
    },
    hasSeen: ({ id }, asked) => {
      const seen = secrets.get(id)
      return seen !== undefined && seen.moment <= asked
    },
    bury: (head) => {
      remember(head, Infinity, null)
    },
    miss: (head) => {
      const { generation } = head.state
      const seen = secrets.get(head.id)
      if (seen === undefined || seen.generation <= generation) remember(head, generation, null)
    },
    requireNotOlder: (head, asked) => {
      const seen = secrets.peek(head.id)
      if (seen === undefined) return
      const { secretName } = head.state
      if (isFork(seen, head)) throw wentBack(`another head of secret ${secretName}`)
      if (seen.moment > asked || !isLater(seen, head)) return
      throw wentBack(`an earlier head of secret ${secretName}`)
    },
    clear: () => {
      secrets.clear()
      root.clear()
      keyring.clear()
    },
  }
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
  return seen.generation + 1 === state.generation &&
    !platform.isSame(seen.hash, state.previousHeadHash)
}
