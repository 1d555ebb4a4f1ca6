/** Finds the slot that an unlock opens, and decrypts the root key with it. */

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

/** The keyring as it is stored, and its decoded state. */
export interface StoredKeyring {
  readonly bytes: Uint8Array
  readonly state: KeyringState
}

/** A slot that opened. */
export interface OpenedSlot {
  readonly slot: UnlockSlot
  /** The caller must wipe it. */
  readonly rootKey: Uint8Array
  /** The keyring, which lists the slot. */
  readonly keyring: StoredKeyring
}

/** The slots that a keyring lists, as stored, from one snapshot. */
interface ListedSlots {
  readonly keyring: Uint8Array
  readonly records: ReadonlyMap<StorageKey, Uint8Array | null>
}

/**
 * Tries the slots that the keyring lists, one by one. A damaged slot, or one whose provider fails,
 * does not keep another from opening. A slot that the keyring does not list was removed or planted.
 * Its key is never derived, because that could cost much memory and time.
 *
 * @param except - the storage key of a slot that must not be tried
 * @throws {@link VaultError} `UNLOCK_FAILED`; `RECORD_MISSING` if a listed slot is missing and no
 *   other opens; `RECORD_MISMATCH` for slots whose scrypt cost exceeds the limit of a vault;
 *   `KEYRING_UNAVAILABLE` or a code of the integrity group for the first slot that failed, if none
 *   opens; `CONFLICT` if the slots change between the reads; the signal's reason, between the reads
 *   and the slots
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

/** The slot in a record, or `null` if the record is missing or damaged and so opens nothing. */
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
    // A slot whose provider has lost its key opens nothing.
    if (isPassedOver(error)) return false
    throw error
  } finally {
    if (derived !== null) wipe(derived)
  }
}

/** Repeats the read until keyring and slots match, so that a slot being replaced is not missing. */
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
  return new VaultError('RECORD_MISSING', `${what} is missing, but the store holds other records`)
}

/** The sum of N over the passphrase slots. */
export function costOf(slots: readonly Pick<UnlockSlot, 'kdf'>[]): number {
  let sum = 0
  for (const { kdf } of slots) sum += kdf.kind === 'passphrase' ? 2 ** kdf.logN : 0
  return sum
}

/**
 * The list of slots is not authenticated until one of them opens. Without this bound, anyone who
 * can edit the store could make every opening take minutes.
 *
 * @throws {@link VaultError} `RECORD_MISMATCH`
 */
function requireBoundedCost(slots: readonly UnlockSlot[]): void {
  if (costOf(slots) <= SCRYPT_N_SUM_MAX) return
  const message = 'the scrypt cost of the unlock slots exceeds the limit of a vault'
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

/** @param rootKey - wiped if `use` throws */
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
