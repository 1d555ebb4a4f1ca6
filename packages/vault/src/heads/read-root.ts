/** Reading the vault root, which is written when secrets come and go. */

import { VaultError, isIntegrityError } from '@stagevault/core/errors'
import type { VaultRoot } from '@stagevault/core/records/index-records'
import { countSecrets, openRoot, sealRoot } from '@stagevault/core/records/index-records'
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
  session.memory.root.requireNotOlder(state.generation, bytes, asked)
  session.memory.root.note(state.generation, bytes)
  return { bytes, state }
}

/**
 * The same on the way of a read: a root that is missing or damaged must not keep anyone from
 * reading. `verify` names it.
 *
 * @returns `null` for such a one.
 * @throws {@link VaultError} `ROLLBACK_DETECTED`
 */
export function seeRoot(
  session: Session,
  bytes: Uint8Array | null,
  asked: number,
): StoredRoot | null {
  try {
    return openStoredRoot(session, bytes, asked)
  } catch (error) {
    if (!isIntegrityError(error) || error.code === 'ROLLBACK_DETECTED') throw error
    return null
  }
}

/** Notices a store that went back as a whole. @throws {@link VaultError} as {@link seeRoot} */
export async function readRoot(session: Session): Promise<void> {
  const asked = session.memory.now()
  const [bytes = null] = await session.storage.read([ROOT_KEY])
  seeRoot(session, bytes, asked)
}

/** The root after `change` secrets were added or, below zero, removed. */
export function nextRoot(session: Session, root: StoredRoot, change: 1 | -1): StoredRoot {
  const state = countSecrets(root.state, change)
  return { bytes: sealRoot(session.keys.records, state), state }
}
