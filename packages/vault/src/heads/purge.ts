/** Deleting for good: at once, or when a recovery window has ended. */

import { VaultError, isIntegrityError } from '@stagevault/core/errors'
import { SWEPT_SECRETS_MAX } from '@stagevault/core/limits'
import { isDeletionDue } from '@stagevault/core/model/secret-lifecycle'
import { openDue } from '@stagevault/core/records/index-records'
import {
  ROOT_KEY,
  dueKey,
  dueUntil,
  headKey,
  nameKey,
  versionKey,
} from '@stagevault/core/records/layout'
import type { Commit, Mutation } from '@stagevault/storage'
import { isStorageError } from '@stagevault/storage'
import type { HeadSnapshot } from './head-snapshot.js'
import { readHeadAndRoot, secretNotFound } from './read-head.js'
import type { StoredRoot } from './read-root.js'
import { nextRoot } from './read-root.js'
import { ROOT_LANE } from '../session/secret-queue.js'
import type { Session } from '../session/session.js'
import { transact } from '../session/transact.js'

/**
 * Deletes a secret with all its versions if `isMeant` still says so of what is found.
 *
 * @returns whether it was deleted here.
 */
function purge(
  session: Session,
  secretName: string,
  isMeant: (head: HeadSnapshot) => boolean,
): Promise<boolean> {
  return transact(
    session,
    () => readHeadAndRoot(session, secretName),
    ({ head, root }) => {
      if (head === null || !isMeant(head)) return { commit: null, result: false, events: [] }
      const fewer = nextRoot(session, root, -1)
      const commit = purgeCommit(head, root, fewer)
      const events = [{ type: 'secret.deleted', secretName }] as const
      return { commit, result: true, events, gone: head, root: fewer }
    },
  )
}

function purgeCommit(
  { state, bytes }: HeadSnapshot,
  root: StoredRoot,
  fewer: StoredRoot,
): Commit {
  const gone = [
    headKey(state.secretName),
    nameKey(state.secretName),
    ...state.versions.map(({ number }) => versionKey(state.secretId, number)),
    ...(state.plannedDeleteTime === null ? [] : [dueKey(state.plannedDeleteTime, state.secretId)]),
  ]
  const deletions: Mutation[] = gone.map((key) => ({ key, value: null }))
  return {
    guards: [
      { key: headKey(state.secretName), value: bytes },
      { key: ROOT_KEY, value: root.bytes },
    ],
    mutations: [...deletions, { key: ROOT_KEY, value: fewer.bytes }],
  }
}

/** Deletes a secret now. @throws {@link VaultError} `SECRET_NOT_FOUND` */
export async function purgeNow(session: Session, secretName: string): Promise<void> {
  const isDeleted = await session.queue([secretName, ROOT_LANE], async () => {
    await purgeIfDue(session, secretName)
    return purge(session, secretName, () => true)
  })
  if (!isDeleted) throw secretNotFound(secretName)
}

/** Deletes a secret whose recovery window has ended; the head that is deleted decides. */
export async function purgeIfDue(session: Session, secretName: string): Promise<void> {
  await purge(session, secretName, (head) => isDeletionDue(head.state, session.now()))
}

/**
 * The same on the way of a read: a full or failing disk, or other writers, must not keep anyone
 * from reading, and nobody who creates or deletes should have to try again for it. What is due
 * counts as gone whether or not its records were deleted.
 */
export async function tryPurgeIfDue(session: Session, secretName: string): Promise<void> {
  try {
    await session.queue.ifFree([ROOT_LANE], () => purgeIfDue(session, secretName))
  } catch (error) {
    if (!isStorageError(error) && !isConflict(error)) throw error
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof VaultError && error.code === 'CONFLICT'
}

/**
 * Deletes secrets that are due, those that have been due the longest first and at most
 * {@link SWEPT_SECRETS_MAX} of them: whoever comes next deletes the others. They are found by the
 * deletion entries, so the cost is that of what is due, not of what is stored. Damaged entries and
 * heads are left to `verify`, which names them.
 *
 * @param purgeOne - {@link purgeIfDue} where a failing store must not pass unnoticed
 */
export async function sweepDue(
  session: Session,
  purgeOne: typeof purgeIfDue = tryPurgeIfDue,
): Promise<void> {
  const range = { ...dueUntil(session.now()), limit: SWEPT_SECRETS_MAX }
  for (const { key, value } of await session.storage.scan(range)) {
    try {
      await purgeOne(session, openDue(session.keys.records, key, value))
    } catch (error) {
      if (!isIntegrityError(error)) throw error
    }
  }
}
