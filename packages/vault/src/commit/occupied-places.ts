/**
 * Detects the conflict that no retry can solve: a record already exists at the key of a new
 * version.
 */

import { VaultError } from '@stagevault/core/errors'
import { ROOT_KEY } from '@stagevault/core/records/layout'
import type { StorageKey } from '@stagevault/storage'
import { STORAGE_READ_KEYS_MAX } from '@stagevault/storage'
import type { StoredRoot } from '../caches/rollback-guard.js'
import { readSnapshot, rootIn } from '../records/snapshot.js'
import type { Session } from '../session/session.js'
import type { Member } from './pending-changes.js'
import type { Planned } from './plan-round.js'
import type { CommittedState } from './round.js'
import type { SealedRound } from './seal-round.js'

/** A round that was planned on a fresh read, and whose guards did not hold. */
export interface RefusedRound {
  readonly planned: readonly Planned[]
  readonly sealed: SealedRound
}

/**
 * The members of a refused round that met an occupied key. If the root has changed, another writer
 * committed first. If it has not, no commit was made since the round's state was read, so no writer
 * put the record there.
 *
 * @param committed - the state that was read after the conflict
 */
export async function findBlocked(
  session: Session,
  { planned, sealed }: RefusedRound,
  { root }: CommittedState,
): Promise<readonly Member[]> {
  if (root.state.epoch !== sealed.root.state.epoch - 1) return []
  const occupied = await findOccupiedPlaces(session, root, sealed.places)
  return planned
    .filter(({ plan }) => plan.versions.some(({ key }) => occupied.has(key)))
    .map(({ member }) => member)
}

export function placeOccupied(): VaultError {
  const message = 'a record exists at the key of a version that was never stored'
  return new VaultError('RECORD_MISMATCH', message)
}

/** Which of these keys hold a record, while the stored root is `root`. */
async function findOccupiedPlaces(
  session: Session,
  root: StoredRoot,
  places: readonly StorageKey[],
): Promise<ReadonlySet<StorageKey>> {
  const occupied = new Set<StorageKey>()
  const pageSize = STORAGE_READ_KEYS_MAX - 1
  for (let start = 0; start < places.length; start += pageSize) {
    const page = places.slice(start, start + pageSize)
    const snapshot = await readSnapshot(session, [ROOT_KEY, ...page])
    if (rootIn(session, snapshot) !== root) break
    for (const key of page) if (snapshot.get(key) !== null) occupied.add(key)
  }
  return occupied
}
