/** From a stored version record to its value, by way of what the head says about it. */

import { equalBytes } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import type { SecretState, VersionState } from '@stagevault/core/model/secret-state'
import type { SecretValue } from '@stagevault/core/model/value'
import { openVersion, parseVersion } from '@stagevault/core/records/envelope'
import { sha256Soon } from '../session/hash-soon.js'
import type { Session } from '../session/session.js'
import { findKek } from '../session/session.js'

/**
 * The value of a version. The hash in the head comes first: of all records that were ever sealed
 * for this version it admits the one that was committed.
 *
 * @param record - what the store holds, read together with the head
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
  return openHashed(session, state, version, record, hash)
}

/** The same with a long record hashed elsewhere, where that is faster. */
export async function openStoredVersionSoon(
  session: Session,
  state: SecretState,
  version: VersionState,
  record: Uint8Array | null,
): Promise<SecretValue> {
  const hash = record === null ? null : await sha256Soon(session, record)
  return openHashed(session, state, version, record, hash)
}

/** The value in a record that was authenticated before, or `null` where it does not open. */
export function openRemembered(
  session: Session,
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

function openHashed(
  session: Session,
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
  session: Session,
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
