/** Ids, keys and times that the vectors have in common. */

import { toHex } from '@stagevault/core/bytes'
import { subkeyContext } from '@stagevault/core/crypto/associated-data'
import { expandKey } from '@stagevault/core/crypto/key-wrapping'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import { namedBytes } from './named-bytes.js'
import type { JsonObject } from './vector-file.js'

/** 2026-01-01 00:00:00 UTC. */
export const START_TIME: number = Date.UTC(2026, 0, 1)

export const VAULT_ID: Uint8Array = namedBytes('vault id', 16)
export const SECRET_ID: Uint8Array = namedBytes('secret id', 16)
export const KEY_ID: Uint8Array = namedBytes('key id', 16)
export const ROOT_KEY: Uint8Array = namedBytes('root key', 32)
export const KEK: Uint8Array = namedBytes('kek', 32)
export const RAW_KEY: Uint8Array = namedBytes('raw key', 32)

/** `ä` is composed here; the vectors also hold the decomposed form. */
export const PASSPHRASE = 'correct h\u00e4rse battery staple'

/** A key of the example vault, by its label. */
export function subkeyOf(key: Uint8Array, label: string): Uint8Array {
  return expandKey(noblePrimitives, key, subkeyContext(VAULT_ID, label))
}

export const RECORD_KEYS: RecordKeys = {
  primitives: noblePrimitives,
  vaultId: VAULT_ID,
  macKey: subkeyOf(ROOT_KEY, 'record mac'),
}

/** The longest name, id and label that the format allows. */
export const LONG_NAME: string = 'n/'.repeat(96)
export const LONG_ID: string = 'i.'.repeat(32)

/** An input with its bytes in hexadecimal. */
export function inputOf(
  fields: Readonly<Record<string, Uint8Array | JsonObject | string | number>>,
): JsonObject {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? toHex(value) : value,
  ])
  return Object.fromEntries(entries) as JsonObject
}

/** A copy with one byte changed: `mask` is added without carry at `index`, from the end below 0. */
export function flipped(bytes: Uint8Array, index: number, mask = 1): Uint8Array {
  const copy = new Uint8Array(bytes)
  const at = index < 0 ? copy.length + index : index
  copy[at] = (copy[at] ?? 0) ^ mask
  return copy
}

/** A copy with `part` written over it at `index`, from the end below 0. */
export function overwritten(
  bytes: Uint8Array,
  index: number,
  part: Uint8Array | readonly number[],
): Uint8Array {
  const copy = new Uint8Array(bytes)
  copy.set(part, index < 0 ? copy.length + index : index)
  return copy
}

export function joined(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
