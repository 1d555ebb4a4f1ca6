/** Reading the vault root, which is written when secrets come and go. */

import { VaultError } from '@stagevault/core/errors'
import type { VaultRoot } from '@stagevault/core/records/index-records'
import { openRoot } from '@stagevault/core/records/index-records'
import { ROOT_KEY } from '@stagevault/core/records/layout'
import type { Session } from '../session/session.js'

/** The root as it is stored, and what it says. */
export interface StoredRoot {
  readonly bytes: Uint8Array
  readonly state: VaultRoot
}

/**
 * @param asked - the moment at which it was asked for
 * @throws {@link VaultError} `RECORD_MISSING`, `ROLLBACK_DETECTED` and other codes of the integrity
 *   group
 */
export function openStoredRoot(
  session: Session,
  bytes: Uint8Array | null,
  asked: number,
): StoredRoot {
  if (bytes === null) throw new VaultError('RECORD_MISSING', 'the vault root is missing')
  const state = openRoot(session.keys.records, bytes)
  session.memory.requireRootNotOlder(state, asked)
  session.memory.noteRoot(state)
  return { bytes, state }
}

/** The root as it is stored now. @throws {@link VaultError} as {@link openStoredRoot} */
export async function readRoot(session: Session): Promise<StoredRoot> {
  const asked = session.memory.now()
  const [bytes = null] = await session.storage.read([ROOT_KEY])
  return openStoredRoot(session, bytes, asked)
}
