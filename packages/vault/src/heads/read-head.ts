/** Reading the head of a secret, and telling its absence from its loss. */

import { VaultError } from '@stagevault/core/errors'
import { openName } from '@stagevault/core/records/index-records'
import { ROOT_KEY, headKey, nameKey } from '@stagevault/core/records/layout'
import type { SecretState } from '@stagevault/core/model/secret-state'
import type { Session } from '../session/session.js'
import type { HeadSnapshot } from './head-cache.js'
import type { StoredRoot } from './read-root.js'
import { openStoredRoot, readRoot } from './read-root.js'

/** The keys that {@link headOf} takes the values of, in this order. */
export function headKeys(secretName: string): readonly [head: string, name: string] {
  return [headKey(secretName), nameKey(secretName)]
}

/**
 * The head in what was read at {@link headKeys}, or `null` where there is no such secret.
 *
 * @param asked - the moment at which it was asked for
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
): HeadSnapshot | null {
  if (head !== null) return session.heads.open(secretName, head, asked)
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
 * The head of a secret as it is stored now, or `null`. Its name record is read only where there is
 * no head, and then together with it: both come from one point in time.
 *
 * @throws {@link VaultError} `ROLLBACK_DETECTED` and as {@link headOf}
 */
export async function readHead(
  session: Session,
  secretName: string,
): Promise<HeadSnapshot | null> {
  const asked = session.memory.now()
  const [found = null] = await session.storage.read([headKey(secretName)])
  if (found !== null) return headOf(session, secretName, asked, found, null)
  const known = session.heads.guess(secretName)?.state
  const [head = null, name = null] = await session.storage.read(headKeys(secretName))
  const there = headOf(session, secretName, asked, head, name)
  if (there === null && known !== undefined) await noteMissing(session, known)
  return there
}

/**
 * A secret that was there is gone: others deleted or renamed it, unless the store went back to a
 * time before it. Then the root went back as well.
 */
async function noteMissing(session: Session, known: SecretState): Promise<void> {
  await readRoot(session)
  if (session.heads.guess(known.secretName)?.state === known) session.heads.miss(known)
}

/** A head and the root that was read with it. */
export interface HeadAndRoot {
  readonly head: HeadSnapshot | null
  readonly root: StoredRoot
}

/** @throws {@link VaultError} as {@link headOf}, and for the root. */
export async function readHeadAndRoot(
  session: Session,
  secretName: string,
): Promise<HeadAndRoot> {
  const asked = session.memory.now()
  const keys = [...headKeys(secretName), ROOT_KEY]
  const [head = null, name = null, root = null] = await session.storage.read(keys)
  return {
    head: headOf(session, secretName, asked, head, name),
    root: openStoredRoot(session, root, asked),
  }
}
