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

/** Heads kept at most; each takes some 4 KiB with ten versions. */
const HEADS_MAX = 1024

export function createHeadCache(keys: RecordKeys): HeadCache {
  // In order of use, the least recent first.
  const heads = new Map<string, HeadSnapshot>()

  function keep(head: HeadSnapshot): void {
    const { secretName } = head.state
    heads.delete(secretName)
    heads.set(secretName, head)
    if (heads.size <= HEADS_MAX) return
    for (const oldest of heads.keys()) {
      heads.delete(oldest)
      return
    }
  }

  return {
    guess: (secretName) => heads.get(secretName)?.state ?? null,
    open: (secretName, bytes) => {
      const known = heads.get(secretName)
      const isKnown = known !== undefined && isSame(known.bytes, bytes)
      const head = isKnown ? known : { bytes, state: openHead(keys, secretName, bytes) }
      if (known === undefined || !isOlder(known.state, head.state)) keep(head)
      return head
    },
    keep,
    clear: () => {
      heads.clear()
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

/** Heads are not secret: the comparison may end at the first difference. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
