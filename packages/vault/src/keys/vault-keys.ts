/** The keys of a vault: derived from the root key, or unwrapped from the keyring with it. */

import { equalBytes, wipe } from '@stagevault/core/bytes'
import {
  kekCheckContext,
  kekWrapContext,
  subkeyContext,
} from '@stagevault/core/crypto/associated-data'
import {
  WRAP_SALT_BYTES,
  expandKey,
  hedgedSalt,
  keyCheck,
  keyChecks,
  unwrapKey,
  wrapKey,
} from '@stagevault/core/crypto/key-wrapping'
import { VaultError } from '@stagevault/core/errors'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import { KEY_BYTES } from '@stagevault/core/crypto/primitives'
import type { Kek } from '@stagevault/core/records/envelope'
import type { KeyringState, WrappedKek } from '@stagevault/core/records/keyring-record'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import type { RandomSource } from './random-source.js'

/** The keys of an unlocked vault. No other copies exist. */
export interface SessionKeys {
  readonly records: RecordKeys
  readonly digestKey: Uint8Array
  /** Encrypts the page tokens of views. */
  readonly tokenKey: Uint8Array
  /** Every version of every KEK. */
  readonly keks: readonly Kek[]
  /** The primary version of each KEK, which wraps new DEKs. */
  readonly primaryKeks: readonly Kek[]
  /** The primary KEK that new secrets use. */
  readonly defaultKek: Kek
}

/** The vault's id and its cryptography. */
export interface VaultCrypto {
  readonly primitives: Primitives
  readonly vaultId: Uint8Array
  readonly suite: SuiteId
}

function subkey({ primitives, vaultId }: VaultCrypto, key: Uint8Array, label: string): Uint8Array {
  return expandKey(primitives, key, subkeyContext(vaultId, label))
}

/** The keys that authenticate the records of a vault with this root key. */
export function recordKeys(crypto: VaultCrypto, rootKey: Uint8Array): RecordKeys {
  const { primitives, vaultId } = crypto
  return { primitives, vaultId, macKey: subkey(crypto, rootKey, 'record mac') }
}

/** The keyring of a new vault: one slot id, and one new KEK, wrapped. */
export function newKeyring(
  crypto: VaultCrypto,
  rootKey: Uint8Array,
  slotId: Uint8Array,
  random: RandomSource,
  createTime: number,
): KeyringState {
  const { primitives, vaultId, suite } = crypto
  const keyId = random(16)
  const keyVersion = 1
  const kek = random(KEY_BYTES)
  const hedgeKey = subkey(crypto, rootKey, 'hedge')
  const wrapping = subkey(crypto, rootKey, 'keyring')
  try {
    const salt = hedgedSalt(primitives, hedgeKey, vaultId, random(WRAP_SALT_BYTES), kek)
    const context = kekWrapContext({ suite, vaultId, keyId, keyVersion, salt })
    const version: WrappedKek = {
      keyVersion,
      createTime,
      check: keyCheck(primitives, kek, kekCheckContext(keyId, keyVersion)),
      salt,
      wrapped: wrapKey(primitives, suite, wrapping, context, kek),
    }
    return {
      generation: 1,
      defaultKeyId: keyId,
      keys: [{ keyId, primaryVersion: keyVersion, versions: [version] }],
      slotIds: [slotId],
    }
  } finally {
    wipe(kek, hedgeKey, wrapping)
  }
}

/**
 * Unwraps all keys of a session.
 *
 * @throws {@link VaultError} `DECRYPTION_FAILED` for a KEK that does not open; `KEY_NOT_FOUND` if
 *   the keyring lacks a primary version or the default key
 */
export function openKeys(
  crypto: VaultCrypto,
  records: RecordKeys,
  rootKey: Uint8Array,
  keyring: KeyringState,
): SessionKeys {
  const wrapping = subkey(crypto, rootKey, 'keyring')
  const keks: Kek[] = []
  const primaryKeks: Kek[] = []
  try {
    for (const { keyId, primaryVersion, versions } of keyring.keys) {
      for (const version of versions) {
        const kek = openKek(crypto, wrapping, keyId, version)
        keks.push(kek)
        if (kek.keyVersion === primaryVersion) primaryKeks.push(kek)
      }
    }
    const defaultKek = primaryKeks.find((kek) => equalBytes(kek.keyId, keyring.defaultKeyId))
    if (defaultKek === undefined || primaryKeks.length !== keyring.keys.length) {
      const message = 'the keyring lacks the primary version of a key'
      throw new VaultError('KEY_NOT_FOUND', message)
    }
    const digestKey = subkey(crypto, rootKey, 'value digest')
    const tokenKey = subkey(crypto, rootKey, 'page token')
    return { records, digestKey, tokenKey, keks, primaryKeks, defaultKek }
  } catch (error) {
    wipeKeks(keks)
    throw error
  } finally {
    wipe(wrapping)
  }
}

function openKek(
  crypto: VaultCrypto,
  wrapping: Uint8Array,
  keyId: Uint8Array,
  version: WrappedKek,
): Kek {
  const { primitives, vaultId, suite } = crypto
  const { keyVersion, salt, check } = version
  const context = kekWrapContext({ suite, vaultId, keyId, keyVersion, salt })
  const key = unwrapKey(primitives, suite, wrapping, context, version.wrapped)
  if (key === null || !keyChecks(primitives, key, kekCheckContext(keyId, keyVersion), check)) {
    if (key !== null) wipe(key)
    throw new VaultError('DECRYPTION_FAILED', 'a key in the keyring does not open')
  }
  return { keyId, keyVersion, key, hedgeKey: subkey(crypto, key, 'hedge') }
}

/** The KEK that a version record names. @throws {@link VaultError} `KEY_NOT_FOUND` */
export function findKek({ keks }: SessionKeys, keyId: Uint8Array, keyVersion: number): Kek {
  const kek = keks.find((each) => each.keyVersion === keyVersion && equalBytes(each.keyId, keyId))
  if (kek !== undefined) return kek
  const message = `the keyring lacks version ${String(keyVersion)} of the key that wraps a DEK`
  throw new VaultError('KEY_NOT_FOUND', message)
}

/**
 * The KEK version that wraps the DEKs of new versions.
 *
 * @throws {@link VaultError} `KEY_NOT_FOUND`
 */
export function primaryKek({ primaryKeks }: SessionKeys, keyId: Uint8Array): Kek {
  const kek = primaryKeks.find((each) => equalBytes(each.keyId, keyId))
  if (kek !== undefined) return kek
  throw new VaultError('KEY_NOT_FOUND', 'the keyring lacks the encryption key of a secret')
}

/** Overwrites the keys; the session is unusable afterwards. */
export function wipeKeys(keys: SessionKeys): void {
  wipe(keys.records.macKey, keys.digestKey, keys.tokenKey)
  wipeKeks(keys.keks)
}

export function wipeKeks(keks: readonly Kek[]): void {
  for (const { key, hedgeKey } of keks) wipe(key, hedgeKey)
}
