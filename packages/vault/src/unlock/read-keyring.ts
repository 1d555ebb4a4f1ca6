/** Reading the keyring, and the slots that it lists. */

import { VaultError } from '@stagevault/core/errors'
import { COMMIT_ATTEMPTS_MAX } from '@stagevault/core/limits'
import { openKeyring } from '@stagevault/core/records/keyring-record'
import { KEYRING_KEY, slotKey } from '@stagevault/core/records/layout'
import type { Session } from '../session/session.js'

/** @throws {@link VaultError} `RECORD_MISSING` */
export async function readKeyring(session: Session): Promise<Uint8Array> {
  const [keyring = null] = await session.storage.read([KEYRING_KEY])
  return requireKeyring(keyring)
}

function requireKeyring(keyring: Uint8Array | null): Uint8Array {
  if (keyring !== null) return keyring
  throw new VaultError('RECORD_MISSING', 'the keyring is missing')
}

/** What is stored where the keyring says that there is a slot, at one point in time. */
export async function readSlots(
  session: Session,
): Promise<ReadonlyMap<string, Uint8Array | null>> {
  let keys: string[] = []
  for (let attempt = 0; attempt < COMMIT_ATTEMPTS_MAX; attempt++) {
    const [keyring = null, ...slots] = await session.storage.read([KEYRING_KEY, ...keys])
    const { slotIds } = openKeyring(session.keys.records, requireKeyring(keyring))
    const wanted = slotIds.map(slotKey)
    if (wanted.length === keys.length && wanted.every((key, i) => key === keys[i])) {
      return new Map(keys.map((key, i) => [key, slots[i] ?? null]))
    }
    keys = wanted
  }
  throw new VaultError('CONFLICT', 'the unlock slots change faster than they can be read')
}
