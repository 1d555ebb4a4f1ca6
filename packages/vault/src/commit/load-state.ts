/** What a round is planned on: what is known of the store, and one read of what is not. */

import { ROOT_KEY } from '@stagevault/core/records/layout'
import type { StorageKey } from '@stagevault/storage'
import { STORAGE_READ_KEYS_MAX } from '@stagevault/storage'
import type { HeadSnapshot } from '../memory/head-snapshot.js'
import { headIn, headKeys } from '../records/read-head.js'
import type { Snapshot } from '../records/snapshot.js'
import { readSnapshot, rootIn } from '../records/snapshot.js'
import type { Session } from '../session/session.js'
import type { Member } from './pending-changes.js'
import type { CommittedState } from './round.js'
import { UnreadableHead } from './round.js'

/** Either all of it was read in one step, or all of it is what this handle has seen last. */
export interface LoadedState {
  readonly committed: CommittedState
  /** The members whose secrets and records are in it; the others wait. */
  readonly members: readonly Member[]
  /** Whether it was read just now. */
  readonly isFresh: boolean
}

type Heads = Map<string, HeadSnapshot | UnreadableHead | null>

/**
 * The state for `ready`, or for the first of them. If everything is remembered, nothing is read and
 * the state is there at once. Otherwise everything is read, because a head that is remembered may
 * be older than one that is read: a secret would have two names, or a name the wrong secret.
 *
 * @param isRootKnown - whether the newest root that was seen may still be in force
 */
export function loadState(
  session: Session,
  ready: readonly Member[],
  isRootKnown: boolean,
): LoadedState | Promise<LoadedState> {
  const root = isRootKnown ? session.guard.newestRoot() : null
  const heads: Heads = new Map()
  if (root === null || !ready.every((member) => isRemembered(session, member, heads))) {
    return readState(session, ready)
  }
  return { committed: { root, heads, records: new Map() }, members: ready, isFresh: false }
}

/** Those of `ready` that cannot be planned without a read; all of them if it is the root's. */
export function readersOf(session: Session, ready: readonly Member[]): readonly Member[] {
  const readers = ready.filter((member) => !isRemembered(session, member))
  return readers.length > 0 ? readers : ready
}

/** Whether a member can be planned on what is remembered, which is put into `heads`. */
function isRemembered(session: Session, { change, isFresh }: Member, heads?: Heads): boolean {
  const { secretNames, keys = [] } = change
  if (isFresh || keys.length > 0) return false
  return secretNames.every((name) => {
    const head = session.heads.getCached(name)
    if (head !== null) heads?.set(name, head)
    return head !== null
  })
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

/** As many members as one read allows, with what has to be read for them. */
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

/** What is wrong with one head concerns the changes of its secret. */
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
