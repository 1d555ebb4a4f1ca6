/** Loads the state that a round is planned on: from the caches, or with one read. */

import { ROOT_KEY } from '@stagevault/core/records/layout'
import type { StorageKey } from '@stagevault/storage'
import { STORAGE_READ_KEYS_MAX } from '@stagevault/storage'
import type { HeadSnapshot } from '../caches/head-snapshot.js'
import { headIn, headKeys } from '../records/read-head.js'
import type { Snapshot } from '../records/snapshot.js'
import { readSnapshot, rootIn } from '../records/snapshot.js'
import type { Session } from '../session/session.js'
import type { Member } from './pending-changes.js'
import type { CommittedState } from './round.js'
import { UnreadableHead } from './round.js'

/** Either everything was read in one step, or everything is what this handle saw last. */
export interface LoadedState {
  readonly committed: CommittedState
  /** The members whose secrets and records were loaded; the others wait. */
  readonly members: readonly Member[]
  /** Whether the state was read for this round. */
  readonly isFresh: boolean
}

type Heads = Map<string, HeadSnapshot | UnreadableHead | null>

/**
 * The state for `ready`, or for the first of them. If everything is cached, nothing is read and the
 * state is returned synchronously. Otherwise everything is read: a cached head may be older than a
 * head that is read, so that a secret would have two names, or a name the wrong secret.
 *
 * @param isRootKnown - whether the newest seen root may still be the stored one
 */
export function loadState(
  session: Session,
  ready: readonly Member[],
  isRootKnown: boolean,
): LoadedState | Promise<LoadedState> {
  const root = isRootKnown ? session.guard.newestRoot() : null
  const heads = root === null ? null : cachedHeads(session, ready)
  if (root === null || heads === null) return readState(session, ready)
  return { committed: { root, heads, records: new Map() }, members: ready, isFresh: false }
}

/** The members of `ready` that need a read; all of them if only the root needs one. */
export function readersOf(session: Session, ready: readonly Member[]): readonly Member[] {
  const readers = ready.filter((member) => cachedHeads(session, [member]) === null)
  return readers.length > 0 ? readers : ready
}

/** The heads that `members` are planned on, or `null` if one of the members needs a read. */
function cachedHeads(session: Session, members: readonly Member[]): Heads | null {
  const heads: Heads = new Map()
  for (const { change, isFresh } of members) {
    const { secretNames, keys = [] } = change
    if (isFresh || keys.length > 0) return null
    for (const name of secretNames) {
      const head = session.heads.getCached(name)
      if (head === null) return null
      heads.set(name, head)
    }
  }
  return heads
}

async function readState(session: Session, ready: readonly Member[]): Promise<LoadedState> {
  const { members, names, keys } = firstOf(ready)
  const places: StorageKey[] = [ROOT_KEY]
  for (const secretName of names) places.push(...headKeys(secretName))
  for (const key of keys) places.push(key)
  const snapshot = await readSnapshot(session, places)
  const root = rootIn(session, snapshot)
  const heads: Heads = new Map()
  for (const name of names) heads.set(name, tryHead(session, snapshot, name, root.state.epoch))
  const records = new Map(Array.from(keys, (key) => [key, snapshot.get(key)]))
  return { committed: { root, heads, records }, members, isFresh: true }
}

/** As many members as one read allows, and the names and keys to read for them. */
function firstOf(ready: readonly Member[]): {
  readonly members: readonly Member[]
  readonly names: ReadonlySet<string>
  readonly keys: ReadonlySet<StorageKey>
} {
  const members: Member[] = []
  const names = new Set<string>()
  const keys = new Set<StorageKey>()
  for (const member of ready) {
    const { secretNames, keys: ownKeys = [] } = member.change
    const newNames = secretNames.filter((name) => !names.has(name))
    const newKeys = ownKeys.filter((key) => !keys.has(key))
    const count = 1 + 2 * (names.size + newNames.length) + keys.size + newKeys.length
    if (count > STORAGE_READ_KEYS_MAX && members.length > 0) break
    members.push(member)
    for (const name of newNames) names.add(name)
    for (const key of newKeys) keys.add(key)
  }
  return { members, names, keys }
}

/** An error of one head fails only the changes of its secret. */
function tryHead(
  session: Session,
  snapshot: Snapshot,
  secretName: string,
  epoch: number,
): HeadSnapshot | UnreadableHead | null {
  try {
    return headIn(session, snapshot, secretName, epoch)
  } catch (error) {
    return new UnreadableHead(error)
  }
}
