/**
 * Heads that were authenticated before. A head is still read at every operation; where its bytes
 * are those that the cache knows, its MAC and its fields need not be looked at again. Nothing has
 * to be invalidated, and a store that changes a head cannot hide behind the cache.
 */

import { equalBytes } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { openHead } from '@stagevault/core/records/head-record'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { platform } from '#platform'

/** A head as it is stored, and what it says. */
export interface HeadSnapshot {
  readonly bytes: Uint8Array
  readonly state: SecretState
}

export interface HeadCache {
  /** The head that was last seen under this name: a guess, to be checked against the store. */
  guess(secretName: string): SecretState | null
  /** What `bytes` say, authenticated now or before. */
  open(secretName: string, bytes: Uint8Array): HeadSnapshot
  /** Keeps a head that this process wrote. */
  keep(head: HeadSnapshot): void
  clear(): void
}

/** Heads that are remembered at least; each takes some 4 KiB with ten versions. */
const HEADS_MIN = 1024

export function createHeadCache(keys: RecordKeys): HeadCache {
  // Forgotten as a whole when there are enough later ones: a map in order of use would be written
  // to at every read.
  let recent = new Map<string, HeadSnapshot>()
  let earlier = new Map<string, HeadSnapshot>()

  function keep(head: HeadSnapshot): void {
    recent.set(head.state.secretName, head)
    if (recent.size < HEADS_MIN) return
    earlier = recent
    recent = new Map()
  }

  function find(secretName: string): HeadSnapshot | null {
    const head = recent.get(secretName)
    if (head !== undefined) return head
    const before = earlier.get(secretName)
    if (before === undefined) return null
    keep(before)
    return before
  }

  return {
    guess: (secretName) => find(secretName)?.state ?? null,
    open: (secretName, bytes) => {
      const known = find(secretName)
      if (known !== null && platform.isSame(known.bytes, bytes)) return known
      const head = { bytes, state: openHead(keys, secretName, bytes) }
      if (known === null || !isOlder(known.state, head.state)) keep(head)
      return head
    },
    keep,
    clear: () => {
      recent.clear()
      earlier.clear()
    },
  }
}

/**
 * Refuses a head that is older than one that was seen before it was asked for: the store put it
 * back. Heads that were not seen, or not lately, are not protected so; see the threat model.
 *
 * @param before - the guess of the cache when the read was issued, not when it was answered: a
 *   head that was written in between is no rollback
 * @throws {@link VaultError} `ROLLBACK_DETECTED`
 */
export function requireNotOlder(before: SecretState | null, now: SecretState): void {
  if (before === null || !isOlder(before, now)) return
  const message = `the store gives an earlier head of secret ${now.secretName} than it gave before`
  throw new VaultError('ROLLBACK_DETECTED', message)
}

/** Whether `now` is an earlier state of the secret that `before` is a state of. */
export function isOlder(before: SecretState, now: SecretState): boolean {
  return now.generation < before.generation && equalBytes(before.secretId, now.secretId)
}
