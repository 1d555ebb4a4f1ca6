/** Reading the head of a secret, and telling its absence from its loss. */

import { VaultError } from '@stagevault/core/errors'
import { openName } from '@stagevault/core/records/index-records'
import { ROOT_KEY, headKey, nameKey } from '@stagevault/core/records/layout'
import type { Session } from '../session/session.js'
import type { HeadSnapshot } from './head-snapshot.js'
import type { StoredRoot } from './read-root.js'
import { openStoredRoot, seeRoot } from './read-root.js'

/** The keys that {@link headOf} takes the values of, in this order. */
export function headKeys(secretName: string): readonly [head: string, name: string] {
  return [headKey(secretName), nameKey(secretName)]
}

/**
 * The head in what was read at {@link headKeys}, or `null` where there is no such secret.
 *
 * @param asked - the moment at which it was asked for
 * @param root - the generation of the root that was read with it, 0 where it is unknown
 * @throws {@link VaultError} `RECORD_MISSING` when the head is gone but its name is taken;
 *   `ROLLBACK_DETECTED` for an earlier one than was seen before; other codes of the integrity group
 *   for a head that was changed.
 */
export function headOf(
  session: Session,
  secretName: string,
  asked: number,
  head: Uint8Array | null,
  name: Uint8Array | null,
  root: number,
): HeadSnapshot | null {
  if (head !== null) return session.heads.open(secretName, head, asked, root)
  if (name === null) return null
  throw headMissing(session, secretName, name)
}

export function secretNotFound(secretName: string): VaultError {
  return new VaultError('SECRET_NOT_FOUND', `there is no secret ${secretName}`)
}

/** What to say of a name record without a head. */
export function headMissing(session: Session, secretName: string, name: Uint8Array): VaultError {
  openName(session.keys.records, secretName, name)
  return new VaultError('RECORD_MISSING', `the head of secret ${secretName} is missing`)
}

/**
 * The head of a secret as it is stored now, or `null`. Name record and root are read only where
 * there is no head, or where it is not that of the secret that is known, and then together with it:
 * all come from one point in time.
 *
 * @throws {@link VaultError} `ROLLBACK_DETECTED` and as {@link headOf}
 */
export async function readHead(
  session: Session,
  secretName: string,
): Promise<HeadSnapshot | null> {
  const known = session.heads.guess(secretName)
  if (known !== null) {
    const asked = session.memory.now()
    const [bytes = null] = await session.storage.read([headKey(secretName)])
    const head = bytes === null ? null : session.heads.tryOpen(secretName, bytes, asked)
    if (head !== null) return head
  }
  const { head } = await readPlace(session, secretName, known === null ? seeRoot : openStoredRoot)
  return head
}

/** A head and the root that was read with it. */
export interface HeadAndRoot {
  readonly head: HeadSnapshot | null
  readonly root: StoredRoot
}

/** @throws {@link VaultError} as {@link headOf}, and for the root. */
export function readHeadAndRoot(session: Session, secretName: string): Promise<HeadAndRoot> {
  return readPlace(session, secretName, openStoredRoot)
}

/**
 * A secret that was there and is gone was deleted or renamed by others, unless the store went back
 * to a time before it: then the root, which is opened first, went back as well.
 */
async function readPlace<R extends StoredRoot | null>(
  session: Session,
  secretName: string,
  openRoot: (session: Session, bytes: Uint8Array | null, asked: number) => R,
): Promise<{ readonly head: HeadSnapshot | null, readonly root: R }> {
  const known = session.heads.guess(secretName)
  const asked = session.memory.now()
  const keys = [...headKeys(secretName), ROOT_KEY]
  const [bytes = null, name = null, rootBytes = null] = await session.storage.read(keys)
  const root = openRoot(session, rootBytes, asked)
  const generation = root?.state.generation ?? 0
  const head = headOf(session, secretName, asked, bytes, name, generation)
  if (head === null && known !== null && session.heads.guess(secretName) === known) {
    session.heads.miss(known)
  }
  return { head, root }
}
