/** Version records: seals a value into a record, and opens a record that a head names. */

import { equalBytes, wipe } from '@stagevault/core/bytes'
import type { VersionAddress } from '@stagevault/core/crypto/associated-data'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import { VaultError } from '@stagevault/core/errors'
import type { SecretState, VersionState } from '@stagevault/core/model/secret-state'
import type { SecretValue } from '@stagevault/core/model/value'
import { VALUE_DIGEST_BYTES, digestValue } from '@stagevault/core/model/value'
import type { Kek } from '@stagevault/core/records/envelope'
import {
  SEAL_RANDOM_BYTES,
  openValue,
  openValueKey,
  parseVersion,
  sealVersion,
} from '@stagevault/core/records/envelope'
import { versionKey } from '@stagevault/core/records/layout'
import type { CachedVersion } from '../caches/version-cache.js'
import { hmacAsync, isHashedElsewhere, sha256Async } from '../platform/async-hash.js'
import type { Session } from '../session/session.js'
import { findKek } from '../keys/vault-keys.js'

/** A version record and its SHA-256, which the head contains. */
export interface SealedVersion {
  readonly record: Uint8Array
  readonly hash: Uint8Array
}

/** The most bytes that a version record has in addition to the value. */
const ENVELOPE_BYTES = 256

/** A version that a change adds. It is sealed once it is certain to be committed. */
export interface NewVersion {
  readonly key: string
  readonly number: number
  /** The approximate length of the record, in bytes. */
  readonly bytes: number
  seal(): SealedVersion
}

/** The version that a value becomes. */
export interface VersionPlace {
  readonly secretId: Uint8Array
  readonly number: number
  readonly versionId: string
  readonly kek: Kek
}

/**
 * Makes version records of one value, for one operation. The place of the version may change until
 * the operation is committed. A sealed record is kept and reused for the same place only.
 */
export class ValueSealer {
  /** Whether the value is hashed on another thread, so that its versions must be prepared. */
  readonly isLong: boolean
  readonly #session: Session
  readonly #value: SecretValue
  readonly #createTime: number
  #digested: (DigestId & { readonly digest: Uint8Array }) | null = null
  #made: (VersionPlace & { readonly random: Uint8Array }) | null = null
  #sealed: SealedVersion | null = null

  /**
   * @param value - must not change until the operation ends
   * @param createTime - of the version, in milliseconds since 1970
   */
  constructor(session: Session, value: SecretValue, createTime: number) {
    this.isLong = isHashedElsewhere(session, value.bytes.length)
    this.#session = session
    this.#value = value
    this.#createTime = createTime
  }

  /**
   * The keyed digest of the value under this version id, 32 bytes, of which the head contains the
   * first 16; `null` if it must be prepared.
   */
  digest(secretId: Uint8Array, versionId: string): Uint8Array | null {
    const known = this.#digested
    if (known !== null && isSameId(known, { secretId, versionId })) return known.digest
    if (this.isLong) return null
    const { primitives, vaultId, keys } = this.#session
    const id = { vaultId, secretId, versionId }
    const hmac: Primitives['hmacSha256'] = (...parts) => primitives.hmacSha256(...parts)
    const digest = digestValue(hmac, keys.digestKey, id, this.#value)
    this.#digested = { secretId, versionId, digest }
    return digest
  }

  /** The version at this place; `null` if it must be prepared. */
  version(place: VersionPlace): NewVersion | null {
    const isPrepared =
      this.#sealed !== null && this.#made !== null && isSamePlace(this.#made, place)
    if (this.isLong && !isPrepared) return null
    const { random } = this.#make(place)
    return {
      key: versionKey(place.secretId, place.number),
      number: place.number,
      bytes: this.#value.bytes.length + ENVELOPE_BYTES,
      seal: () => {
        if (this.#sealed !== null) return this.#sealed
        const record = this.#seal(place, random)
        this.#sealed = { record, hash: this.#session.primitives.sha256(record) }
        return this.#sealed
      },
    }
  }

  /** Does the asynchronous work: hashes a long value, seals it, and hashes the record. */
  async prepare(place: VersionPlace): Promise<void> {
    const { vaultId, keys } = this.#session
    const { secretId, versionId } = place
    if (this.digest(secretId, versionId) === null) {
      const id = { vaultId, secretId, versionId }
      const digest = await digestValue(hmacAsync(this.#session), keys.digestKey, id, this.#value)
      this.#digested = { secretId, versionId, digest }
    }
    const { random } = this.#make(place)
    if (this.#sealed !== null) return
    const record = this.#seal(place, random)
    this.#sealed = { record, hash: await sha256Async(this.#session, record) }
  }

  /** Draws new random bytes for a new place, although the DEK is also derived from the place. */
  #make(place: VersionPlace): { readonly random: Uint8Array } {
    if (this.#made !== null && isSamePlace(this.#made, place)) return this.#made
    this.#made = { ...place, random: this.#session.random(SEAL_RANDOM_BYTES) }
    this.#sealed = null
    return this.#made
  }

  #seal({ secretId, number, versionId, kek }: VersionPlace, random: Uint8Array): Uint8Array {
    const { primitives, vaultId, suite } = this.#session
    const digest = this.digest(secretId, versionId)
    if (digest === null) throw new TypeError('a long value is sealed before it was prepared')
    const address = { vaultId, secretId, number, versionId }
    const version = { suite, address, createTime: this.#createTime, value: this.#value, digest }
    return sealVersion(primitives, kek, version, random)
  }
}

interface DigestId {
  readonly secretId: Uint8Array
  readonly versionId: string
}

function isSameId(a: DigestId, b: DigestId): boolean {
  return a.versionId === b.versionId && equalBytes(a.secretId, b.secretId)
}

function isSamePlace(a: VersionPlace, b: VersionPlace): boolean {
  return a.number === b.number && a.kek === b.kek && isSameId(a, b)
}

/** The part of a value's digest that the head contains, 16 bytes. */
export function headDigest(digest: Uint8Array): Uint8Array {
  return digest.slice(0, VALUE_DIGEST_BYTES)
}

/** A value and the key that it was sealed under, which the caller must wipe. */
export interface OpenedVersion {
  readonly value: SecretValue
  readonly valueKey: Uint8Array
}

/**
 * The value of a version. The hash in the head is checked first: of all records ever sealed for
 * this version, it admits only the committed one.
 *
 * @param record - the stored record, read in the same snapshot as the head
 * @throws {@link VaultError} `RECORD_MISSING`, `RECORD_MISMATCH`, `MALFORMED_RECORD`,
 *   `UNSUPPORTED_FORMAT`, `KEY_NOT_FOUND`, `DECRYPTION_FAILED`
 */
export function openStoredVersion(
  session: Session,
  state: SecretState,
  version: VersionState,
  record: Uint8Array | null,
): SecretValue {
  const hash = record === null ? null : session.primitives.sha256(record)
  const { value, valueKey } = openHashed(session, state, version, record, hash)
  wipe(valueKey)
  return value
}

/**
 * Like {@link openStoredVersion}, with a long record hashed on another thread if that is faster.
 */
export async function openVersionAsync(
  session: Session,
  state: SecretState,
  version: VersionState,
  record: Uint8Array | null,
): Promise<OpenedVersion> {
  const hash = record === null ? null : await sha256Async(session, record)
  return openHashed(session, state, version, record, hash)
}

/** The value of a cached version, or `null` if it does not open. */
export function openCachedVersion(
  session: Session,
  state: SecretState,
  version: VersionState,
  { sealed, valueKey }: CachedVersion,
): SecretValue | null {
  try {
    const { primitives, suite } = session
    return openValue(primitives, suite, addressOf(session, state, version), sealed, valueKey)
  } catch {
    return null
  }
}

/** Whether `record` is the one that the head names for this version. */
export function isNamedRecord(
  session: Session,
  version: VersionState,
  record: Uint8Array,
): boolean {
  return equalBytes(session.primitives.sha256(record), version.recordHash)
}

function openHashed(
  session: Session,
  state: SecretState,
  version: VersionState,
  record: Uint8Array | null,
  hash: Uint8Array | null,
): OpenedVersion {
  const named = `version ${version.versionId} of secret ${state.secretName}`
  if (record === null || hash === null) {
    throw new VaultError('RECORD_MISSING', `the record of ${named} is missing`)
  }
  if (!equalBytes(hash, version.recordHash)) {
    throw new VaultError('RECORD_MISMATCH', `the record of ${named} is not the one that was stored`)
  }
  const { primitives, suite } = session
  const sealed = parseVersion(record)
  const kek = findKek(session.keys, sealed.keyId, sealed.keyVersion)
  const address = addressOf(session, state, version)
  const valueKey = openValueKey(primitives, suite, kek, address, sealed)
  try {
    return { value: openValue(primitives, suite, address, sealed, valueKey), valueKey }
  } catch (error) {
    wipe(valueKey)
    throw error
  }
}

function addressOf(
  { vaultId }: Session,
  { secretId }: SecretState,
  { number, versionId }: VersionState,
): VersionAddress {
  return { vaultId, secretId, number, versionId }
}
