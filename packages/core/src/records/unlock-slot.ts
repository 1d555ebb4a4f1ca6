/**
 * Unlock slots: each wraps the vault's root key under a key of its own, from a raw key or a
 * passphrase. Normative description: docs/format/records.md.
 */

import { createByteWriter } from '../bytes.js'
import { slotCheckContext, slotWrapContext } from '../crypto/context.js'
import { VaultError } from '../errors.js'
import {
  KEY_CHECK_BYTES,
  WRAPPED_KEY_BYTES,
  WRAP_SALT_BYTES,
  keyCheck,
  keyChecks,
  unwrapKey,
  wrapKey,
} from '../crypto/key-derivation.js'
import { slotKey } from './layout.js'
import { SCRYPT_LOG_N_MAX, SCRYPT_LOG_N_MIN } from '../limits.js'
import type { Primitives, SuiteId } from '../crypto/primitives.js'
import { appendChecksum, beginRecord, readRecord, verifyChecksum } from './record-frame.js'

/** scrypt (RFC 7914) with r = 8 and p = 1: other parameters are not in use, so not accepted. */
export interface ScryptKdf {
  readonly kind: 'passphrase'
  /** log2 of N: 15 to 20, so 32 MiB to 1 GiB of memory. */
  readonly logN: number
  /** 16 random bytes. */
  readonly salt: Uint8Array
}

/** How a slot's key is made: it is given, or derived from a passphrase. */
export type SlotKdf = { readonly kind: 'raw-key' } | ScryptKdf

/** Length of the salt of a passphrase, in bytes. */
export const SCRYPT_SALT_BYTES = 16
export const SCRYPT_R = 8
export const SCRYPT_P = 1

const KIND_RAW_KEY = 1
const KIND_PASSPHRASE = 2

export interface UnlockSlot {
  /** 16 random bytes. */
  readonly slotId: Uint8Array
  readonly suite: SuiteId
  readonly createTime: number
  readonly kdf: SlotKdf
  readonly check: Uint8Array
  readonly salt: Uint8Array
  readonly wrapped: Uint8Array
}

/** What a new slot is made of; `salt` is 32 fresh bytes. */
export interface NewSlot {
  readonly slotId: Uint8Array
  readonly suite: SuiteId
  readonly createTime: number
  readonly kdf: SlotKdf
  readonly salt: Uint8Array
}

function encodeKdf(kdf: SlotKdf): Uint8Array {
  if (kdf.kind === 'raw-key') return new Uint8Array(0)
  const writer = createByteWriter(32)
  writer.u8(kdf.logN)
  writer.u8(SCRYPT_R)
  writer.u8(SCRYPT_P)
  writer.bytes(kdf.salt)
  return writer.take()
}

function wrapContextOf(vaultId: Uint8Array, slot: NewSlot): Uint8Array {
  return slotWrapContext({
    suite: slot.suite,
    vaultId,
    slotId: slot.slotId,
    kind: slot.kdf.kind === 'raw-key' ? KIND_RAW_KEY : KIND_PASSPHRASE,
    kdf: encodeKdf(slot.kdf),
    salt: slot.salt,
  })
}

/** The record of a slot that opens to `rootKey` with `key`. */
export function sealSlot(
  primitives: Primitives,
  vaultId: Uint8Array,
  slot: NewSlot,
  key: Uint8Array,
  rootKey: Uint8Array,
): Uint8Array {
  const writer = beginRecord('slot')
  writer.u16(slot.suite)
  writer.bytes(slot.slotId)
  writer.u64(slot.createTime)
  writer.u8(slot.kdf.kind === 'raw-key' ? KIND_RAW_KEY : KIND_PASSPHRASE)
  writer.bytes(encodeKdf(slot.kdf))
  writer.bytes(keyCheck(primitives, key, slotCheckContext(slot.slotId)))
  writer.bytes(slot.salt)
  writer.bytes(wrapKey(primitives, slot.suite, key, wrapContextOf(vaultId, slot), rootKey))
  return appendChecksum(primitives, writer.take())
}

/**
 * Reads a slot. Bounds of the derivation are enforced here, before any memory is spent on it.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, also for the slot of another place;
 *   `UNSUPPORTED_FORMAT` for a kind, suite or cost that is not allowed.
 */
export function parseSlot(
  primitives: Primitives,
  storageKey: string,
  record: Uint8Array,
): UnlockSlot {
  const reader = readRecord('slot', verifyChecksum(primitives, 'slot', record))
  const suite = reader.u16()
  if (suite !== 1 && suite !== 2) throw unsupported('suite')
  const slotId = reader.bytes(16)
  const createTime = reader.u64()
  const kind = reader.u8()
  if (kind !== KIND_RAW_KEY && kind !== KIND_PASSPHRASE) throw unsupported('kind')
  let kdf: SlotKdf = { kind: 'raw-key' }
  if (kind === KIND_PASSPHRASE) {
    const logN = reader.u8()
    const isKnown = reader.u8() === SCRYPT_R && reader.u8() === SCRYPT_P
    if (!isKnown || logN < SCRYPT_LOG_N_MIN || logN > SCRYPT_LOG_N_MAX) throw unsupported('cost')
    kdf = { kind: 'passphrase', logN, salt: reader.bytes(SCRYPT_SALT_BYTES) }
  }
  const check = reader.bytes(KEY_CHECK_BYTES)
  const salt = reader.bytes(WRAP_SALT_BYTES)
  const wrapped = reader.bytes(WRAPPED_KEY_BYTES)
  reader.end()
  if (slotKey(slotId) !== storageKey) {
    throw new VaultError('MALFORMED_RECORD', 'an unlock slot is kept at the place of another')
  }
  return { slotId, suite, createTime, kdf, check, salt, wrapped }
}

function unsupported(what: string): VaultError {
  return new VaultError('UNSUPPORTED_FORMAT', `an unlock slot has a ${what} that is not allowed`)
}

/** Whether `key` is the slot's key: a wrong passphrase ends here, and never looks like damage. */
export function slotAccepts(primitives: Primitives, slot: UnlockSlot, key: Uint8Array): boolean {
  return keyChecks(primitives, key, slotCheckContext(slot.slotId), slot.check)
}

/**
 * The vault's root key, from a slot that accepted `key`.
 *
 * @throws {@link VaultError} `DECRYPTION_FAILED` when the slot was changed.
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
