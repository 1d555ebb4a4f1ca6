/** The storage key of each record. Normative description: docs/format/storage-layout.md. */

import { toHex } from '../bytes.js'
import { isAccessName } from '../names.js'

/** The descriptor: the data that is needed before a vault can be unlocked. */
export const DESCRIPTOR_KEY = 'vault!descriptor'
/** The keyring: the vault's KEKs, each wrapped under the root key. */
export const KEYRING_KEY = 'vault!keyring'
/** The root, which every commit writes. */
export const ROOT_KEY = 'vault!root'

/** The access root, which every change of an access record writes. */
export const ACCESS_KEY = 'vault!access'
/** The list of all access records with their tags. */
export const ACCESS_LIST_KEY = 'access!list'

/** Keys from `start` (inclusive) to `end` (exclusive). */
export interface KeyRange {
  readonly start: string
  readonly end: string
}

/** Every key of the store, including keys that no vault writes. */
export const EVERY_KEY: KeyRange = { start: '!', end: '~'.repeat(512) }
/** All unlock slots. */
export const SLOT_KEYS: KeyRange = { start: 'slot!', end: 'slot"' }
/** All heads and name records. */
export const SECRET_KEYS: KeyRange = { start: 'secret!', end: 'secret"' }
/** All version records. */
export const VERSION_KEYS: KeyRange = { start: 'version!', end: 'version"' }
/** All deletion entries. */
export const DELETION_KEYS: KeyRange = { start: 'due!', end: 'due"' }
/** All access records and their list. */
export const ACCESS_KEYS: KeyRange = { start: 'access!', end: 'access"' }
/** All policies of secrets. */
export const POLICY_KEYS: KeyRange = { start: 'policy!', end: 'policy"' }

export function slotKey(slotId: Uint8Array): string {
  return `slot!${toHex(slotId)}`
}

/**
 * The key of a secret's head. Head and name record have adjacent keys, so one page of a scan sees
 * both at one point in time. `!` sorts before every character of a name, so the order of keys is
 * the order of names.
 */
export function headKey(secretName: string): string {
  return `secret!${secretName}!head`
}

/**
 * The key of a name record, which exists apart from the head, so that a lost head is not reported
 * as "not found".
 */
export function nameKey(secretName: string): string {
  return `secret!${secretName}!name`
}

/**
 * The secrets whose names begin with `prefix`, from behind the name `after` on: from the first
 * where it is `null`. The range is empty where no such name sorts after it.
 */
export function secretsAfter(after: string | null, prefix: string): KeyRange {
  const first = `secret!${prefix}`
  const behind = after === null ? first : `secret!${after}"`
  // No character of a name sorts after `~`.
  const end = prefix === '' ? SECRET_KEYS.end : `${first}~`
  const start = behind > first ? behind : first
  return { start: start < end ? start : end, end }
}

/** The name in the key of a head or a name record, and which of the two it is. */
export function parseSecretKey(key: string): { name: string; part: 'head' | 'name' } | null {
  const match = /^secret!([^!]+)!(head|name)$/.exec(key)
  if (match?.[1] === undefined) return null
  return { name: match[1], part: match[2] === 'head' ? 'head' : 'name' }
}

/**
 * The key of a version record. It contains the secret's random id, so that a rename does not move
 * it.
 */
export function versionKey(secretId: Uint8Array, number: number): string {
  return `version!${toHex(secretId)}!${number.toString(16).padStart(8, '0')}`
}

/** The secret's id, in hexadecimal, and the version's number in the key of a version record. */
export function parseVersionKey(key: string): { secretId: string; number: number } | null {
  const match = /^version!([0-9a-f]{32})!([0-9a-f]{8})$/.exec(key)
  if (match?.[1] === undefined || match[2] === undefined) return null
  return { secretId: match[1], number: Number.parseInt(match[2], 16) }
}

function hexTime(time: number): string {
  return time.toString(16).padStart(12, '0')
}

/** The key of the entry for a deletion at `time` (milliseconds since 1970, below 2^48). */
export function deletionKey(time: number, secretId: Uint8Array): string {
  return `due!${hexTime(time)}!${toHex(secretId)}`
}

/** The entries whose time is `now` or earlier. */
export function deletionsUntil(now: number): KeyRange {
  return { start: DELETION_KEYS.start, end: `due!${hexTime(now)}"` }
}

/** The time and the secret's id, in hexadecimal, in the key of a deletion entry. */
export function parseDeletionKey(key: string): { time: number; secretId: string } | null {
  const match = /^due!([0-9a-f]{12})!([0-9a-f]{32})$/.exec(key)
  if (match?.[1] === undefined || match[2] === undefined) return null
  return { time: Number.parseInt(match[1], 16), secretId: match[2] }
}

/** Bits of a deletion entry's time and id combined as one number, which gives their order. */
export const DELETION_PLACE_BITS = 176

/**
 * The key that is `distance` after a deletion entry, or after the first possible key if `key` is
 * not that of an entry. At most the last possible key.
 */
export function deletionPlaceBehind(key: string, distance: bigint): string {
  const place = parseDeletionKey(key) === null ? '0' : key.replace(/^due!|!/g, '')
  const last = 2n ** BigInt(DELETION_PLACE_BITS) - 1n
  const moved = BigInt(`0x${place}`) + distance
  const digits = (moved < last ? moved : last).toString(16).padStart(DELETION_PLACE_BITS / 4, '0')
  return `due!${digits.slice(0, 12)}!${digits.slice(12)}`
}

/** Kinds of access record, as their keys name them. */
export type AccessRecordKind = 'user' | 'role' | 'group' | 'policy'

/** The key of an access record. Its name is 1 to 64 of `A-Z a-z 0-9 _ . @ -`. */
export function accessRecordKey(kind: AccessRecordKind, name: string): string {
  return `access!${kind}!${name}`
}

/** The kind and name in the key of an access record. */
export function parseAccessRecordKey(key: string): { kind: AccessRecordKind; name: string } | null {
  const match = /^access!(user|role|group|policy)!(.*)$/.exec(key)
  if (match?.[1] === undefined || match[2] === undefined || !isAccessName(match[2])) return null
  return { kind: match[1] as AccessRecordKind, name: match[2] }
}

/**
 * The key of a secret's policy. It contains the secret's random id, so that a rename does not move
 * it, and its generation, so that an earlier policy is another record.
 *
 * @param generation - 1 to {@link POLICY_GENERATION_MAX}
 */
export function policyKey(secretId: Uint8Array, generation: number): string {
  return `policy!${toHex(secretId)}!${generation.toString(16).padStart(12, '0')}`
}

/** Generations have 12 hexadecimal digits in a key. */
export const POLICY_GENERATION_MAX: number = 2 ** 48 - 1

/** The secret id and generation in the key of a secret's policy. */
export function parsePolicyKey(key: string): { secretId: string; generation: number } | null {
  const match = /^policy!([0-9a-f]{32})!([0-9a-f]{12})$/.exec(key)
  if (match?.[1] === undefined || match[2] === undefined) return null
  return { secretId: match[1], generation: Number.parseInt(match[2], 16) }
}
