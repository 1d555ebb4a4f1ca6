/**
 * The keyring: the vault's KEKs, each version wrapped under the root key, one of them primary, and
 * the ids of the slots that open the vault. It is one record, so that adding a key and making it
 * primary is one write. Normative description: docs/format/records.md.
 */

import type { ByteReader } from '../bytes.js'
import { equalBytes, toHex } from '../bytes.js'
import { VaultError } from '../errors.js'
import { KEY_CHECK_BYTES, WRAPPED_KEY_BYTES, WRAP_SALT_BYTES } from '../crypto/key-wrapping.js'
import { DIGEST_BYTES } from '../crypto/primitives.js'
import { KEYRING_KEY } from './layout.js'
import { KEYS_MAX, KEY_VERSIONS_MAX, SLOTS_MAX } from '../limits.js'
import { compareText } from '../names.js'
import type { RecordKeys } from './record-frame.js'
import { beginRecord, openRecord, readRecord, sealRecord } from './record-frame.js'

/** A version of a KEK, wrapped under the root key. */
export interface WrappedKek {
  /** 1, 2, … */
  readonly keyVersion: number
  readonly createTime: number
  readonly check: Uint8Array
  readonly salt: Uint8Array
  readonly wrapped: Uint8Array
}

/** A KEK: the model's `encryptionKeyId` with its versions, oldest first. */
export interface KeyringKey {
  /** 16 random bytes. */
  readonly keyId: Uint8Array
  /** The version that wraps new DEKs. */
  readonly primaryVersion: number
  readonly versions: readonly WrappedKek[]
}

export interface KeyringState {
  /** 1 in a new vault, one more with every write. */
  readonly generation: number
  /** The key of secrets that name none. */
  readonly defaultKeyId: Uint8Array
  readonly keys: readonly KeyringKey[]
  /** The ids of all unlock slots, 16 bytes each, ascending, so that a lost slot is detected. */
  readonly slotIds: readonly Uint8Array[]
}

/** The only state so far; the byte reserves room for Disabled and PendingDeletion. */
const KEY_ENABLED = 0

/** The keyring as it is stored. */
export function sealKeyring(keys: RecordKeys, keyring: KeyringState): Uint8Array {
  const writer = beginRecord('keyring')
  writer.u64(keyring.generation)
  writer.bytes(keyring.defaultKeyId)
  writer.u16(keyring.keys.length)
  for (const key of keyring.keys) {
    writer.bytes(key.keyId)
    writer.u8(KEY_ENABLED)
    writer.u32(key.primaryVersion)
    writer.u16(key.versions.length)
    for (const version of key.versions) {
      writer.u32(version.keyVersion)
      writer.u64(version.createTime)
      writer.bytes(version.check)
      writer.bytes(version.salt)
      writer.bytes(version.wrapped)
    }
  }
  writer.u16(keyring.slotIds.length)
  for (const slotId of keyring.slotIds) writer.bytes(slotId)
  return sealRecord(keys, KEYRING_KEY, writer)
}

/**
 * The keyring in a record, authenticated.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`, `DECRYPTION_FAILED`
 */
export function openKeyring(keys: RecordKeys, record: Uint8Array): KeyringState {
  return readKeyring(openRecord(keys, 'keyring', KEYRING_KEY, record))
}

/**
 * The slots that a keyring lists, read before any key is known. The list is not authenticated: it
 * may only determine which slots are tried and which error is reported.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`
 */
export function peekSlotIds(record: Uint8Array): readonly Uint8Array[] {
  const fields = record.subarray(0, Math.max(record.length - DIGEST_BYTES, 0))
  return readKeyring(readRecord('keyring', fields)).slotIds
}

function readKeyring(reader: ByteReader): KeyringState {
  const generation = reader.u64()
  const defaultKeyId = reader.bytes(16)
  const count = reader.bounded(reader.u16(), KEYS_MAX)
  const ring = Array.from({ length: count }, (): KeyringKey => {
    const keyId = reader.bytes(16)
    if (reader.u8() !== KEY_ENABLED) {
      throw new VaultError('UNSUPPORTED_FORMAT', 'a key is in an unsupported state')
    }
    const primaryVersion = reader.u32()
    const versionCount = reader.bounded(reader.u16(), KEY_VERSIONS_MAX)
    const versions = Array.from({ length: versionCount }, () => ({
      keyVersion: reader.u32(),
      createTime: reader.u64(),
      check: reader.bytes(KEY_CHECK_BYTES),
      salt: reader.bytes(WRAP_SALT_BYTES),
      wrapped: reader.bytes(WRAPPED_KEY_BYTES),
    }))
    return { keyId, primaryVersion, versions }
  })
  const slotCount = reader.bounded(reader.u16(), SLOTS_MAX)
  const slotIds = Array.from({ length: slotCount }, () => reader.bytes(16))
  reader.end()
  const keyring: KeyringState = { generation, defaultKeyId, keys: ring, slotIds }
  checkOrder(keyring)
  return keyring
}

/** Ensures that a keyring has one encoding, and that each key, version and slot occurs once. */
function checkOrder({ keys, slotIds }: KeyringState): void {
  const ids = new Set(keys.map(({ keyId }) => toHex(keyId)))
  const areVersionsOrdered = keys.every(({ versions }) =>
    versions.every(({ keyVersion }, i) => keyVersion > (versions[i - 1]?.keyVersion ?? 0)),
  )
  const slots = slotIds.map(toHex)
  const areSlotsOrdered = slots.every((slot, i) => slot > (slots[i - 1] ?? ''))
  if (areVersionsOrdered && areSlotsOrdered && ids.size === keys.length) return
  throw new VaultError('MALFORMED_RECORD', 'the keyring: its keys or slots are out of order')
}

/** Whether the keyring lists this slot. */
export function hasSlot(keyring: KeyringState, slotId: Uint8Array): boolean {
  return keyring.slotIds.some((known) => equalBytes(known, slotId))
}

/** The keyring with `added` listed and `removed` no longer listed; `null` for neither. */
export function changeSlots(
  keyring: KeyringState,
  added: Uint8Array | null,
  removed: Uint8Array | null,
): KeyringState {
  const kept = keyring.slotIds.filter((id) => removed === null || !equalBytes(id, removed))
  const slotIds = added === null ? kept : [...kept, added]
  return {
    ...keyring,
    generation: keyring.generation + 1,
    slotIds: slotIds.sort((a, b) => compareText(toHex(a), toHex(b))),
  }
}
