/**
 * Canonical contexts: the associated data of a derived key, an AEAD or a MAC.
 *
 *     context = "slv1" 0x00 || u8 purpose || fields,   field = u8 tag || u32 length || bytes
 *
 * The fields of a purpose and their order are fixed, lengths are explicit and no field is
 * optional, so two different sets of facts never produce the same bytes. Numbers are big-endian.
 * These functions return a view that later contexts overwrite: use it immediately.
 * Normative description: docs/format/envelope.md.
 */

import { LOOP_BYTES_MAX } from '../bytes.js'
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

/**
 * Contexts are written one after another into this buffer, and from its start again when less than
 * the longest context is left: allocating a buffer for each costs more than filling it. They hold
 * nothing secret, and each is used before enough others are written to overwrite it.
 */
const ROOM_BYTES = 32_768
/** More than the longest context: that of a slot with 4,096 bytes of a key provider. */
const CONTEXT_BYTES_MAX = 8_192

const room = /* @__PURE__ */ new Uint8Array(ROOM_BYTES)
let roomEnd = 0

/** The fields of one context, in the order in which they are added. */
class Context {
  readonly #start: number
  #end: number

  constructor(purpose: number) {
    if (roomEnd > ROOM_BYTES - CONTEXT_BYTES_MAX) roomEnd = 0
    this.#start = roomEnd
    this.#end = this.#start
    this.#ascii(MAGIC)
    room[this.#end++] = purpose
  }

  #ascii(value: string): void {
    for (let i = 0; i < value.length; i++) room[this.#end++] = value.charCodeAt(i)
  }

  #number(value: number, bytes: number): void {
    let rest = value
    for (let i = this.#end + bytes - 1; i >= this.#end; i--) {
      room[i] = rest
      rest = Math.floor(rest / 256)
    }
    this.#end += bytes
  }

  /** @param length - of the field, in bytes */
  #field(tag: number, length: number): void {
    if (this.#end - this.#start + length > CONTEXT_BYTES_MAX) {
      throw new RangeError('a context is longer than its maximum')
    }
    room[this.#end++] = tag
    this.#number(length, 4)
  }

  /** A non-negative safe integer in 1, 2, 4 or 8 bytes. */
  number(tag: number, bytes: 1 | 2 | 4 | 8, value: number): this {
    this.#field(tag, bytes)
    this.#number(value, bytes)
    return this
  }

  bytes(tag: number, value: Uint8Array): this {
    this.#field(tag, value.length)
    if (value.length > LOOP_BYTES_MAX) {
      room.set(value, this.#end)
      this.#end += value.length
    } else {
      for (const byte of value) room[this.#end++] = byte
    }
    return this
  }

  ascii(tag: number, value: string): this {
    this.#field(tag, value.length)
    this.#ascii(value)
    return this
  }

  address(address: VersionAddress): this {
    return this.bytes(FIELD.vaultId, address.vaultId)
      .bytes(FIELD.secretId, address.secretId)
      .number(FIELD.versionNumber, 4, address.number)
      .ascii(FIELD.versionId, address.versionId)
  }

  encoded(): Uint8Array {
    roomEnd = this.#end
    return room.subarray(this.#start, this.#end)
  }
}

/** The vault, secret and version of a value: its unique address. */
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
    .number(FIELD.suite, 2, slot.suite)
    .bytes(FIELD.vaultId, slot.vaultId)
    .bytes(FIELD.slotId, slot.slotId)
    .number(FIELD.slotKind, 1, slot.kind)
    .bytes(FIELD.kdf, slot.kdf)
    .bytes(FIELD.salt, slot.salt)
    .encoded()
}

/**
 * The key-check value of a slot. It excludes the vault id, so that the key still checks if the
 * descriptor was edited; the failure that follows is then reported as damage, not as a wrong
 * passphrase.
 */
export function slotCheckContext(slotId: Uint8Array): Uint8Array {
  return new Context(PURPOSE.slotCheck).bytes(FIELD.slotId, slotId).encoded()
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
    .number(FIELD.suite, 2, kek.suite)
    .bytes(FIELD.vaultId, kek.vaultId)
    .bytes(FIELD.keyId, kek.keyId)
    .number(FIELD.keyVersion, 4, kek.keyVersion)
    .bytes(FIELD.salt, kek.salt)
    .encoded()
}

/** The key-check value of a version of a KEK. */
export function kekCheckContext(keyId: Uint8Array, keyVersion: number): Uint8Array {
  return new Context(PURPOSE.kekCheck)
    .bytes(FIELD.keyId, keyId)
    .number(FIELD.keyVersion, 4, keyVersion)
    .encoded()
}

/** Wraps the DEK of a version under a KEK. */
export function dekWrapContext(
  suite: SuiteId,
  address: VersionAddress,
  kek: { readonly keyId: Uint8Array; readonly keyVersion: number; readonly salt: Uint8Array },
): Uint8Array {
  return new Context(PURPOSE.dekWrap)
    .number(FIELD.suite, 2, suite)
    .address(address)
    .bytes(FIELD.keyId, kek.keyId)
    .number(FIELD.keyVersion, 4, kek.keyVersion)
    .bytes(FIELD.salt, kek.salt)
    .encoded()
}

/**
 * Seals a value under its DEK. It excludes the KEK, so that re-wrapping a DEK does not change the
 * sealed value.
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
  return new Context(PURPOSE.value)
    .number(FIELD.suite, 2, suite)
    .address(address)
    .number(FIELD.contentType, 1, value.contentType)
    .number(FIELD.createTime, 8, value.createTime)
    .number(FIELD.padding, 1, value.padding)
    .encoded()
}

/** Mixes the value's digest into a new DEK, so that a repeating random source cannot repeat it. */
export function dekHedgeContext(address: VersionAddress): Uint8Array {
  return new Context(PURPOSE.dekHedge).address(address).encoded()
}

/** Mixes the key to be wrapped into a new salt, so that a repeating source cannot repeat it. */
export function saltHedgeContext(vaultId: Uint8Array): Uint8Array {
  return new Context(PURPOSE.saltHedge).bytes(FIELD.vaultId, vaultId).encoded()
}

/** Mixes the name into the id of a new secret, so that a repeating source cannot repeat the id. */
export function secretIdContext(
  vaultId: Uint8Array,
  secretName: string,
  createTime: number,
): Uint8Array {
  return new Context(PURPOSE.secretId)
    .bytes(FIELD.vaultId, vaultId)
    .ascii(FIELD.secretName, secretName)
    .number(FIELD.createTime, 8, createTime)
    .encoded()
}

/**
 * The keyed digest of a value (VER-3, VER-4). It is bound to the version's id, so that equal values
 * under different ids have unrelated digests, and the store does not reveal repetitions.
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
    .number(FIELD.contentType, 1, value.contentType)
    .encoded()
}

/** Authenticates a record at its storage key; at another key it does not verify. */
export function recordMacContext(vaultId: Uint8Array, storageKey: string): Uint8Array {
  return new Context(PURPOSE.recordMac)
    .bytes(FIELD.vaultId, vaultId)
    .ascii(FIELD.storageKey, storageKey)
    .encoded()
}
