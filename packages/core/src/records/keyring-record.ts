/**
 * The keyring: the vault's KEKs, each version wrapped under the root key, one primary. One record,
 * so that adding a key and making it primary is one write. Normative: docs/format/records.md.
 */

import { toHex } from '../bytes.js'
import { VaultError } from '../errors.js'
import { KEY_CHECK_BYTES, WRAPPED_KEY_BYTES, WRAP_SALT_BYTES } from '../crypto/key-derivation.js'
import { KEYRING_KEY } from './layout.js'
import { KEYS_MAX, KEY_VERSIONS_MAX } from '../limits.js'
import type { RecordKeys } from './record-frame.js'
import { beginRecord, openRecord, sealRecord } from './record-frame.js'

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
  /** The key of secrets that name none. */
  readonly defaultKeyId: Uint8Array
  readonly keys: readonly KeyringKey[]
}

/** The only state so far; the byte leaves room for Disabled and PendingDeletion. */
const KEY_ENABLED = 0

/** The keyring as it is stored. */
export function sealKeyring(keys: RecordKeys, keyring: KeyringState): Uint8Array {
  const writer = beginRecord('keyring')
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
  return sealRecord(keys, KEYRING_KEY, writer)
}

/**
 * The keyring in a record, authenticated.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`, `DECRYPTION_FAILED`
 */
export function openKeyring(keys: RecordKeys, record: Uint8Array): KeyringState {
  const reader = openRecord(keys, 'keyring', KEYRING_KEY, record)
  const defaultKeyId = reader.bytes(16)
  const count = reader.bounded(reader.u16(), KEYS_MAX)
  const ring = Array.from({ length: count }, (): KeyringKey => {
    const keyId = reader.bytes(16)
    if (reader.u8() !== KEY_ENABLED) {
      throw new VaultError('UNSUPPORTED_FORMAT', 'a key is in a state this program does not know')
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
  reader.end()
  checkOrder(ring)
  return { defaultKeyId, keys: ring }
}

/** One keyring has one encoding, and a key or version that is named is one key. */
function checkOrder(ring: readonly KeyringKey[]): void {
  const ids = new Set(ring.map(({ keyId }) => toHex(keyId)))
  const isOrdered = ring.every(({ versions }) =>
    versions.every(({ keyVersion }, i) => keyVersion > (versions[i - 1]?.keyVersion ?? 0)),
  )
  if (isOrdered && ids.size === ring.length) return
  throw new VaultError('MALFORMED_RECORD', 'the keyring: a key or version stands out of order')
}
