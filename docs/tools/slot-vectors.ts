/** The part of `records.json` that is about unlock slots. */

import { toHex } from '@stagevault/core/bytes'
import type { SuiteId } from '@stagevault/core/crypto/primitives'
import { slotKey } from '@stagevault/core/records/layout'
import type { SlotKdf } from '@stagevault/core/records/unlock-slot'
import { sealSlot } from '@stagevault/core/records/unlock-slot'
import { scryptSync } from 'node:crypto'
import type { DraftCase } from './draft-case.js'
import { accept, reject } from './draft-case.js'
import {
  PASSPHRASE,
  RAW_KEY,
  RECORD_KEYS,
  ROOT_KEY,
  START_TIME,
  VAULT_ID,
  flipped,
  inputOf,
  joined,
  overwritten,
} from './example-vault.js'
import type { Edit } from './forge-record.js'
import { editUnderBoth, editUnderChecksum } from './forge-record.js'
import { namedBytes } from './named-bytes.js'
import type { JsonObject } from './vector-file.js'

const SLOT_ID = namedBytes('slot id', 16)
const SLOT_SALT = namedBytes('slot salt', 32)
const SCRYPT_SALT = namedBytes('scrypt salt', 16)
const LOG_N = 15
const PLACE = slotKey(SLOT_ID)
/** What comes behind the key check: salt, wrapped key, and the length of an empty description. */
const AFTER_CHECK = 32 + 48 + 4

/** The key of a passphrase slot, by Node's scrypt and not by the library. */
export function scryptKey(passphrase: string, salt: Uint8Array, logN: number): Uint8Array {
  const N = 2 ** logN
  const password = Buffer.from(passphrase.normalize('NFC'), 'utf8')
  return new Uint8Array(scryptSync(password, salt, 32, { N, r: 8, p: 1, maxmem: 1200 * N }))
}

function sealed(
  kdf: SlotKdf,
  key: Uint8Array,
  { suite = 1, description = '' }: { readonly suite?: SuiteId; readonly description?: string } = {},
): Uint8Array {
  const createTime = START_TIME
  const slot = { slotId: SLOT_ID, suite, createTime, kdf, salt: SLOT_SALT, description }
  return sealSlot(RECORD_KEYS, slot, key, ROOT_KEY)
}

const GIVEN = {
  vaultId: VAULT_ID,
  storageKey: PLACE,
  rawKey: RAW_KEY,
  passphrase: PASSPHRASE,
}

function slotInput(record: Uint8Array, change: JsonObject = {}): JsonObject {
  return { ...inputOf({ ...GIVEN, record }), ...change }
}

export function slotDrafts(): DraftCase[] {
  const raw = sealed({ kind: 'raw-key' }, RAW_KEY)
  const kdf = { kind: 'passphrase', logN: LOG_N, salt: SCRYPT_SALT } as const
  const locked = sealed(kdf, scryptKey(PASSPHRASE, SCRYPT_SALT, LOG_N))
  const provided = (provider: string, length: number): Uint8Array => {
    const data = namedBytes('provider data', length)
    return sealed({ kind: 'provider', provider, data }, RAW_KEY)
  }
  const taken = (what: string, record: Uint8Array, change: JsonObject = {}): DraftCase =>
    accept('REC-9', `slot: ${what}`, 'open-slot', slotInput(record, change))
  return [
    taken('a raw key', raw),
    taken('a raw key, the other suite', sealed({ kind: 'raw-key' }, RAW_KEY, { suite: 2 })),
    taken('with a description', sealed({ kind: 'raw-key' }, RAW_KEY, { description: 'f\u00fcr' })),
    taken('a passphrase', locked),
    taken('the same passphrase, decomposed', locked, { passphrase: PASSPHRASE.normalize('NFD') }),
    taken('a key that a provider gives', provided('keychain', 48)),
    taken('the most that a provider can keep', provided('p'.repeat(64), 4096)),
    ...formFaults(raw, locked),
    ...providerFaults(provided('keychain', 48)),
    ...keyFaults(raw, locked),
    ...macFaults(raw),
    ...placeFaults(raw),
  ]
}

/** The slot with its fields edited: MAC and checksum are right again. */
function slotWith(record: Uint8Array, edit: Edit): JsonObject {
  return slotInput(editUnderBoth(record, PLACE, edit))
}

function formFaults(raw: Uint8Array, locked: Uint8Array): DraftCase[] {
  const edited = (rule: string, what: string, edit: Edit, expect: string): DraftCase =>
    reject(rule, `slot: ${what}`, 'open-slot', slotWith(raw, edit), expect)
  const costly = (what: string, edit: Edit): DraftCase =>
    reject('REC-10', `slot: ${what}`, 'open-slot', slotWith(locked, edit), 'UNSUPPORTED_FORMAT')
  const unsupported = 'UNSUPPORTED_FORMAT'
  const malformed = 'MALFORMED_RECORD'
  return [
    edited(
      'REC-1',
      'the magic of the descriptor',
      (body) => overwritten(body, 2, [0x56, 0x44]),
      malformed,
    ),
    edited('REC-2', 'format 2', (body) => overwritten(body, 4, [2]), unsupported),
    edited('REC-10', 'suite 0', (body) => overwritten(body, 5, [0, 0]), unsupported),
    edited('REC-10', 'suite 3', (body) => overwritten(body, 5, [0, 3]), unsupported),
    edited('REC-10', 'kind 0', (body) => overwritten(body, 31, [0]), unsupported),
    edited('REC-10', 'kind 4', (body) => overwritten(body, 31, [4]), unsupported),
    costly('a cost below the floor', (body) => overwritten(body, 32, [14])),
    costly('a cost above the ceiling', (body) => overwritten(body, 32, [21])),
    costly('a cost of 2^255', (body) => overwritten(body, 32, [255])),
    costly('r of 1', (body) => overwritten(body, 33, [1])),
    costly('r of 255', (body) => overwritten(body, 33, [255])),
    costly('p of 2', (body) => overwritten(body, 34, [2])),
    edited('FMT-1', 'a time of 2^53', (body) => overwritten(body, 23, [0, 32]), malformed),
    edited('FMT-3', 'no description', (body) => body.slice(0, -4), malformed),
    edited('FMT-4', 'a byte too many', (body) => joined(body, [0]), malformed),
    edited(
      'FMT-2',
      'a description of 385 bytes',
      (body) => joined(body.slice(0, -4), [0, 0, 1, 129], new Uint8Array(385).fill(0x61)),
      malformed,
    ),
    edited(
      'FMT-6',
      'a description that is not UTF-8',
      (body) => joined(body.slice(0, -4), [0, 0, 0, 1, 0xff]),
      malformed,
    ),
    reject(
      'REC-5',
      'slot: the last bit of the checksum',
      'open-slot',
      slotInput(flipped(raw, -1)),
      malformed,
    ),
    reject(
      'REC-5',
      'slot: a flipped bit in the salt',
      'open-slot',
      slotInput(flipped(raw, 50)),
      malformed,
    ),
    reject('REC-5', 'slot: one byte short', 'open-slot', slotInput(raw.slice(0, -1)), malformed),
  ]
}

function providerFaults(provided: Uint8Array): DraftCase[] {
  const name = 32
  const count = name + 1 + 'keychain'.length
  const edited = (rule: string, what: string, edit: Edit): DraftCase =>
    reject(rule, `slot: ${what}`, 'open-slot', slotWith(provided, edit), 'MALFORMED_RECORD')
  return [
    edited('FMT-2', 'a provider with a name of 65 characters', (body) =>
      joined(body.slice(0, name), [65], new Uint8Array(65).fill(0x70), body.slice(count)),
    ),
    edited('FMT-5', 'a provider with a space', (body) => overwritten(body, name + 1, [0x20])),
    edited('FMT-2', 'a provider that keeps 4,097 bytes', (body) =>
      joined(body.slice(0, count), [16, 1], new Uint8Array(4097), body.slice(count + 50)),
    ),
    reject(
      'REC-12',
      'slot: another provider',
      'open-slot',
      slotWith(provided, (body) => overwritten(body, name + 1, [0x4b])),
      'DECRYPTION_FAILED',
    ),
    reject(
      'REC-12',
      'slot: a flipped bit in what the provider keeps',
      'open-slot',
      slotWith(provided, (body) => flipped(body, count + 2)),
      'DECRYPTION_FAILED',
    ),
  ]
}

function keyFaults(raw: Uint8Array, locked: Uint8Array): DraftCase[] {
  const edited = (rule: string, what: string, edit: Edit, expect: string): DraftCase =>
    reject(rule, `slot: ${what}`, 'open-slot', slotWith(raw, edit), expect)
  const failed = 'DECRYPTION_FAILED'
  const check = -AFTER_CHECK - 16
  return [
    reject(
      'REC-11',
      'slot: another raw key',
      'open-slot',
      slotInput(raw, { rawKey: toHex(flipped(RAW_KEY, 31)) }),
      'UNLOCK_FAILED',
    ),
    reject(
      'REC-11',
      'slot: another passphrase',
      'open-slot',
      slotInput(locked, { passphrase: `${PASSPHRASE} ` }),
      'UNLOCK_FAILED',
    ),
    edited('REC-11', 'another key check', (body) => flipped(body, check), 'UNLOCK_FAILED'),
    reject(
      'REC-11',
      'slot: another salt of the passphrase',
      'open-slot',
      slotWith(locked, (body) => flipped(body, 35)),
      'UNLOCK_FAILED',
    ),
    edited('REC-12', 'another salt', (body) => flipped(body, -AFTER_CHECK), failed),
    edited('REC-12', 'a flipped bit in the wrapped key', (body) => flipped(body, -52), failed),
    edited('REC-12', 'a flipped bit in its tag', (body) => flipped(body, -5), failed),
    edited('REC-12', 'the other suite', (body) => overwritten(body, 5, [0, 2]), failed),
    reject(
      'REC-12',
      'slot: of another vault with the same key',
      'open-slot',
      slotInput(raw, { vaultId: toHex(flipped(VAULT_ID, 0)) }),
      failed,
    ),
  ]
}

/** What the wrap does not bind, the MAC does. */
function macFaults(raw: Uint8Array): DraftCase[] {
  const edited = (what: string, edit: Edit): DraftCase =>
    reject(
      'REC-23',
      `slot: ${what}, with the right checksum`,
      'open-slot',
      slotInput(editUnderChecksum(raw, edit)),
      'DECRYPTION_FAILED',
    )
  return [
    edited('another time', (body) => flipped(body, 30)),
    edited('the first bit of the MAC', (body) => flipped(body, -32, 0x80)),
    edited('the last bit of the MAC', (body) => flipped(body, -1)),
    edited('a description added', (body) =>
      joined(body.slice(0, -36), [0, 0, 0, 1, 0x61], body.slice(-32)),
    ),
    reject(
      'REC-23',
      'slot: the MAC of another place',
      'open-slot',
      slotInput(editUnderBoth(raw, slotKey(flipped(SLOT_ID, 15)), (body) => body)),
      'DECRYPTION_FAILED',
    ),
  ]
}

function placeFaults(raw: Uint8Array): DraftCase[] {
  const other = slotKey(flipped(SLOT_ID, 15))
  return [
    reject(
      'REC-9',
      'slot: at the place of another',
      'open-slot',
      slotInput(raw, { storageKey: other }),
      'MALFORMED_RECORD',
    ),
    reject(
      'REC-9',
      'slot: with the id of another',
      'open-slot',
      slotWith(raw, (body) => flipped(body, 22)),
      'MALFORMED_RECORD',
    ),
  ]
}
