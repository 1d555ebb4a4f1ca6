/** Finding the slot that an unlock opens, and with it the root key. */

import { wipe } from '@stagevault/core/bytes'
import { VaultError, isIntegrityError } from '@stagevault/core/errors'
import { SLOTS_MAX } from '@stagevault/core/limits'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import { hasSlot, openKeyring, peekSlotIds } from '@stagevault/core/records/keyring-record'
import { KEYRING_KEY, SLOT_KEYS, slotKey } from '@stagevault/core/records/layout'
import type { UnlockSlot } from '@stagevault/core/records/unlock-slot'
import {
  authenticateSlot,
  openSlot,
  parseSlot,
  slotAccepts,
} from '@stagevault/core/records/unlock-slot'
import type { StorageAdapter, StorageEntry } from '@stagevault/storage'
import type { VaultCrypto } from '../session/vault-keys.js'
import { recordKeys } from '../session/vault-keys.js'
import type { StoredKeyring } from './read-keyring.js'
import type { Unlock } from './unlock.js'
import { deriveSlotKey } from './unlock.js'

/** A slot that opened. */
export interface OpenedSlot extends UnlistedSlot {
  /** The keyring, which lists it. */
  readonly keyring: StoredKeyring
}

interface UnlistedSlot {
  readonly slot: UnlockSlot
  /** To be wiped. */
  readonly rootKey: Uint8Array
}

/**
 * Tries the slots one by one. One that is damaged, or whose provider fails, keeps no other from
 * opening; nor does one that the keyring does not list, since it was removed and put back.
 *
 * @param except - the storage key of a slot that is not to be tried
 * @throws {@link VaultError} `UNLOCK_FAILED`; `RECORD_MISSING` where a slot is missing that may be
 *   the right one; `RECORD_MISMATCH` for too many; `KEYRING_UNAVAILABLE` and codes of the integrity
 *   group for what kept a slot from opening, where none does.
 */
export async function findSlot(
  storage: StorageAdapter,
  crypto: VaultCrypto,
  unlock: Unlock,
  except: string | null = null,
): Promise<OpenedSlot> {
  const entries = await storage.scan({ ...SLOT_KEYS, limit: SLOTS_MAX + 1 })
  if (entries.length === 0) throw missing('every unlock slot')
  if (entries.length > SLOTS_MAX) {
    // Planted ones that sort first would hide the genuine slot behind the limit.
    throw new VaultError('RECORD_MISMATCH', 'the vault has more unlock slots than it can have')
  }
  const failures = new Map<string, VaultError>()
  let unlisted: VaultError | undefined
  for (const entry of entries) {
    if (entry.key === except) continue
    let opened: UnlistedSlot | null = null
    try {
      opened = await trySlot(crypto, entry, unlock)
    } catch (error) {
      if (!isPassedOver(error)) throw error
      failures.set(entry.key, error)
    }
    if (opened === null) continue
    const { keyring, isPutBack } = await keyringFor(storage, crypto, opened)
    if (keyring !== null) return { ...opened, keyring }
    wipe(opened.rootKey)
    if (isPutBack) unlisted = putBack()
  }
  throw await whyNone(storage, entries, failures) ?? unlisted ?? unlockFailed(unlock)
}

/**
 * Damage is no wrong passphrase, and a wrong passphrase no damage: what failed or is gone counts
 * where the keyring lists it, and what somebody planted does not. The list can be read without a
 * key, and nothing but the name of the failure follows from it.
 */
async function whyNone(
  storage: StorageAdapter,
  entries: readonly StorageEntry[],
  failures: ReadonlyMap<string, VaultError>,
): Promise<VaultError | undefined> {
  const [keyring = null] = await storage.read([KEYRING_KEY])
  if (keyring === null) return missing('the keyring')
  const found = new Set(entries.map(({ key }) => key))
  const listed = peekSlotIds(keyring).map(slotKey)
  const failed = listed.find((key) => failures.has(key))
  if (failed !== undefined) return failures.get(failed)
  return listed.every((key) => found.has(key)) ? undefined : missing('an unlock slot')
}

function missing(what: string): VaultError {
  return new VaultError('RECORD_MISSING', `${what} is missing, though the store holds records`)
}

function isPassedOver(error: unknown): error is VaultError {
  return isIntegrityError(error) ||
    (error instanceof VaultError && error.code === 'KEYRING_UNAVAILABLE')
}

async function trySlot(
  crypto: VaultCrypto,
  entry: StorageEntry,
  unlock: Unlock,
): Promise<UnlistedSlot | null> {
  const { primitives, vaultId } = crypto
  const slot = parseSlot(primitives, entry.key, entry.value)
  const key = await deriveSlotKey(unlock, slot.kdf)
  if (key === null) return null
  try {
    if (!slotAccepts(primitives, slot, key)) return null
    const rootKey = openSlot(primitives, vaultId, slot, key)
    requireAuthentic(crypto, rootKey, entry)
    return { slot, rootKey }
  } finally {
    wipe(key)
  }
}

/** The keyring, where it knows of the slot that opened. */
async function keyringFor(
  storage: StorageAdapter,
  crypto: VaultCrypto,
  { slot: { slotId }, rootKey }: UnlistedSlot,
): Promise<{ readonly keyring: StoredKeyring | null; readonly isPutBack: boolean }> {
  try {
    const [bytes = null, slot = null] = await storage.read([KEYRING_KEY, slotKey(slotId)])
    if (bytes === null) throw missing('the keyring')
    const state = withRecordKeys(crypto, rootKey, (records) => openKeyring(records, bytes))
    if (hasSlot(state, slotId)) return { keyring: { bytes, state }, isPutBack: false }
    // Removed by somebody else between the two reads, if it is gone: that came first.
    return { keyring: null, isPutBack: slot !== null }
  } catch (error) {
    wipe(rootKey)
    throw error
  }
}

function putBack(): VaultError {
  const message = 'the unlock slot that opens is not one of the vault: it was removed, and put back'
  return new VaultError('RECORD_MISMATCH', message)
}

function requireAuthentic(
  crypto: VaultCrypto,
  rootKey: Uint8Array,
  { key, value }: StorageEntry,
): void {
  try {
    withRecordKeys(crypto, rootKey, (records) => {
      authenticateSlot(records, key, value)
    })
  } catch (error) {
    wipe(rootKey)
    throw error
  }
}

function withRecordKeys<T>(
  crypto: VaultCrypto,
  rootKey: Uint8Array,
  use: (records: RecordKeys) => T,
): T {
  const records = recordKeys(crypto, rootKey)
  try {
    return use(records)
  } finally {
    wipe(records.macKey)
  }
}

const NAMES: Readonly<Record<Unlock['kind'], string>> = {
  'raw-key': 'key',
  passphrase: 'passphrase',
  provider: 'key provider',
}

export function unlockFailed({ kind }: Unlock): VaultError {
  const message = `no unlock slot of the vault opens with this ${NAMES[kind]}`
  return new VaultError('UNLOCK_FAILED', message)
}
