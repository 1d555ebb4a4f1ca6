/** The head of a secret that is there: one whose recovery window has ended is not. */

import { isDeletionDue } from '@stagevault/core/model/secret-lifecycle'
import type { Session } from '../session/session.js'
import type { HeadSnapshot } from './head-snapshot.js'
import { tryPurgeIfDue } from './purge.js'
import { readHead, secretNotFound } from './read-head.js'

/**
 * The head of a secret. What is due for deletion is deleted on the way.
 *
 * @throws {@link VaultError} `SECRET_NOT_FOUND`
 */
export async function requireHead(session: Session, secretName: string): Promise<HeadSnapshot> {
  const head = await readHead(session, secretName)
  if (head === null) throw secretNotFound(secretName)
  if (!isDeletionDue(head.state, session.now())) return head
  await tryPurgeIfDue(session, secretName)
  throw secretNotFound(secretName)
}
