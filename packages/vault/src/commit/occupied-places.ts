/**
 * Why a round met a conflict though no other writer was faster: a record is kept at the place of a
 * new version. The changes that meet it can never be made.
 */

import { equalBytes } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { ROOT_KEY } from '@stagevault/core/records/layout'
import type { StorageKey } from '@stagevault/storage'
import { STORAGE_READ_KEYS_MAX } from '@stagevault/storage'
import type { StoredRoot } from '../memory/rollback-guard.js'
import { readSnapshot, rootIn } from '../records/snapshot.js'
import type { Session } from '../session/session.js'
import type { Member } from './pending-changes.js'
import type { Planned } from './plan-round.js'
import type { CommittedState, Round } from './round.js'
import { UnreadableHead } from './round.js'
import type { SealedRound } from './seal-round.js'

/** A round whose guards did not hold. */
export interface RefusedRound {
  readonly round: Round
  readonly planned: readonly Planned[]
  readonly sealed: SealedRound
}

/**
 * The members of a refused round that met an occupied place. Where the root has moved on, another
 * writer was faster; where a head has, the change was planned on one older than the root.
 *
 * @param committed - what was read since
 */
export async function findBlocked(
  session: Session,
  { round, planned, sealed }: RefusedRound,
  committed: CommittedState,
): Promise<readonly Member[]> {
  if (committed.root.state.epoch !== sealed.root.state.epoch - 1) return []
  const occupied = await findOccupiedPlaces(session, committed.root, sealed.places)
  return planned
    .filter(
      ({ plan, member }) =>
        plan.versions.some(({ key }) => occupied.has(key)) && isPlannedOn(committed, round, member),
    )
    .map(({ member }) => member)
}

export function placeOccupied(): VaultError {
  const message = 'a record is kept at the place of a version that was never stored'
  return new VaultError('RECORD_MISMATCH', message)
}

/** Whether the secrets of a change are as they were when it was planned. */
function isPlannedOn(
  { heads }: CommittedState,
  { committed: before }: Round,
  { change }: Member,
): boolean {
  return change.secretNames.every((name) => {
    const [head, known] = [heads.get(name), before.heads.get(name)]
    if (head instanceof UnreadableHead || known instanceof UnreadableHead) return false
    return (
      head === known ||
      (head?.bytes !== undefined &&
        known?.bytes !== undefined &&
        equalBytes(head.bytes, known.bytes))
    )
  })
}

/** Which of these places hold a record, as long as `root` is in force. */
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
