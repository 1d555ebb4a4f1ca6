/** Reading the keyring, and the slots that it lists. */

import { VaultError } from '@stagevault/core/errors'
import { COMMIT_ATTEMPTS_MAX } from '@stagevault/core/limits'
import type { KeyringState } from '@stagevault/core/records/keyring-record'
import { openKeyring } from '@stagevault/core/records/keyring-record'
import { KEYRING_KEY, slotKey } from '@stagevault/core/records/layout'
import type { Session } from '../session/session.js'

/** The keyring as it is stored, and what it says. */
export interface StoredKeyring {
  readonly bytes: Uint8Array
  readonly state: KeyringState
}

/**
 * The keyring as it is stored now.
 *
 * @throws {@link VaultError} `RECORD_MISSING`, `ROLLBACK_DETECTED` and other codes of the integrity
 *   group
 */
export async function readKeyring(session: Session): Promise<StoredKeyring> {
  const asked = session.memory.now()
  const [keyring = null] = await session.storage.read([KEYRING_KEY])
  return openStoredKeyring(session, keyring, asked)
}

function openStoredKeyring(
  session: Session,
  bytes: Uint8Array | null,
  asked: number,
): StoredKeyring {
  if (bytes === null) throw new VaultError('RECORD_MISSING', 'the keyring is missing')
  const state = openKeyring(session.keys.records, bytes)
  session.memory.keyring.requireNotOlder(state.generation, bytes, asked)
  session.memory.keyring.note(state.generation, bytes)
  return { bytes, state }
}

/** What is stored where the keyring says that there is a slot, at one point in time. */
export async function readSlots(
  session: Session,
): Promise<ReadonlyMap<string, Uint8Array | null>> {
  let keys: string[] = []
  for (let attempt = 0; attempt < COMMIT_ATTEMPTS_MAX; attempt++) {
    const asked = session.memory.now()
    const [keyring = null, ...slots] = await session.storage.read([KEYRING_KEY, ...keys])
    const { state } = openStoredKeyring(session, keyring, asked)
    const wanted = state.slotIds.map(slotKey)
    if (wanted.length === keys.length && wanted.every((key, i) => key === keys[i])) {
      return new Map(keys.map((key, i) => [key, slots[i] ?? null]))
    }
    keys = wanted
  }
  throw new VaultError('CONFLICT', 'the unlock slots change faster than they can be read')
}
