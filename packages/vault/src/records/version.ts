/** Version records: from a value to its sealed record and back, by way of what the head says. */

import { equalBytes } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import type { SecretState, VersionState } from '@stagevault/core/model/secret-state'
import type { SecretValue } from '@stagevault/core/model/value'
import { VALUE_DIGEST_BYTES, digestValue } from '@stagevault/core/model/value'
import type { Kek } from '@stagevault/core/records/envelope'
import {
  SEAL_RANDOM_BYTES,
  openVersion,
  parseVersion,
  sealVersion,
} from '@stagevault/core/records/envelope'
import { versionKey } from '@stagevault/core/records/layout'
import { hmacAsync, isHashedElsewhere, sha256Async } from '../platform/async-hash.js'
import type { OpenVault } from '../session/session.js'
import { findKek } from '../session/session.js'

/** A version record, and its SHA-256, which the head keeps. */
export interface SealedVersion {
  readonly record: Uint8Array
  readonly hash: Uint8Array
}

/** What a version record takes beside the value, in bytes, at most. */
const ENVELOPE_BYTES = 256

/** A version that a change adds. It is sealed when it is certain that it is stored. */
export interface NewVersion {
  readonly key: string
  readonly number: number
  /** About how long the record is. */
  readonly bytes: number
  seal(): SealedVersion
}

/** What a value becomes a version of. */
export interface VersionPlace {
  readonly secretId: Uint8Array
  readonly number: number
  readonly versionId: string
  readonly kek: Kek
}

/**
 * Makes versions of one value, for one operation: its place may change until the operation is
 * committed. What was sealed for a place is kept, and given again for that place alone.
 */
export interface ValueSealer {
  /**
   * The keyed digest of the value under this version id, 32 bytes, of which the head keeps the
   * first 16; `null` where it has to be prepared.
   */
  digest(secretId: Uint8Array, versionId: string): Uint8Array | null
  /** The version at this place; `null` where it has to be prepared. */
  version(place: VersionPlace): NewVersion | null
  /** Does what is done on another thread: hashes a long value, seals it, hashes the record. */
  prepare(place: VersionPlace): Promise<void>
}

/**
 * @param value - must stay as it is until the operation ends
 * @param createTime - of the version, in milliseconds since 1970
 */
export function createValueSealer(
  session: OpenVault,
  value: SecretValue,
  createTime: number,
): ValueSealer {
  const { vaultId, suite, primitives, keys } = session
  const isLong = isHashedElsewhere(session, value.bytes.length)
  let digested: (DigestId & { readonly digest: Uint8Array }) | null = null
  let made: (VersionPlace & { readonly random: Uint8Array }) | null = null
  let sealed: SealedVersion | null = null

  function keepDigest(secretId: Uint8Array, versionId: string, digest: Uint8Array): Uint8Array {
    digested = { secretId, versionId, digest }
    return digest
  }

  function digest(secretId: Uint8Array, versionId: string): Uint8Array | null {
    if (digested !== null && isSameId(digested, { secretId, versionId })) return digested.digest
    if (isLong) return null
    const id = { vaultId, secretId, versionId }
    const made = digestValue(primitives.hmacSha256, keys.digestKey, id, value)
    return keepDigest(secretId, versionId, made)
  }

  function make(place: VersionPlace): void {
    if (made !== null && isSamePlace(made, place)) return
    // Another place gets other random bytes, although they are hedged with the place.
    made = { ...place, random: session.random(SEAL_RANDOM_BYTES) }
    sealed = null
  }

  function sealRecord(place: VersionPlace, random: Uint8Array): Uint8Array {
    const { secretId, number, versionId, kek } = place
    const address = { vaultId, secretId, number, versionId }
    const full = digest(secretId, versionId)
    if (full === null) throw new TypeError('a long value is sealed before it was prepared')
    return sealVersion(primitives, kek, { suite, address, createTime, value, digest: full }, random)
  }

  return {
    digest,
    version: (place) => {
      const isPrepared = sealed !== null && made !== null && isSamePlace(made, place)
      if (isLong && !isPrepared) return null
      make(place)
      return {
        key: versionKey(place.secretId, place.number),
        number: place.number,
        bytes: value.bytes.length + ENVELOPE_BYTES,
        seal: () => {
          if (sealed !== null) return sealed
          if (made === null) throw new TypeError('a version without a place cannot be sealed')
          const record = sealRecord(place, made.random)
          return sealed = { record, hash: primitives.sha256(record) }
        },
      }
    },
    prepare: async (place) => {
      const { secretId, versionId } = place
      const id = { vaultId, secretId, versionId }
      if (digest(secretId, versionId) === null) {
        const full = await digestValue(hmacAsync(session), keys.digestKey, id, value)
        keepDigest(secretId, versionId, full)
      }
      make(place)
      if (sealed !== null || made === null) return
      const record = sealRecord(place, made.random)
      sealed = { record, hash: await sha256Async(session, record) }
    },
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

/** The part of a value's digest that the head keeps, 16 bytes. */
export function headDigest(digest: Uint8Array): Uint8Array {
  return digest.slice(0, VALUE_DIGEST_BYTES)
}

/**
 * The value of a version. The hash in the head comes first: of all records that were ever sealed
 * for this version it admits the one that was committed.
 *
 * @param record - what the store holds, read together with the head
 * @throws {@link VaultError} `RECORD_MISSING`, `RECORD_MISMATCH`, `MALFORMED_RECORD`,
 *   `UNSUPPORTED_FORMAT`, `KEY_NOT_FOUND`, `DECRYPTION_FAILED`
 */
export function openStoredVersion(
  session: OpenVault,
  state: SecretState,
  version: VersionState,
  record: Uint8Array | null,
): SecretValue {
  const hash = record === null ? null : session.primitives.sha256(record)
  return openHashed(session, state, version, record, hash)
}

/** The same with a long record hashed on another thread, where that is faster. */
export async function openVersionAsync(
  session: OpenVault,
  state: SecretState,
  version: VersionState,
  record: Uint8Array | null,
): Promise<SecretValue> {
  const hash = record === null ? null : await sha256Async(session, record)
  return openHashed(session, state, version, record, hash)
}

/** The value in a record that was authenticated before, or `null` where it does not open. */
export function openCachedVersion(
  session: OpenVault,
  state: SecretState,
  version: VersionState,
  record: Uint8Array,
): SecretValue | null {
  try {
    return openRecord(session, state, version, record)
  } catch {
    return null
  }
}

/** Whether `record` is the one that the head names for this version. */
export function isNamedRecord(
  session: OpenVault,
  version: VersionState,
  record: Uint8Array,
): boolean {
  return equalBytes(session.primitives.sha256(record), version.recordHash)
}

function openHashed(
  session: OpenVault,
  state: SecretState,
  version: VersionState,
  record: Uint8Array | null,
  hash: Uint8Array | null,
): SecretValue {
  const named = `version ${version.versionId} of secret ${state.secretName}`
  if (record === null || hash === null) {
    throw new VaultError('RECORD_MISSING', `the record of ${named} is missing`)
  }
  if (!equalBytes(hash, version.recordHash)) {
    throw new VaultError('RECORD_MISMATCH', `the record of ${named} is not the one that was stored`)
  }
  return openRecord(session, state, version, record)
}

function openRecord(
  session: OpenVault,
  state: SecretState,
  version: VersionState,
  record: Uint8Array,
): SecretValue {
  const { primitives, vaultId, suite } = session
  const sealed = parseVersion(record)
  const kek = findKek(session, sealed.keyId, sealed.keyVersion)
  const { number, versionId } = version
  const address = { vaultId, secretId: state.secretId, number, versionId }
  return openVersion(primitives, suite, kek, address, sealed)
}
