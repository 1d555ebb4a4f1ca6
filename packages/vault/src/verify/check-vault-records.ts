import { VaultError } from '@stagevault/core/errors'
import { openAccessRoot } from '@stagevault/core/records/access-root'
import { hasSlot, openKeyring } from '@stagevault/core/records/keyring-record'
import { ACCESS_KEY, DESCRIPTOR_KEY, KEYRING_KEY, ROOT_KEY } from '@stagevault/core/records/layout'
import { authenticateSlot, parseSlot } from '@stagevault/core/records/unlock-slot'
import { authenticateDescriptor } from '@stagevault/core/records/vault-descriptor'
import { openRoot } from '@stagevault/core/records/vault-root'
import type { StorageEntry } from '@stagevault/storage'
import { readSlots } from '../records/keyring.js'
import { readSnapshot, rootIn } from '../records/snapshot.js'
import type { Session } from '../session/session.js'
import type { Findings } from './findings.js'
import { note, noteAsync } from './findings.js'

/** Checks a record of the vault itself, or a record at a key that no vault uses. */
export async function checkVaultRecord(
  session: Session,
  findings: Findings,
  entry: StorageEntry,
): Promise<void> {
  if (entry.key.startsWith('slot!')) return checkSlot(session, findings, entry)
  note(findings, entry.key, () => {
    checkOwnRecord(session, entry)
  })
}

function checkOwnRecord(session: Session, { key, value }: StorageEntry): void {
  const { records } = session.keys
  if (key === DESCRIPTOR_KEY) {
    authenticateDescriptor(records, value)
  } else if (key === KEYRING_KEY) {
    openKeyring(records, value)
  } else if (key === ROOT_KEY) {
    openRoot(records, value)
  } else if (key === ACCESS_KEY) {
    openAccessRoot(records, value)
  } else {
    throw new VaultError('MALFORMED_RECORD', 'a record exists at a key that no vault uses')
  }
}

/** Checks that a slot is authentic, and that the keyring lists it. */
async function checkSlot(
  session: Session,
  findings: Findings,
  { key, value }: StorageEntry,
): Promise<void> {
  const { records } = session.keys
  const slot = note(findings, key, () => {
    authenticateSlot(records, key, value)
    return parseSlot(session.primitives, key, value)
  })
  if (slot === null) return
  const [record = null, keyring = null] = await session.storage.read([key, KEYRING_KEY])
  if (record === null || keyring === null) return
  note(findings, key, () => {
    if (hasSlot(openKeyring(records, keyring), slot.slotId)) return
    throw new VaultError('RECORD_MISMATCH', 'the keyring does not list this unlock slot')
  })
}

/**
 * Reports missing records that an open vault does not need, but that the next opening or one of its
 * unlock slots does.
 */
export async function checkVaultIsWhole(session: Session, findings: Findings): Promise<void> {
  const [descriptor = null] = await session.storage.read([DESCRIPTOR_KEY])
  note(findings, DESCRIPTOR_KEY, () => {
    requireRecord('the vault descriptor', descriptor)
  })
  const root = await noteAsync(findings, ROOT_KEY, async () =>
    rootIn(session, await readSnapshot(session, [ROOT_KEY])),
  )
  // The root names the current keyring.
  if (root === null) return
  const slots = await noteAsync(findings, KEYRING_KEY, () => readSlots(session))
  for (const [key, slot] of slots ?? []) {
    note(findings, key, () => {
      requireRecord('an unlock slot', slot)
    })
  }
}

function requireRecord(what: string, record: Uint8Array | null): void {
  if (record === null) throw new VaultError('RECORD_MISSING', `${what} is missing`)
}
