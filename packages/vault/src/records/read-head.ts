/** Reading the head of a secret, and telling its absence from its loss. */

import { VaultError } from '@stagevault/core/errors'
import { ROOT_KEY, headKey, nameKey } from '@stagevault/core/records/layout'
import { openName } from '@stagevault/core/records/name-record'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import type { HeadSnapshot } from '../memory/head-snapshot.js'
import type { Session } from '../session/session.js'
import type { Snapshot } from './snapshot.js'
import { epochIn, readSnapshot } from './snapshot.js'

/** The records that {@link headIn} looks at. */
export function headKeys(secretName: string): readonly [head: string, name: string] {
  return [headKey(secretName), nameKey(secretName)]
}

/**
 * The head in a snapshot of {@link headKeys}, or `null` where there is no such secret.
 *
 * @param epoch - of the root in the snapshot
 * @throws {@link VaultError} `RECORD_MISSING` when the head is gone but its name is taken;
 *   `ROLLBACK_DETECTED` for an earlier one than was seen before; other codes of the integrity group
 *   for a head that was changed.
 */
export function headIn(
  session: Session,
  snapshot: Snapshot,
  secretName: string,
  epoch: number,
): HeadSnapshot | null {
  const bytes = snapshot.get(headKey(secretName))
  if (bytes !== null) return session.heads.open(secretName, bytes, snapshot.readAt, epoch)
  const name = snapshot.get(nameKey(secretName))
  if (name !== null) throw headMissing(session, secretName, name)
  const known = session.heads.getCached(secretName)
  // Deleted or renamed by others, since the root that was read with it is not an earlier one.
  if (known !== null && session.guard.hadSeen(known, snapshot.readAt)) {
    session.heads.markMissing(known)
  }
  return null
}

/** The error for a name record without a head. */
export function headMissing(session: Session, secretName: string, name: Uint8Array): VaultError {
  openName(session.keys.records, secretName, name)
  return new VaultError('RECORD_MISSING', `the head of secret ${secretName} is missing`)
}

export function secretNotFound(secretName: string): VaultError {
  return new VaultError('SECRET_NOT_FOUND', `there is no secret ${secretName}`)
}

/**
 * The head of a secret as it is stored now, or `null`. Root and name record are read only where the
 * head is not that of the secret that is known, and then together with it.
 *
 * @throws {@link VaultError} as {@link headIn}, and for the root; the reason of the signal
 */
export async function readHead(
  session: Session,
  secretName: string,
  signal: AbortSignalLike | null,
): Promise<HeadSnapshot | null> {
  const { heads } = session
  if (heads.getCached(secretName) !== null) {
    const key = headKey(secretName)
    const snapshot = await readSnapshot(session, [key], signal)
    const bytes = snapshot.get(key)
    const head = bytes === null ? null : heads.openAlone(secretName, bytes, snapshot.readAt)
    if (head !== null) return head
  }
  const keys = [...headKeys(secretName), ROOT_KEY]
  const snapshot = await readSnapshot(session, keys, signal)
  return headIn(session, snapshot, secretName, epochIn(session, snapshot))
}

/** @throws {@link VaultError} `SECRET_NOT_FOUND`, and as {@link readHead} */
export async function requireHead(
  session: Session,
  secretName: string,
  signal: AbortSignalLike | null,
): Promise<HeadSnapshot> {
  const head = await readHead(session, secretName, signal)
  if (head === null) throw secretNotFound(secretName)
  return head
}
