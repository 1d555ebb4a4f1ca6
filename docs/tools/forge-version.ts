/**
 * A version record written field by field, so that any of them can be wrong. Sealed by the
 * formulas of docs/format/envelope.md; the library's own writer could not be talked into this.
 */

import { createByteWriter } from '@stagevault/core/bytes'
import type { VersionAddress } from '@stagevault/core/crypto/associated-data'
import { dekWrapContext, valueContext } from '@stagevault/core/crypto/associated-data'
import { ZERO_NONCE, expandTwoKeys, wrapKey } from '@stagevault/core/crypto/key-wrapping'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { SuiteId } from '@stagevault/core/crypto/primitives'

/** What is sealed: here everything fits together. */
export interface ForgedVersion {
  readonly suite: SuiteId
  readonly address: VersionAddress
  readonly keyId: Uint8Array
  readonly keyVersion: number
  readonly kek: Uint8Array
  readonly dek: Uint8Array
  readonly salt: Uint8Array
  readonly contentType: number
  readonly createTime: number
  readonly padding: number
  readonly value: Uint8Array
}

/** The fields of the record, in their order. */
export interface VersionFields {
  readonly magic: string
  readonly format: number
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
  readonly boxLength: number
  readonly box: Uint8Array
}

export function forgeVersion(version: ForgedVersion): VersionFields {
  const { suite, address, keyId, keyVersion, kek, dek, salt, contentType } = version
  const { createTime, padding, value } = version
  const wrapContext = dekWrapContext(suite, address, { keyId, keyVersion, salt })
  const context = valueContext(suite, address, { contentType, createTime, padding })
  const [valueKey, commitment] = expandTwoKeys(noblePrimitives, dek, context)
  const box = noblePrimitives.aeadSeal(suite, valueKey, ZERO_NONCE, context, value)
  return {
    magic: 'SVVR',
    format: 1,
    suite,
    versionId: address.versionId,
    contentType,
    createTime,
    padding,
    keyId,
    keyVersion,
    salt,
    wrapped: wrapKey(noblePrimitives, suite, kek, wrapContext, dek),
    commitment,
    boxLength: box.length,
    box,
  }
}

export function writeVersion(fields: VersionFields): Uint8Array {
  const writer = createByteWriter()
  for (const char of fields.magic) writer.u8(char.charCodeAt(0))
  writer.u8(fields.format)
  writer.u16(fields.suite)
  writer.shortText(fields.versionId)
  writer.u8(fields.contentType)
  writer.u64(fields.createTime)
  writer.u8(fields.padding)
  writer.bytes(fields.keyId)
  writer.u32(fields.keyVersion)
  writer.bytes(fields.salt)
  writer.bytes(fields.wrapped)
  writer.bytes(fields.commitment)
  writer.u32(fields.boxLength)
  writer.bytes(fields.box)
  return writer.take()
}
