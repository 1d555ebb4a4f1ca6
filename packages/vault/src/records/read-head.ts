/** Reads the head of a secret, and distinguishes a missing secret from a lost head. */

import { VaultError } from '@stagevault/core/errors'
import { ROOT_KEY, headKey, nameKey } from '@stagevault/core/records/layout'
import { openName } from '@stagevault/core/records/name-record'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import type { HeadSnapshot } from '../caches/head-snapshot.js'
import type { Session } from '../session/session.js'
import type { Snapshot } from './snapshot.js'
import { epochIn, readSnapshot } from './snapshot.js'

/** The records that {@link headIn} needs. */
export function headKeys(secretName: string): readonly [head: string, name: string] {
  return [headKey(secretName), nameKey(secretName)]
}

/**
 * The head in a snapshot of {@link headKeys}, or `null` if there is no such secret.
 *
 * @param epoch - of the root in the snapshot
 * @throws {@link VaultError} `RECORD_MISSING` if the head is gone but its name record exists;
 *   `ROLLBACK_DETECTED` for a head older than one seen before; other codes of the integrity group
 *   for a changed head
 */
export function headIn(
  session: Session,
  snapshot: Snapshot,
  secretName: string,
  epoch: number,
): HeadSnapshot | null {
  const bytes = snapshot.get(headKey(secretName))
  if (bytes !== null) {
    const head = session.heads.open(secretName, bytes, snapshot.readAt, epoch)
    session.gate?.check(snapshot, head.state)
    return head
  }
  const name = snapshot.get(nameKey(secretName))
  if (name !== null) throw headMissing(session, secretName, name)
  const known = session.heads.getCached(secretName)
  // The root of the snapshot is not an older one, so other handles deleted or renamed the secret.
  if (known !== null && session.guard.hadSeen(known, snapshot.readAt)) {
    session.heads.markMissing(known)
  }
  session.gate?.check(snapshot, null)
  return null
}

/**
 * The head in a snapshot without the root, or `null` if it is not that of the cached secret.
 *
 * @throws {@link VaultError} as {@link headIn}
 */
export function headAlone(
  session: Session,
  snapshot: Snapshot,
  secretName: string,
): HeadSnapshot | null {
  const bytes = snapshot.get(headKey(secretName))
  const head = bytes === null ? null : session.heads.openAlone(secretName, bytes, snapshot.readAt)
  if (head !== null) session.gate?.check(snapshot, head.state)
  return head
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
 * The head of a secret as it is stored now, or `null`. The root and the name record are read only
 * if the head is not that of the cached secret, and then together with the head.
 *
 * @throws {@link VaultError} as {@link headIn} and {@link epochIn}; the signal's reason
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
    const head = headAlone(session, snapshot, secretName)
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
