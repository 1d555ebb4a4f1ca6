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

export interface LoadedState {
  readonly committed: CommittedState
  /** The members whose secrets and records are in it; the others wait. */
  readonly members: readonly Member[]
  /** The secrets that were read just now; the others are as they were seen last. */
  readonly freshNames: ReadonlySet<string>
  readonly isRootFresh: boolean
}

type Heads = Map<string, HeadSnapshot | UnreadableHead | null>

/** What has to be read for the first members, as many as one read allows. */
interface Wanted {
  readonly members: readonly Member[]
  readonly names: ReadonlySet<string>
  readonly keys: ReadonlySet<StorageKey>
  /** The heads that need not be read. */
  readonly known: ReadonlyMap<string, HeadSnapshot>
}

/**
 * The state for `ready`, or for the first of them. Nothing is read where everything is known: then
 * the answer is there at once.
 *
 * @param isRootKnown - whether the newest root that was seen may still be in force
 */
export function loadState(
  session: Session,
  ready: readonly Member[],
  isRootKnown: boolean,
): LoadedState | Promise<LoadedState> {
  const wanted = wantedFor(session, ready)
  const newest = session.guard.newestRoot()
  const isRead =
    wanted.names.size > 0 ||
    wanted.keys.size > 0 ||
    !isRootKnown ||
    ready.some(({ isFresh }) => isFresh)
  if (isRead || newest === null) return readState(session, wanted)
  const records = new Map<StorageKey, Uint8Array>()
  const committed = { root: newest, heads: wanted.known, records }
  return { committed, members: wanted.members, freshNames: wanted.names, isRootFresh: false }
}

/** Those of `ready` that cannot be planned without a read, as far as one read goes. */
export function readersOf(session: Session, ready: readonly Member[]): Member[] {
  const { members, names } = wantedFor(session, ready)
  const readers = members.filter(
    ({ isFresh, change: { secretNames, keys = [] } }) =>
      isFresh || keys.length > 0 || secretNames.some((name) => names.has(name)),
  )
  // Where all are known the root was read, which concerns them all.
  return readers.length > 0 ? readers : [...members]
}

async function readState(session: Session, wanted: Wanted): Promise<LoadedState> {
  const { members, names, keys, known } = wanted
  const places: StorageKey[] = [ROOT_KEY]
  for (const secretName of names) places.push(...headKeys(secretName))
  for (const key of keys) places.push(key)
  const snapshot = await readSnapshot(session, places)
  const root = rootIn(session, snapshot)
  const heads: Heads = new Map()
  for (const [name, head] of known) heads.set(name, session.heads.getCached(name) ?? head)
  for (const name of names) heads.set(name, tryHead(session, snapshot, name, root.state.epoch))
  const records = new Map(Array.from(keys, (key) => [key, snapshot.get(key)]))
  return { committed: { root, heads, records }, members, freshNames: names, isRootFresh: true }
}

function wantedFor(session: Session, ready: readonly Member[]): Wanted {
  const members: Member[] = []
  const names = new Set<string>()
  const keys = new Set<StorageKey>()
  const known = new Map<string, HeadSnapshot>()
  for (const member of ready) {
    const {
      change: { secretNames, keys: ownKeys = [] },
      isFresh,
    } = member
    const newNames: string[] = []
    for (const name of secretNames) {
      if (names.has(name)) continue
      const head = isFresh ? null : session.heads.getCached(name)
      if (head === null) newNames.push(name)
      else known.set(name, head)
    }
    const newKeys = ownKeys.filter((key) => !keys.has(key))
    const count = 1 + 2 * (names.size + newNames.length) + keys.size + newKeys.length
    if (count > STORAGE_READ_KEYS_MAX && members.length > 0) break
    members.push(member)
    for (const name of newNames) names.add(name)
    for (const key of newKeys) keys.add(key)
  }
  return { members, names, keys, known }
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
