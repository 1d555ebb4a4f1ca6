/**
 * Unlock slots: each wraps the vault's root key under its own key, which the caller passes, which
 * is derived from a passphrase, or which a provider keeps. Normative description:
 * docs/format/records.md.
 */

import { createByteWriter } from '../bytes.js'
import type { ByteReader } from '../bytes.js'
import { slotCheckContext, slotWrapContext } from '../crypto/associated-data.js'
import { VaultError } from '../errors.js'
import {
  KEY_CHECK_BYTES,
  WRAPPED_KEY_BYTES,
  WRAP_SALT_BYTES,
  keyCheck,
  keyChecks,
  unwrapKey,
  wrapKey,
} from '../crypto/key-wrapping.js'
import { slotKey } from './layout.js'
import {
  PROVIDER_DATA_BYTES_MAX,
  PROVIDER_NAME_CHARS_MAX,
  SCRYPT_LOG_N_MAX,
  SCRYPT_LOG_N_MIN,
  SLOT_DESCRIPTION_CHARS_MAX,
} from '../limits.js'
import type { Primitives, SuiteId } from '../crypto/primitives.js'
import type { RecordKeys } from './record-frame.js'
import { authenticateChecked, beginRecord, readChecked, sealChecked } from './record-frame.js'

/** scrypt (RFC 7914) with r = 8 and p = 1; other parameters are refused. */
export interface ScryptKdf {
  /** Tells the kinds apart. */
  readonly kind: 'passphrase'
  /** log2 of N: 15 to 20, so 32 MiB to 1 GiB of memory. */
  readonly logN: number
  /** 16 random bytes. */
  readonly salt: Uint8Array
}

/** A key that a provider keeps or wraps: the system's keychain, a remote service. */
export interface ProviderKdf {
  /** Tells the kinds apart. */
  readonly kind: 'provider'
  /** The provider's name: 1 to 64 characters. */
  readonly provider: string
  /**
   * The data that the provider needs to return the key, such as the wrapped key: 1 to 4,096 bytes.
   */
  readonly data: Uint8Array
}

/** The key is the caller's own. */
export interface RawKeyKdf {
  /** Tells the kinds apart. */
  readonly kind: 'raw-key'
}

/** How a slot's key is made. */
export type SlotKdf = RawKeyKdf | ScryptKdf | ProviderKdf

/** Length of the salt of a passphrase, in bytes. */
export const SCRYPT_SALT_BYTES = 16
export const SCRYPT_R = 8
export const SCRYPT_P = 1

/** In the order of their numbers, from 1; append only. */
const KINDS: readonly SlotKdf['kind'][] = ['raw-key', 'passphrase', 'provider']

/** The most UTF-8 bytes of a UTF-16 unit. */
const UTF8_FACTOR = 3

/** The fields of a new slot. */
export interface NewSlot {
  /** 16 random bytes. */
  readonly slotId: Uint8Array
  readonly suite: SuiteId
  readonly createTime: number
  readonly kdf: SlotKdf
  /** 32 fresh bytes. */
  readonly salt: Uint8Array
  /** Helps people to distinguish slots; anyone with access to the store can read it. */
  readonly description: string
}

export interface UnlockSlot extends NewSlot {
  readonly check: Uint8Array
  readonly wrapped: Uint8Array
}

function kindNumber(kdf: SlotKdf): number {
  return KINDS.indexOf(kdf.kind) + 1
}

function encodeKdf(kdf: SlotKdf): Uint8Array {
  const writer = createByteWriter(32)
  if (kdf.kind === 'passphrase') {
    writer.u8(kdf.logN)
    writer.u8(SCRYPT_R)
    writer.u8(SCRYPT_P)
    writer.bytes(kdf.salt)
  } else if (kdf.kind === 'provider') {
    writer.shortText(kdf.provider)
    writer.u16(kdf.data.length)
    writer.bytes(kdf.data)
  }
  return writer.take()
}

function readKdf(reader: ByteReader): SlotKdf {
  const kind = KINDS[reader.u8() - 1]
  if (kind === undefined) throw unsupported('kind')
  if (kind === 'raw-key') return { kind }
  if (kind === 'provider') {
    const provider = reader.shortText(PROVIDER_NAME_CHARS_MAX)
    const length = reader.bounded(reader.u16(), PROVIDER_DATA_BYTES_MAX)
    return { kind, provider, data: reader.bytes(length) }
  }
  const logN = reader.u8()
  const isKnown = reader.u8() === SCRYPT_R && reader.u8() === SCRYPT_P
  if (!isKnown || logN < SCRYPT_LOG_N_MIN || logN > SCRYPT_LOG_N_MAX) throw unsupported('cost')
  return { kind, logN, salt: reader.bytes(SCRYPT_SALT_BYTES) }
}

function wrapContextOf(vaultId: Uint8Array, slot: NewSlot): Uint8Array {
  return slotWrapContext({
    suite: slot.suite,
    vaultId,
    slotId: slot.slotId,
    kind: kindNumber(slot.kdf),
    kdf: encodeKdf(slot.kdf),
    salt: slot.salt,
  })
}

/** The record of a slot in which `key` unwraps `rootKey`. */
export function sealSlot(
  keys: RecordKeys,
  slot: NewSlot,
  key: Uint8Array,
  rootKey: Uint8Array,
): Uint8Array {
  const { primitives, vaultId } = keys
  const writer = beginRecord('slot')
  writer.u16(slot.suite)
  writer.bytes(slot.slotId)
  writer.u64(slot.createTime)
  writer.u8(kindNumber(slot.kdf))
  writer.bytes(encodeKdf(slot.kdf))
  writer.bytes(keyCheck(primitives, key, slotCheckContext(slot.slotId)))
  writer.bytes(slot.salt)
  writer.bytes(wrapKey(primitives, slot.suite, key, wrapContextOf(vaultId, slot), rootKey))
  writer.longText(slot.description)
  return sealChecked(keys, slotKey(slot.slotId), writer)
}

/**
 * Reads a slot. The bounds of the derivation are checked here, before any memory is spent on it.
 * The fields are not authenticated yet; {@link authenticateSlot} does that once the slot has
 * opened.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, also for the slot of another key;
 *   `UNSUPPORTED_FORMAT` for a kind, suite or cost that is not allowed
 */
export function parseSlot(
  primitives: Primitives,
  storageKey: string,
  record: Uint8Array,
): UnlockSlot {
  const reader = readChecked(primitives, 'slot', record)
  const suite = reader.u16()
  if (suite !== 1 && suite !== 2) throw unsupported('suite')
  const slot: UnlockSlot = {
    suite,
    slotId: reader.bytes(16),
    createTime: reader.u64(),
    kdf: readKdf(reader),
    check: reader.bytes(KEY_CHECK_BYTES),
    salt: reader.bytes(WRAP_SALT_BYTES),
    wrapped: reader.bytes(WRAPPED_KEY_BYTES),
    description: reader.longText(SLOT_DESCRIPTION_CHARS_MAX * UTF8_FACTOR),
  }
  reader.end()
  if (slotKey(slot.slotId) !== storageKey) {
    throw new VaultError('MALFORMED_RECORD', 'an unlock slot is stored at the key of another')
  }
  return slot
}

/** Checks the MAC of a slot. @throws {@link VaultError} `DECRYPTION_FAILED` if it was changed */
export function authenticateSlot(keys: RecordKeys, storageKey: string, record: Uint8Array): void {
  authenticateChecked(keys, 'slot', storageKey, record)
}

function unsupported(what: string): VaultError {
  return new VaultError('UNSUPPORTED_FORMAT', `an unlock slot has a ${what} that is not allowed`)
}

/**
 * Whether `key` is the slot's key. A wrong passphrase fails here and is never reported as damage.
 */
export function slotAccepts(primitives: Primitives, slot: UnlockSlot, key: Uint8Array): boolean {
  return keyChecks(primitives, key, slotCheckContext(slot.slotId), slot.check)
}

/**
 * The vault's root key, from a slot that accepted `key`.
 *
 * @throws {@link VaultError} `DECRYPTION_FAILED` if the slot was changed
 */
export function openSlot(
  primitives: Primitives,
  vaultId: Uint8Array,
  slot: UnlockSlot,
  key: Uint8Array,
): Uint8Array {
  const context = wrapContextOf(vaultId, slot)
  const rootKey = unwrapKey(primitives, slot.suite, key, context, slot.wrapped)
  if (rootKey !== null) return rootKey
  const message = 'the key of an unlock slot is right, but the slot does not open'
  throw new VaultError('DECRYPTION_FAILED', message)
}
