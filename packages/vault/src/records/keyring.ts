/** Reads the keyring and the unlock slots that it lists. */

import { equalBytes } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { READ_ATTEMPTS_MAX } from '@stagevault/core/limits'
import { openKeyring } from '@stagevault/core/records/keyring-record'
import { KEYRING_KEY, ROOT_KEY, slotKey } from '@stagevault/core/records/layout'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import { recordTag } from '@stagevault/core/records/record-frame'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import type { StoredKeyring } from '../keys/find-slot.js'
import { rollbackDetected } from '../caches/rollback-guard.js'
import type { Session } from '../session/session.js'
import { readSnapshot, rootIn } from './snapshot.js'

/**
 * The keyring in `bytes`. It must be the one that the root of the same snapshot names, so that an
 * earlier keyring cannot bring back a removed slot.
 *
 * @throws {@link VaultError} `RECORD_MISSING`, `ROLLBACK_DETECTED`, `RECORD_MISMATCH` and other
 *   codes of the integrity group
 */
export function openNamedKeyring(
  keys: RecordKeys,
  bytes: Uint8Array | null,
  root: VaultRoot,
): StoredKeyring {
  if (bytes === null) throw new VaultError('RECORD_MISSING', 'the keyring is missing')
  const state = openKeyring(keys, bytes)
  if (state.generation !== root.keyringGeneration) throw rollbackDetected('another keyring')
  if (equalBytes(recordTag(bytes), root.keyringTag)) return { bytes, state }
  throw new VaultError('RECORD_MISMATCH', 'the keyring is not the one that the vault root names')
}

/**
 * The records of all slots that the keyring lists, by storage key, from one snapshot; `null` for a
 * missing one.
 *
 * @throws {@link VaultError} as {@link openNamedKeyring}; `CONFLICT` if the keyring changes between
 *   the reads
 */
export async function readSlots(session: Session): Promise<ReadonlyMap<string, Uint8Array | null>> {
  let slots: readonly string[] = []
  for (let attempt = 0; attempt < READ_ATTEMPTS_MAX; attempt++) {
    const snapshot = await readSnapshot(session, [ROOT_KEY, KEYRING_KEY, ...slots])
    const root = rootIn(session, snapshot).state
    const keyring = openNamedKeyring(session.keys.records, snapshot.get(KEYRING_KEY), root)
    const wanted = keyring.state.slotIds.map(slotKey)
    if (wanted.length === slots.length && wanted.every((key, i) => key === slots[i])) {
      return new Map(slots.map((key) => [key, snapshot.get(key)]))
    }
    slots = wanted
  }
  throw new VaultError('CONFLICT', 'the unlock slots change faster than they can be read')
}
