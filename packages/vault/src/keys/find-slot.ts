/** Finding the slot that an unlock opens, and with it the root key. */

import { wipe } from '@stagevault/core/bytes'
import { VaultError, codeOf, isIntegrityError } from '@stagevault/core/errors'
import { READ_ATTEMPTS_MAX, SCRYPT_N_SUM_MAX } from '@stagevault/core/limits'
import type { KeyringState } from '@stagevault/core/records/keyring-record'
import { openKeyring, peekSlotIds } from '@stagevault/core/records/keyring-record'
import { KEYRING_KEY, slotKey } from '@stagevault/core/records/layout'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import type { UnlockSlot } from '@stagevault/core/records/unlock-slot'
import {
  authenticateSlot,
  openSlot,
  parseSlot,
  slotAccepts,
} from '@stagevault/core/records/unlock-slot'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import type { StorageAdapter, StorageKey } from '@stagevault/storage'
import type { VaultCrypto } from './vault-keys.js'
import { recordKeys } from './vault-keys.js'
import type { Unlock } from './unlock.js'
import { deriveSlotKey } from './unlock.js'

/** The keyring as it is stored, and what it says. */
export interface StoredKeyring {
  readonly bytes: Uint8Array
  readonly state: KeyringState
}

/** A slot that opened. */
export interface OpenedSlot {
  readonly slot: UnlockSlot
  /** To be wiped. */
  readonly rootKey: Uint8Array
  /** The keyring, which lists it. */
  readonly keyring: StoredKeyring
}

/** The slots that a keyring lists, as they are stored, at one point in time. */
interface ListedSlots {
  readonly keyring: Uint8Array
  readonly records: ReadonlyMap<StorageKey, Uint8Array | null>
}

/**
 * Tries the slots that the keyring lists, one by one. One that is damaged, or whose provider fails,
 * keeps no other from opening. A slot that is not listed was removed or planted: its key is never
 * derived, which would take memory and time for nothing.
 *
 * @param except - the storage key of a slot that is not to be tried
 * @throws {@link VaultError} `UNLOCK_FAILED`; `RECORD_MISSING` where a slot is missing that may be
 *   the right one; `RECORD_MISMATCH` for slots that cost more than a vault allows;
 *   `KEYRING_UNAVAILABLE` and codes of the integrity group for what kept a slot from opening, where
 *   none does; the reason of the signal, between the reads and the slots.
 */
export async function findSlot(
  storage: StorageAdapter,
  crypto: VaultCrypto,
  unlock: Unlock,
  except: StorageKey | null = null,
  signal: AbortSignalLike | null = null,
): Promise<OpenedSlot> {
  const listed = await readListedSlots(storage, signal)
  const failures: VaultError[] = []
  const slots: UnlockSlot[] = []
  for (const [key, record] of listed.records) {
    try {
      if (record === null) throw missing('an unlock slot')
      if (key !== except) slots.push(parseSlot(crypto.primitives, key, record))
    } catch (error) {
      if (!isPassedOver(error)) throw error
      if (key !== except) failures.push(error)
    }
  }
  requireBoundedCost(slots)
  for (const slot of slots) {
    signal?.throwIfAborted()
    try {
      const rootKey = await trySlot(crypto, listed, slot, unlock)
      if (rootKey !== null) return withKeyring(crypto, listed, slot, rootKey)
    } catch (error) {
      if (!isPassedOver(error)) throw error
      failures.push(error)
    }
  }
  throw failures[0] ?? unlockFailed(unlock)
}

/** The slot in a record, or `null` where that is missing or damaged: it opens nothing. */
export function readableSlot(
  { primitives }: VaultCrypto,
  key: StorageKey,
  record: Uint8Array | null,
): UnlockSlot | null {
  if (record === null) return null
  try {
    return parseSlot(primitives, key, record)
  } catch (error) {
    if (isPassedOver(error)) return null
    throw error
  }
}

/** Whether an unlock opens one of these slots. */
export async function opensOne(
  crypto: VaultCrypto,
  slots: readonly UnlockSlot[],
  unlock: Unlock,
  signal: AbortSignalLike | null,
): Promise<boolean> {
  for (const slot of slots) {
    signal?.throwIfAborted()
    if (await opens(crypto, slot, unlock)) return true
  }
  return false
}

async function opens(
  { primitives }: VaultCrypto,
  slot: UnlockSlot,
  unlock: Unlock,
): Promise<boolean> {
  let derived: Uint8Array | null = null
  try {
    derived = await deriveSlotKey(unlock, slot.kdf)
    return derived !== null && slotAccepts(primitives, slot, derived)
  } catch (error) {
    // One whose provider has lost its key opens nothing.
    if (isPassedOver(error)) return false
    throw error
  } finally {
    if (derived !== null) wipe(derived)
  }
}

/** Reads keyring and slots until the one lists the others: a slot that changes is not missing. */
async function readListedSlots(
  storage: StorageAdapter,
  signal: AbortSignalLike | null,
): Promise<ListedSlots> {
  let slots: readonly StorageKey[] = []
  for (let attempt = 0; attempt < READ_ATTEMPTS_MAX; attempt++) {
    const [keyring = null, ...records] = await storage.read([KEYRING_KEY, ...slots])
    signal?.throwIfAborted()
    if (keyring === null) throw missing('the keyring')
    const listed = peekSlotIds(keyring).map(slotKey)
    if (listed.length === slots.length && listed.every((key, i) => key === slots[i])) {
      return { keyring, records: new Map(slots.map((key, i) => [key, records[i] ?? null])) }
    }
    slots = listed
  }
  throw new VaultError('CONFLICT', 'the unlock slots change faster than they can be read')
}

function missing(what: string): VaultError {
  return new VaultError('RECORD_MISSING', `${what} is missing, though the store holds records`)
}

/** The sum of N over the passphrase slots among these. */
export function costOf(slots: readonly Pick<UnlockSlot, 'kdf'>[]): number {
  let sum = 0
  for (const { kdf } of slots) sum += kdf.kind === 'passphrase' ? 2 ** kdf.logN : 0
  return sum
}

/**
 * The list of slots is not authenticated before one of them has opened, so someone who edits the
 * store could make every opening take minutes.
 *
 * @throws {@link VaultError} `RECORD_MISMATCH`
 */
function requireBoundedCost(slots: readonly UnlockSlot[]): void {
  if (costOf(slots) <= SCRYPT_N_SUM_MAX) return
  const message = 'the unlock slots take more time and memory to try than those of a vault can'
  throw new VaultError('RECORD_MISMATCH', message)
}

function isPassedOver(error: unknown): error is VaultError {
  return isIntegrityError(error) || codeOf(error) === 'KEYRING_UNAVAILABLE'
}

async function trySlot(
  crypto: VaultCrypto,
  listed: ListedSlots,
  slot: UnlockSlot,
  unlock: Unlock,
): Promise<Uint8Array | null> {
  const { primitives, vaultId } = crypto
  const key = await deriveSlotKey(unlock, slot.kdf)
  if (key === null) return null
  try {
    if (!slotAccepts(primitives, slot, key)) return null
    const rootKey = openSlot(primitives, vaultId, slot, key)
    const place = slotKey(slot.slotId)
    withRecordKeys(crypto, rootKey, (records) => {
      authenticateSlot(records, place, listed.records.get(place) ?? new Uint8Array(0))
    })
    return rootKey
  } finally {
    wipe(key)
  }
}

function withKeyring(
  crypto: VaultCrypto,
  { keyring: bytes }: ListedSlots,
  slot: UnlockSlot,
  rootKey: Uint8Array,
): OpenedSlot {
  const state = withRecordKeys(crypto, rootKey, (records) => openKeyring(records, bytes))
  return { slot, rootKey, keyring: { bytes, state } }
}

/** @param rootKey - wiped where `use` fails */
function withRecordKeys<T>(
  crypto: VaultCrypto,
  rootKey: Uint8Array,
  use: (records: RecordKeys) => T,
): T {
  const records = recordKeys(crypto, rootKey)
  try {
    return use(records)
  } catch (error) {
    wipe(rootKey)
    throw error
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
