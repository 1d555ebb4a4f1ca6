/**
 * Canonical contexts: what a derived key, an AEAD or a MAC is bound to.
 *
 *     context = "slv1" 0x00 || u8 purpose || fields,   field = u8 tag || u32 length || bytes
 *
 * The fields of a purpose and their order are fixed, lengths are explicit and no field is
 * optional, so two different sets of facts never give the same bytes. Numbers are big-endian.
 * Normative description: docs/format/envelope.md.
 */

import type { ByteWriter } from '../bytes.js'
import { createByteWriter } from '../bytes.js'
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
  secretId: 12,
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
  secretName: 17,
} as const

const MAGIC = 'slv1\0'

/** Room for a context; a longer one takes more. */
const CONTEXT_BYTES = 256

/** Room for a context of one id. Up to 64 bytes an array costs next to nothing. */
const SHORT_CONTEXT_BYTES = 32

/**
 * Where the contexts of one operation are written, one behind the other: making the buffer costs
 * more than filling it.
 */
export function createContextRoom(contexts: number): ByteWriter {
  return createByteWriter(contexts * CONTEXT_BYTES)
}

/** The fields of one context, in the order in which they are added. */
class Context {
  readonly #writer: ByteWriter
  readonly #start: number

  constructor(purpose: number, room: ByteWriter = createContextRoom(1)) {
    this.#writer = room
    this.#start = room.length
    room.ascii(MAGIC)
    room.u8(purpose)
  }

  #field(tag: number, length: number): ByteWriter {
    this.#writer.u8(tag)
    this.#writer.u32(length)
    return this.#writer
  }

  u8(tag: number, value: number): this {
    this.#field(tag, 1).u8(value)
    return this
  }

  u16(tag: number, value: number): this {
    this.#field(tag, 2).u16(value)
    return this
  }

  u32(tag: number, value: number): this {
    this.#field(tag, 4).u32(value)
    return this
  }

  u64(tag: number, value: number): this {
    this.#field(tag, 8).u64(value)
    return this
  }

  bytes(tag: number, value: Uint8Array): this {
    this.#field(tag, value.length).bytes(value)
    return this
  }

  ascii(tag: number, value: string): this {
    this.#field(tag, value.length).ascii(value)
    return this
  }

  address(address: VersionAddress): this {
    return this.bytes(FIELD.vaultId, address.vaultId)
      .bytes(FIELD.secretId, address.secretId)
      .u32(FIELD.versionNumber, address.number)
      .ascii(FIELD.versionId, address.versionId)
  }

  encoded(): Uint8Array {
    return this.#writer.written(this.#start)
  }
}

/** Which version of which secret of which vault: what makes one value unlike every other. */
export interface VersionAddress {
  readonly vaultId: Uint8Array
  readonly secretId: Uint8Array
  readonly number: number
  readonly versionId: string
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
  return new Context(PURPOSE.slotWrap)
    .u16(FIELD.suite, slot.suite)
    .bytes(FIELD.vaultId, slot.vaultId)
    .bytes(FIELD.slotId, slot.slotId)
    .u8(FIELD.slotKind, slot.kind)
    .bytes(FIELD.kdf, slot.kdf)
    .bytes(FIELD.salt, slot.salt)
    .encoded()
}

/**
 * The key-check value of a slot. It leaves the vault id out: in an edited descriptor the key still
 * checks, and the failure that follows is reported as damage, not as a wrong passphrase.
 */
export function slotCheckContext(slotId: Uint8Array): Uint8Array {
  return new Context(PURPOSE.slotCheck)
    .bytes(FIELD.slotId, slotId)
    .encoded()
}

/** A key derived from the root key or from a KEK for one use, named by `label`. */
export function subkeyContext(vaultId: Uint8Array, label: string): Uint8Array {
  return new Context(PURPOSE.subkey)
    .bytes(FIELD.vaultId, vaultId)
    .ascii(FIELD.label, label)
    .encoded()
}

/** Wraps a version of a KEK under the root key. */
export function kekWrapContext(kek: {
  readonly suite: SuiteId
  readonly vaultId: Uint8Array
  readonly keyId: Uint8Array
  readonly keyVersion: number
  readonly salt: Uint8Array
}): Uint8Array {
  return new Context(PURPOSE.kekWrap)
    .u16(FIELD.suite, kek.suite)
    .bytes(FIELD.vaultId, kek.vaultId)
    .bytes(FIELD.keyId, kek.keyId)
    .u32(FIELD.keyVersion, kek.keyVersion)
    .bytes(FIELD.salt, kek.salt)
    .encoded()
}

/** The key-check value of a version of a KEK. */
export function kekCheckContext(keyId: Uint8Array, keyVersion: number): Uint8Array {
  return new Context(PURPOSE.kekCheck)
    .bytes(FIELD.keyId, keyId)
    .u32(FIELD.keyVersion, keyVersion)
    .encoded()
}

/** Wraps the DEK of a version under a KEK. */
export function dekWrapContext(
  suite: SuiteId,
  address: VersionAddress,
  kek: { readonly keyId: Uint8Array; readonly keyVersion: number; readonly salt: Uint8Array },
  room?: ByteWriter,
): Uint8Array {
  return new Context(PURPOSE.dekWrap, room)
    .u16(FIELD.suite, suite)
    .address(address)
    .bytes(FIELD.keyId, kek.keyId)
    .u32(FIELD.keyVersion, kek.keyVersion)
    .bytes(FIELD.salt, kek.salt)
    .encoded()
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
  room?: ByteWriter,
): Uint8Array {
  return new Context(PURPOSE.value, room)
    .u16(FIELD.suite, suite)
    .address(address)
    .u8(FIELD.contentType, value.contentType)
    .u64(FIELD.createTime, value.createTime)
    .u8(FIELD.padding, value.padding)
    .encoded()
}

/** Mixes the value's digest into a new DEK, so that a repeating random source cannot repeat it. */
export function dekHedgeContext(address: VersionAddress, room?: ByteWriter): Uint8Array {
  return new Context(PURPOSE.dekHedge, room)
    .address(address)
    .encoded()
}

/** Mixes the key to be wrapped into a new salt, for the same reason. */
export function saltHedgeContext(vaultId: Uint8Array): Uint8Array {
  return new Context(PURPOSE.saltHedge, createByteWriter(SHORT_CONTEXT_BYTES))
    .bytes(FIELD.vaultId, vaultId)
    .encoded()
}

/** Mixes the name into the id of a new secret, so that a repeating random source gives two ids. */
export function secretIdContext(
  vaultId: Uint8Array,
  secretName: string,
  createTime: number,
): Uint8Array {
  return new Context(PURPOSE.secretId)
    .bytes(FIELD.vaultId, vaultId)
    .ascii(FIELD.secretName, secretName)
    .u64(FIELD.createTime, createTime)
    .encoded()
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
  return new Context(PURPOSE.valueDigest)
    .bytes(FIELD.vaultId, value.vaultId)
    .bytes(FIELD.secretId, value.secretId)
    .ascii(FIELD.versionId, value.versionId)
    .u8(FIELD.contentType, value.contentType)
    .encoded()
}

/** Authenticates a record at its place in the store: elsewhere it does not verify. */
export function recordMacContext(vaultId: Uint8Array, storageKey: string): Uint8Array {
  return new Context(PURPOSE.recordMac)
    .bytes(FIELD.vaultId, vaultId)
    .ascii(FIELD.storageKey, storageKey)
    .encoded()
}
