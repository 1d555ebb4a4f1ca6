/**
 * The common frame of all records: a four-byte magic that names the kind, a format version, and,
 * except for version records, a MAC over the bytes and the storage key.
 */

import { createByteReader, createByteWriter, equalBytes } from '../bytes.js'
import type { ByteReader, ByteWriter } from '../bytes.js'
import { recordMacContext } from '../crypto/associated-data.js'
import { VaultError } from '../errors.js'
import type { Primitives } from '../crypto/primitives.js'
import { DIGEST_BYTES } from '../crypto/primitives.js'

/** Kinds of record: their magic, and their name in messages. */
export const RECORD_KINDS = {
  descriptor: { magic: 'SVVD', what: 'the vault descriptor' },
  slot: { magic: 'SVSL', what: 'an unlock slot' },
  keyring: { magic: 'SVKR', what: 'the keyring' },
  root: { magic: 'SVRT', what: 'the vault root' },
  head: { magic: 'SVHD', what: 'the head of a secret' },
  name: { magic: 'SVNM', what: 'the name record of a secret' },
  due: { magic: 'SVDU', what: 'a deletion entry' },
  version: { magic: 'SVVR', what: 'a version record' },
  accessRoot: { magic: 'SVAE', what: 'the access root' },
  accessList: { magic: 'SVAL', what: 'the list of access records' },
  accessRecord: { magic: 'SVAC', what: 'an access record' },
  secretPolicy: { magic: 'SVPO', what: 'the policy of a secret' },
} as const

export type RecordKind = keyof typeof RECORD_KINDS

/** The format that this release writes. It reads this one and older ones down to the floor. */
export const FORMAT_VERSION = 1
/** Length of magic and format version, in bytes. */
export const RECORD_HEADER_BYTES = 5
/** Length of a record's tag, the first half of its MAC, in bytes. */
export const RECORD_TAG_BYTES = 16
/** Length of the checksum of records that are read before any key is known, in bytes. */
const CHECKSUM_BYTES = 8

/** The keys that authenticate the records of a vault. */
export interface RecordKeys {
  readonly primitives: Primitives
  readonly vaultId: Uint8Array
  readonly macKey: Uint8Array
}

/** A writer with the header of `kind` already written. */
export function beginRecord(kind: RecordKind, sizeHint?: number): ByteWriter {
  const writer = createByteWriter(sizeHint)
  writer.ascii(RECORD_KINDS[kind].magic)
  writer.u8(FORMAT_VERSION)
  return writer
}

/**
 * A reader positioned after the header of `kind`.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD` for another magic; `UNSUPPORTED_FORMAT` for a
 *   format version that is newer than this release or below the floor
 */
export function readRecord(kind: RecordKind, record: Uint8Array): ByteReader {
  checkHeader(kind, record)
  return createByteReader(RECORD_KINDS[kind].what, record.subarray(RECORD_HEADER_BYTES))
}

function checkHeader(kind: RecordKind, record: Uint8Array): void {
  const { magic, what } = RECORD_KINDS[kind]
  for (let i = 0; i < magic.length; i++) {
    if (record[i] !== magic.charCodeAt(i)) {
      throw new VaultError('MALFORMED_RECORD', `${what}: does not begin with ${magic}`)
    }
  }
  const version = record[magic.length]
  if (version === undefined) throw cutShort(kind)
  if (version !== FORMAT_VERSION) {
    const found = `format ${String(version)}`
    throw new VaultError('UNSUPPORTED_FORMAT', `${what}: ${found} is not supported by this release`)
  }
}

function cutShort(kind: RecordKind): VaultError {
  return new VaultError('MALFORMED_RECORD', `${RECORD_KINDS[kind].what}: cut short`)
}

function mac(keys: RecordKeys, storageKey: string, body: Uint8Array): Uint8Array {
  const context = recordMacContext(keys.vaultId, storageKey)
  return keys.primitives.hmacSha256(keys.macKey, context, body)
}

/**
 * The tag of a record, which distinguishes genuine records of one storage key. Two of n records
 * have the same tag with a probability of n² / 2^129, and a store cannot produce any.
 */
export function recordTag(record: Uint8Array): Uint8Array {
  const start = Math.max(record.length - DIGEST_BYTES, 0)
  return record.slice(start, start + RECORD_TAG_BYTES)
}

/** The written record with its MAC, ready to be stored at `storageKey`. */
export function sealRecord(keys: RecordKeys, storageKey: string, writer: ByteWriter): Uint8Array {
  writer.bytes(mac(keys, storageKey, writer.written()))
  return writer.take()
}

/**
 * A reader over a record's fields, after its MAC was verified for this key in this vault.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`; `DECRYPTION_FAILED` if the
 *   record was changed, moved from another key, or written with other keys
 */
export function openRecord(
  keys: RecordKeys,
  kind: RecordKind,
  storageKey: string,
  record: Uint8Array,
): ByteReader {
  checkHeader(kind, record)
  const split = record.length - DIGEST_BYTES
  if (split < RECORD_HEADER_BYTES) throw cutShort(kind)
  const found = mac(keys, storageKey, record.subarray(0, split))
  const { what } = RECORD_KINDS[kind]
  if (!equalBytes(found, record.subarray(split))) {
    throw new VaultError('DECRYPTION_FAILED', `${what} does not authenticate at ${storageKey}`)
  }
  return createByteReader(what, record.subarray(RECORD_HEADER_BYTES, split))
}

/**
 * The written record with its MAC, followed by a checksum, for records that are read before any key
 * is known. The checksum has no key: it distinguishes damage from a wrong passphrase, and stops no
 * attacker.
 */
export function sealChecked(keys: RecordKeys, storageKey: string, writer: ByteWriter): Uint8Array {
  return appendChecksum(keys.primitives, sealRecord(keys, storageKey, writer))
}

/** The record with its checksum. */
export function appendChecksum(primitives: Primitives, record: Uint8Array): Uint8Array {
  const checksum = primitives.sha256(record).subarray(0, CHECKSUM_BYTES)
  const whole = new Uint8Array(record.length + CHECKSUM_BYTES)
  whole.set(record)
  whole.set(checksum, record.length)
  return whole
}

/**
 * A reader over the fields of a record with a checksum. The checksum is correct, but the record is
 * not authenticated yet; {@link authenticateChecked} does that once the root key is known.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`
 */
export function readChecked(
  primitives: Primitives,
  kind: RecordKind,
  whole: Uint8Array,
): ByteReader {
  const record = verifyChecksum(primitives, kind, whole)
  // Before the MAC is cut off: a later format may have none.
  checkHeader(kind, record)
  return readRecord(kind, record.subarray(0, Math.max(record.length - DIGEST_BYTES, 0)))
}

/**
 * Checks the MAC of a record that was read before.
 *
 * @throws {@link VaultError} `DECRYPTION_FAILED` if it was changed
 */
export function authenticateChecked(
  keys: RecordKeys,
  kind: RecordKind,
  storageKey: string,
  whole: Uint8Array,
): void {
  openRecord(keys, kind, storageKey, verifyChecksum(keys.primitives, kind, whole))
}

function verifyChecksum(primitives: Primitives, kind: RecordKind, whole: Uint8Array): Uint8Array {
  const split = whole.length - CHECKSUM_BYTES
  const record = whole.subarray(0, Math.max(split, 0))
  const checksum = primitives.sha256(record).subarray(0, CHECKSUM_BYTES)
  if (split < RECORD_HEADER_BYTES || !equalBytes(checksum, whole.subarray(split))) {
    const { what } = RECORD_KINDS[kind]
    throw new VaultError('MALFORMED_RECORD', `${what} is damaged: its checksum is wrong`)
  }
  return record
}
