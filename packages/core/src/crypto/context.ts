/**
 * Canonical contexts: what a derived key, an AEAD or a MAC is bound to.
 *
 *     context = "slv1" 0x00 || u8 purpose || fields,   field = u8 tag || u32 length || bytes
 *
 * The fields of a purpose and their order are fixed, lengths are explicit and no field is
 * optional, so two different sets of facts never give the same bytes. Numbers are big-endian.
 * Normative description: docs/format/envelope.md.
 */

import type { SuiteId } from './primitives.js'

/** One number per use of a key; append only. */
const PURPOSE = {
  slotWrap: 1,
  slotCheck: 2,
  subkey: 3,
  kekWrap: 4,
  kekCheck: 5,
  dekWrap: 6,
  value: 7,
  dekHedge: 8,
  saltHedge: 9,
  valueDigest: 10,
  recordMac: 11,
} as const

/** Field numbers, the same in every purpose; append only. */
const FIELD = {
  suite: 1,
  vaultId: 2,
  secretId: 3,
  versionNumber: 4,
  versionId: 5,
  keyId: 6,
  keyVersion: 7,
  salt: 8,
  contentType: 9,
  createTime: 10,
  padding: 11,
  slotId: 12,
  slotKind: 13,
  kdf: 14,
  label: 15,
  storageKey: 16,
} as const

type Field = readonly [tag: number, bytes: Uint8Array]

const MAGIC = [0x73, 0x6c, 0x76, 0x31, 0x00] as const

function encode(purpose: number, fields: readonly Field[]): Uint8Array {
  let length = MAGIC.length + 1
  for (const [, bytes] of fields) length += 5 + bytes.length
  const context = new Uint8Array(length)
  const view = new DataView(context.buffer)
  context.set(MAGIC)
  context[MAGIC.length] = purpose
  let position = MAGIC.length + 1
  for (const [tag, bytes] of fields) {
    context[position] = tag
    view.setUint32(position + 1, bytes.length)
    context.set(bytes, position + 5)
    position += 5 + bytes.length
  }
  return context
}

function u8(value: number): Uint8Array {
  return Uint8Array.of(value)
}
function u16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff)
}
function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff)
}
function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, Math.floor(value / 0x1_0000_0000))
  view.setUint32(4, value % 0x1_0000_0000)
  return bytes
}
function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

/** Which version of which secret of which vault: what makes one value unlike every other. */
export interface VersionAddress {
  readonly vaultId: Uint8Array
  readonly secretId: Uint8Array
  readonly number: number
  readonly versionId: string
}

function addressFields(address: VersionAddress): readonly Field[] {
  return [
    [FIELD.vaultId, address.vaultId],
    [FIELD.secretId, address.secretId],
    [FIELD.versionNumber, u32(address.number)],
    [FIELD.versionId, ascii(address.versionId)],
  ]
}

/** Wraps the root key in an unlock slot. `kdf` is the slot's encoded derivation. */
export function slotWrapContext(slot: {
  readonly suite: SuiteId
  readonly vaultId: Uint8Array
  readonly slotId: Uint8Array
  readonly kind: number
  readonly kdf: Uint8Array
  readonly salt: Uint8Array
}): Uint8Array {
  return encode(PURPOSE.slotWrap, [
    [FIELD.suite, u16(slot.suite)],
    [FIELD.vaultId, slot.vaultId],
    [FIELD.slotId, slot.slotId],
    [FIELD.slotKind, u8(slot.kind)],
    [FIELD.kdf, slot.kdf],
    [FIELD.salt, slot.salt],
  ])
}

/**
 * The key-check value of a slot. It leaves the vault id out: in an edited descriptor the key still
 * checks, and the failure that follows is reported as damage, not as a wrong passphrase.
 */
export function slotCheckContext(slotId: Uint8Array): Uint8Array {
  return encode(PURPOSE.slotCheck, [[FIELD.slotId, slotId]])
}

/** A key derived from the root key or from a KEK for one use, named by `label`. */
export function subkeyContext(vaultId: Uint8Array, label: string): Uint8Array {
  return encode(PURPOSE.subkey, [
    [FIELD.vaultId, vaultId],
    [FIELD.label, ascii(label)],
  ])
}

/** Wraps a version of a KEK under the root key. */
export function kekWrapContext(kek: {
  readonly suite: SuiteId
  readonly vaultId: Uint8Array
  readonly keyId: Uint8Array
  readonly keyVersion: number
  readonly salt: Uint8Array
}): Uint8Array {
  return encode(PURPOSE.kekWrap, [
    [FIELD.suite, u16(kek.suite)],
    [FIELD.vaultId, kek.vaultId],
    [FIELD.keyId, kek.keyId],
    [FIELD.keyVersion, u32(kek.keyVersion)],
    [FIELD.salt, kek.salt],
  ])
}

/** The key-check value of a version of a KEK. */
export function kekCheckContext(keyId: Uint8Array, keyVersion: number): Uint8Array {
  return encode(PURPOSE.kekCheck, [
    [FIELD.keyId, keyId],
    [FIELD.keyVersion, u32(keyVersion)],
  ])
}

/** Wraps the DEK of a version under a KEK. */
export function dekWrapContext(
  suite: SuiteId,
  address: VersionAddress,
  kek: { readonly keyId: Uint8Array; readonly keyVersion: number; readonly salt: Uint8Array },
): Uint8Array {
  return encode(PURPOSE.dekWrap, [
    [FIELD.suite, u16(suite)],
    ...addressFields(address),
    [FIELD.keyId, kek.keyId],
    [FIELD.keyVersion, u32(kek.keyVersion)],
    [FIELD.salt, kek.salt],
  ])
}

/**
 * Seals a value under its DEK. The KEK is not part of it, so that re-wrapping a DEK leaves the
 * sealed value as it is.
 */
export function valueContext(
  suite: SuiteId,
  address: VersionAddress,
  value: {
    readonly contentType: number
    readonly createTime: number
    readonly padding: number
  },
): Uint8Array {
  return encode(PURPOSE.value, [
    [FIELD.suite, u16(suite)],
    ...addressFields(address),
    [FIELD.contentType, u8(value.contentType)],
    [FIELD.createTime, u64(value.createTime)],
    [FIELD.padding, u8(value.padding)],
  ])
}

/** Mixes the value's digest into a new DEK, so that a repeating random source cannot repeat it. */
export function dekHedgeContext(address: VersionAddress): Uint8Array {
  return encode(PURPOSE.dekHedge, addressFields(address))
}

/** Mixes the key to be wrapped into a new salt, for the same reason. */
export function saltHedgeContext(vaultId: Uint8Array): Uint8Array {
  return encode(PURPOSE.saltHedge, [[FIELD.vaultId, vaultId]])
}

/**
 * The keyed digest of a value (VER-3, VER-4). It is bound to the version's id: equal values under
 * different ids have unrelated digests, and the store learns of no repetition.
 */
export function valueDigestContext(value: {
  readonly vaultId: Uint8Array
  readonly secretId: Uint8Array
  readonly versionId: string
  readonly contentType: number
}): Uint8Array {
  return encode(PURPOSE.valueDigest, [
    [FIELD.vaultId, value.vaultId],
    [FIELD.secretId, value.secretId],
    [FIELD.versionId, ascii(value.versionId)],
    [FIELD.contentType, u8(value.contentType)],
  ])
}

/** Authenticates a record at its place in the store: elsewhere it does not verify. */
export function recordMacContext(vaultId: Uint8Array, storageKey: string): Uint8Array {
  return encode(PURPOSE.recordMac, [
    [FIELD.vaultId, vaultId],
    [FIELD.storageKey, ascii(storageKey)],
  ])
}
