/**
 * The descriptor: the data that is needed before a vault can be unlocked. It is written once.
 * Normative description: docs/format/records.md.
 */

import type { ArnScope } from '../arn.js'
import { parseArnPart } from '../arn.js'
import type { ByteReader } from '../bytes.js'
import { VaultError } from '../errors.js'
import { SCOPE_CHARS_MAX } from '../limits.js'
import { DESCRIPTOR_KEY } from './layout.js'
import type { Primitives, SuiteId } from '../crypto/primitives.js'
import type { RecordKeys } from './record-frame.js'
import {
  FORMAT_VERSION,
  authenticateChecked,
  beginRecord,
  readChecked,
  sealChecked,
} from './record-frame.js'

export interface VaultDescriptor extends ArnScope {
  /** 16 random bytes. */
  readonly vaultId: Uint8Array
  /** Milliseconds since 1970. */
  readonly createTime: number
  /**
   * The one suite of the vault: records of another suite are refused, even if they could be read.
   */
  readonly suite: SuiteId
}

/** The descriptor as it is stored. */
export function sealDescriptor(keys: RecordKeys, descriptor: VaultDescriptor): Uint8Array {
  const writer = beginRecord('descriptor')
  // The format floor: older records are refused, even if this release could read them.
  writer.u8(FORMAT_VERSION)
  writer.u16(descriptor.suite)
  writer.bytes(descriptor.vaultId)
  writer.u64(descriptor.createTime)
  writer.shortText(descriptor.region)
  writer.shortText(descriptor.accountId)
  return sealChecked(keys, DESCRIPTOR_KEY, writer)
}

/**
 * The descriptor before the vault is unlocked. Its checksum is correct, but it is not authenticated
 * yet; {@link authenticateDescriptor} does that once the root key is known.
 *
 * @throws {@link VaultError} `MALFORMED_RECORD`, `UNSUPPORTED_FORMAT`
 */
export function parseDescriptor(primitives: Primitives, record: Uint8Array): VaultDescriptor {
  const reader = readChecked(primitives, 'descriptor', record)
  const floor = reader.u8()
  const suite = reader.u16()
  if (floor !== FORMAT_VERSION || (suite !== 1 && suite !== 2)) {
    const message = 'the vault needs a format or suite that this release does not support'
    throw new VaultError('UNSUPPORTED_FORMAT', message)
  }
  const descriptor: VaultDescriptor = {
    suite,
    vaultId: reader.bytes(16),
    createTime: reader.u64(),
    region: readScopePart(reader, 'region'),
    accountId: readScopePart(reader, 'account id'),
  }
  reader.end()
  return descriptor
}

/** A text that breaks the rule for requests was not written by a vault. */
function readScopePart(reader: ByteReader, what: string): string {
  const text = reader.shortText(SCOPE_CHARS_MAX)
  try {
    return parseArnPart(what, text)
  } catch {
    throw new VaultError('MALFORMED_RECORD', `the vault descriptor: not a valid ${what}`)
  }
}

/**
 * Checks the MAC of a descriptor that was parsed before.
 *
 * @throws {@link VaultError} `DECRYPTION_FAILED` if it was changed
 */
export function authenticateDescriptor(keys: RecordKeys, record: Uint8Array): void {
  authenticateChecked(keys, 'descriptor', DESCRIPTOR_KEY, record)
}
