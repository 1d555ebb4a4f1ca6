import { VaultError } from '@stagevault/core/errors'
import { openRoot } from '@stagevault/core/records/index-records'
import { openKeyring } from '@stagevault/core/records/keyring-record'
import {
  DESCRIPTOR_KEY,
  KEYRING_KEY,
  ROOT_KEY,
  SLOT_KEYS,
} from '@stagevault/core/records/layout'
import { parseSlot } from '@stagevault/core/records/unlock-slot'
import { authenticateDescriptor } from '@stagevault/core/records/vault-descriptor'
import type { StorageEntry } from '@stagevault/storage'
import type { Session } from '../session.js'
import type { Findings } from './findings.js'
import { note } from './findings.js'

/**
 * Checks a record of the vault itself, or one that no vault writes. Of a slot only the form can be
 * checked: what it wraps opens with the key of the slot alone.
 *
 * @throws {@link VaultError} naming what is wrong
 */
export function checkVaultRecord(session: Session, { key, value }: StorageEntry): void {
  const { records } = session.keys
  if (key === DESCRIPTOR_KEY) {
    authenticateDescriptor(records, value)
  } else if (key === KEYRING_KEY) {
    openKeyring(records, value)
  } else if (key === ROOT_KEY) {
    openRoot(records, value)
  } else if (key.startsWith('slot!')) {
    parseSlot(session.primitives, key, value)
  } else {
    throw new VaultError('MALFORMED_RECORD', 'a record is kept where no vault keeps one')
  }
}

/**
 * Reports records without which the vault could not be opened again; a vault that is open would
 * not miss them. Of several slots one that is gone is not missed: nothing counts them.
 */
export async function checkVaultIsWhole(session: Session, findings: Findings): Promise<void> {
  const [descriptor = null, keyring = null] = await session.storage.read([
    DESCRIPTOR_KEY,
    KEYRING_KEY,
  ])
  const [slot = null] = await session.storage.scan({ ...SLOT_KEYS, limit: 1 })
  const needed = [
    [DESCRIPTOR_KEY, 'the vault descriptor is', descriptor],
    [KEYRING_KEY, 'the keyring is', keyring],
    [SLOT_KEYS.start, 'all unlock slots are', slot],
  ] as const
  for (const [key, what, found] of needed) {
    note(findings, key, () => {
      if (found === null) throw new VaultError('RECORD_MISSING', `${what} missing`)
    })
  }
}
