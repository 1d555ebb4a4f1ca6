/**
 * A version record: the value sealed under its DEK, the DEK wrapped under a KEK, both bound to the
 * vault, the secret, the version and each other. Normative description: docs/format/envelope.md.
 */

import { equalBytes, wipe } from '../bytes.js'
import type { VersionAddress } from '../crypto/associated-data.js'
import { dekHedgeContext, dekWrapContext, valueContext } from '../crypto/associated-data.js'
import { VaultError } from '../errors.js'
import {
  WRAPPED_KEY_BYTES,
  WRAP_SALT_BYTES,
  ZERO_NONCE,
  expandTwoKeys,
  hedgedSalt,
  unwrapKey,
  wrapKey,
} from '../crypto/key-wrapping.js'
import { VERSION_ID_CHARS_MAX, STORED_VALUE_BYTES_MAX } from '../limits.js'
import type { Primitives, SuiteId } from '../crypto/primitives.js'
import { DIGEST_BYTES, TAG_BYTES } from '../crypto/primitives.js'
import { beginRecord, readRecord } from './record-frame.js'
import type { SecretValue } from '../model/value.js'
import { CONTENT_TYPES, contentTypeNumber } from '../model/value.js'

/** A version of a KEK, unwrapped. */
export interface Kek {
  readonly keyId: Uint8Array
  readonly keyVersion: number
  readonly key: Uint8Array
  /** Derived from `key`; hedges new DEKs and salts. */
  readonly hedgeKey: Uint8Array
}

/** Values are stored without padding; the field reserves room for padding schemes. */
const PADDING_NONE = 0

/** Length of a version record without the version's id and the sealed value, in bytes. */
const FIXED_BYTES = 154

/** The random bytes that `sealVersion` needs: one half for the DEK, one for the salt. */
export const SEAL_RANDOM_BYTES = 64

export interface VersionToSeal {
  readonly suite: SuiteId
  readonly address: VersionAddress
  readonly createTime: number
  readonly value: SecretValue
  /** The full keyed digest of the value, 32 bytes: see `value.ts`. */
  readonly digest: Uint8Array
}

/**
 * Seals a version into its record. The DEK also depends on the value, so that a random source that
 * repeats itself never seals two values under one key.
 *
 * @param random - 64 fresh bytes
 */
export function sealVersion(
  primitives: Primitives,
  kek: Kek,
  version: VersionToSeal,
  random: Uint8Array,
): Uint8Array {
  const { address, value } = version
  const hedge = dekHedgeContext(address)
  const dekRandom = random.subarray(0, 32)
  const dek = primitives.hmacSha256(kek.hedgeKey, hedge, dekRandom, version.digest)
  try {
    const saltRandom = random.subarray(32, SEAL_RANDOM_BYTES)
    const salt = hedgedSalt(primitives, kek.hedgeKey, address.vaultId, saltRandom, dek)
    const { keyId, keyVersion } = kek
    const wrapContext = dekWrapContext(version.suite, address, { keyId, keyVersion, salt })
    const wrapped = wrapKey(primitives, version.suite, kek.key, wrapContext, dek)
    const fields = {
      contentType: contentTypeNumber(value.type),
      createTime: version.createTime,
      padding: PADDING_NONE,
    }
    const context = valueContext(version.suite, address, fields)
    const [valueKey, commitment] = expandTwoKeys(primitives, dek, context)
    try {
      const box = primitives.aeadSeal(version.suite, valueKey, ZERO_NONCE, context, value.bytes)
      return writeVersion(version, kek, fields, { salt, wrapped, commitment, box })
    } finally {
      wipe(valueKey)
    }
  } finally {
    wipe(dek)
  }
}

function writeVersion(
  { suite, address: { versionId } }: VersionToSeal,
  { keyId, keyVersion }: Kek,
  fields: Pick<SealedVersion, 'contentType' | 'createTime' | 'padding'>,
  sealed: Pick<SealedVersion, 'salt' | 'wrapped' | 'commitment' | 'box'>,
): Uint8Array {
  const writer = beginRecord('version', FIXED_BYTES + versionId.length + sealed.box.length)
  writer.u16(suite)
  writer.shortText(versionId)
  writer.u8(fields.contentType)
  writer.u64(fields.createTime)
  writer.u8(fields.padding)
  writer.bytes(keyId)
  writer.u32(keyVersion)
  writer.bytes(sealed.salt)
  writer.bytes(sealed.wrapped)
  writer.bytes(sealed.commitment)
  writer.u32(sealed.box.length)
  writer.bytes(sealed.box)
  return writer.take()
}

/** The fields of a version record, still encrypted. Their bytes are views of the record. */
export interface SealedVersion {
  readonly suite: number
  readonly versionId: string
  readonly contentType: number
  readonly createTime: number
  readonly padding: number
  readonly keyId: Uint8Array
  readonly keyVersion: number
  readonly salt: Uint8Array
  readonly wrapped: Uint8Array
  readonly commitment: Uint8Array
  readonly box: Uint8Array
}

/**
 * Reads the fields of a version record.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`
 */
export function parseVersion(record: Uint8Array): SealedVersion {
  const reader = readRecord('version', record)
  const sealed: SealedVersion = {
    suite: reader.u16(),
    versionId: reader.shortText(VERSION_ID_CHARS_MAX),
    contentType: reader.u8(),
    createTime: reader.u64(),
    padding: reader.u8(),
    keyId: reader.window(16),
    keyVersion: reader.u32(),
    salt: reader.window(WRAP_SALT_BYTES),
    wrapped: reader.window(WRAPPED_KEY_BYTES),
    commitment: reader.window(DIGEST_BYTES),
    box: reader.window(reader.bounded(reader.u32(), STORED_VALUE_BYTES_MAX + TAG_BYTES)),
  }
  reader.end()
  return sealed
}

/**
 * The value in a version record.
 *
 * @throws {@link VaultError} as {@link openValueKey} and {@link openValue}
 */
export function openVersion(
  primitives: Primitives,
  suite: SuiteId,
  kek: Kek,
  address: VersionAddress,
  sealed: SealedVersion,
): SecretValue {
  const valueKey = openValueKey(primitives, suite, kek, address, sealed)
  try {
    return openValue(primitives, suite, address, sealed, valueKey)
  } finally {
    wipe(valueKey)
  }
}

/**
 * The key that the value of a version record is sealed under, 32 bytes, which the caller must wipe.
 * The commitment is compared before anything is decrypted: it binds the DEK and every field of the
 * associated data, so no second key opens the same record.
 *
 * @throws {@link VaultError} `UNSUPPORTED_FORMAT` for a suite or padding that this vault does not
 *   allow; `RECORD_MISMATCH` for the record of another version; `DECRYPTION_FAILED` for any other
 *   change
 */
export function openValueKey(
  primitives: Primitives,
  suite: SuiteId,
  kek: Kek,
  address: VersionAddress,
  sealed: SealedVersion,
): Uint8Array {
  if (sealed.suite !== suite || sealed.padding !== PADDING_NONE) {
    throw new VaultError('UNSUPPORTED_FORMAT', 'a version record has a forbidden suite or padding')
  }
  if (sealed.versionId !== address.versionId) {
    const message = `the record of version ${address.versionId} belongs to another version`
    throw new VaultError('RECORD_MISMATCH', message)
  }
  const wrapContext = dekWrapContext(suite, address, sealed)
  const dek = unwrapKey(primitives, suite, kek.key, wrapContext, sealed.wrapped)
  if (dek === null) throw tampered(address)
  try {
    const context = valueContext(suite, address, sealed)
    const [valueKey, commitment] = expandTwoKeys(primitives, dek, context)
    if (equalBytes(commitment, sealed.commitment)) return valueKey
    wipe(valueKey)
    throw tampered(address)
  } finally {
    wipe(dek)
  }
}

/**
 * The value in a version record, opened with the key of {@link openValueKey}.
 *
 * @throws {@link VaultError} `DECRYPTION_FAILED`; `UNSUPPORTED_FORMAT` for an unsupported content
 *   type
 */
export function openValue(
  primitives: Primitives,
  suite: SuiteId,
  address: VersionAddress,
  sealed: SealedVersion,
  valueKey: Uint8Array,
): SecretValue {
  const context = valueContext(suite, address, sealed)
  const bytes = primitives.aeadOpen(suite, valueKey, ZERO_NONCE, context, sealed.box)
  if (bytes === null) throw tampered(address)
  const type = CONTENT_TYPES[sealed.contentType]
  if (type !== undefined) return { type, bytes }
  // The content type is part of the associated data, so a later release sealed the value.
  wipe(bytes)
  throw new VaultError('UNSUPPORTED_FORMAT', 'a version record has an unsupported content type')
}

function tampered(address: VersionAddress): VaultError {
  const message = `the record of version ${address.versionId} does not open`
  return new VaultError('DECRYPTION_FAILED', message)
}
