/** The part of `records.json` that is about unlock slots. */

import { toHex } from '@stagevault/core/bytes'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
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
  ROOT_KEY,
  START_TIME,
  VAULT_ID,
  flipped,
  inputOf,
  joined,
  overwritten,
} from './example-vault.js'
import type { Edit } from './forge-record.js'
import { editUnderChecksum } from './forge-record.js'
import { namedBytes } from './named-bytes.js'
import type { JsonObject } from './vector-file.js'

const SLOT_ID = namedBytes('slot id', 16)
const SLOT_SALT = namedBytes('slot salt', 32)
const SCRYPT_SALT = namedBytes('scrypt salt', 16)
const LOG_N = 15

/** The key of a passphrase slot, by Node's scrypt and not by the library. */
export function scryptKey(passphrase: string, salt: Uint8Array, logN: number): Uint8Array {
  const N = 2 ** logN
  const password = Buffer.from(passphrase.normalize('NFC'), 'utf8')
  return new Uint8Array(scryptSync(password, salt, 32, { N, r: 8, p: 1, maxmem: 1200 * N }))
}

function sealed(kdf: SlotKdf, key: Uint8Array, suite: SuiteId = 1): Uint8Array {
  const slot = { slotId: SLOT_ID, suite, createTime: START_TIME, kdf, salt: SLOT_SALT }
  return sealSlot(noblePrimitives, VAULT_ID, slot, key, ROOT_KEY)
}

const GIVEN = {
  vaultId: VAULT_ID,
  storageKey: slotKey(SLOT_ID),
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
  const taken = (what: string, record: Uint8Array, change: JsonObject = {}): DraftCase =>
    accept('REC-9', `slot: ${what}`, 'open-slot', slotInput(record, change))
  return [
    taken('a raw key', raw),
    taken('a raw key, the other suite', sealed({ kind: 'raw-key' }, RAW_KEY, 2)),
    taken('a passphrase', locked),
    taken('the same passphrase, decomposed', locked, { passphrase: PASSPHRASE.normalize('NFD') }),
    ...formFaults(raw, locked),
    ...keyFaults(raw, locked),
    ...placeFaults(raw),
  ]
}

/** A slot is read before there is a key, so these come with the right checksum. */
function formFaults(raw: Uint8Array, locked: Uint8Array): DraftCase[] {
  const edited = (rule: string, what: string, edit: Edit, expect: string): DraftCase =>
    reject(rule, `slot: ${what}`, 'open-slot', slotInput(editUnderChecksum(raw, edit)), expect)
  const costly = (what: string, edit: Edit): DraftCase => reject(
    'REC-10', `slot: ${what}`, 'open-slot', slotInput(editUnderChecksum(locked, edit)),
    'UNSUPPORTED_FORMAT',
  )
  const unsupported = 'UNSUPPORTED_FORMAT'
  const malformed = 'MALFORMED_RECORD'
  return [
    edited('REC-1', 'the magic of the descriptor', (body) => overwritten(body, 2, [0x56, 0x44]),
      malformed),
    edited('REC-2', 'format 2', (body) => overwritten(body, 4, [2]), unsupported),
    edited('REC-10', 'suite 0', (body) => overwritten(body, 5, [0, 0]), unsupported),
    edited('REC-10', 'suite 3', (body) => overwritten(body, 5, [0, 3]), unsupported),
    edited('REC-10', 'kind 0', (body) => overwritten(body, 31, [0]), unsupported),
    edited('REC-10', 'kind 3', (body) => overwritten(body, 31, [3]), unsupported),
    costly('a cost below the floor', (body) => overwritten(body, 32, [14])),
    costly('a cost above the ceiling', (body) => overwritten(body, 32, [21])),
    costly('a cost of 2^255', (body) => overwritten(body, 32, [255])),
    costly('r of 1', (body) => overwritten(body, 33, [1])),
    costly('r of 255', (body) => overwritten(body, 33, [255])),
    costly('p of 2', (body) => overwritten(body, 34, [2])),
    edited('FMT-1', 'a time of 2^53', (body) => overwritten(body, 23, [0, 32]), malformed),
    edited('FMT-3', 'a wrapped key of 47 bytes', (body) => body.slice(0, -1), malformed),
    edited('FMT-4', 'a wrapped key of 49 bytes', (body) => joined(body, [0]), malformed),
    reject('REC-5', 'slot: the last bit of the checksum', 'open-slot', slotInput(flipped(raw, -1)),
      malformed),
    reject('REC-5', 'slot: a flipped bit in the salt', 'open-slot', slotInput(flipped(raw, 50)),
      malformed),
    reject('REC-5', 'slot: one byte short', 'open-slot', slotInput(raw.slice(0, -1)), malformed),
  ]
}

function keyFaults(raw: Uint8Array, locked: Uint8Array): DraftCase[] {
  const edited = (rule: string, what: string, edit: Edit, expect: string): DraftCase =>
    reject(rule, `slot: ${what}`, 'open-slot', slotInput(editUnderChecksum(raw, edit)), expect)
  const failed = 'DECRYPTION_FAILED'
  const check = raw.length - 8 - 48 - 32 - 16
  return [
    reject('REC-11', 'slot: another raw key', 'open-slot',
      slotInput(raw, { rawKey: toHex(flipped(RAW_KEY, 31)) }), 'UNLOCK_FAILED'),
    reject('REC-11', 'slot: another passphrase', 'open-slot',
      slotInput(locked, { passphrase: `${PASSPHRASE} ` }), 'UNLOCK_FAILED'),
    edited('REC-11', 'another key check', (body) => flipped(body, check), 'UNLOCK_FAILED'),
    reject('REC-11', 'slot: another salt of the passphrase', 'open-slot',
      slotInput(editUnderChecksum(locked, (body) => flipped(body, 35))), 'UNLOCK_FAILED'),
    edited('REC-12', 'another salt', (body) => flipped(body, check + 16), failed),
    edited('REC-12', 'a flipped bit in the wrapped key', (body) => flipped(body, -48), failed),
    edited('REC-12', 'a flipped bit in its tag', (body) => flipped(body, -1), failed),
    edited('REC-12', 'the other suite', (body) => overwritten(body, 5, [0, 2]), failed),
    reject('REC-12', 'slot: of another vault with the same key', 'open-slot',
      slotInput(raw, { vaultId: toHex(flipped(VAULT_ID, 0)) }), failed),
  ]
}

function placeFaults(raw: Uint8Array): DraftCase[] {
  const other = slotKey(flipped(SLOT_ID, 15))
  return [
    reject('REC-9', 'slot: at the place of another', 'open-slot',
      slotInput(raw, { storageKey: other }), 'MALFORMED_RECORD'),
    reject('REC-9', 'slot: with the id of another', 'open-slot',
      slotInput(editUnderChecksum(raw, (body) => flipped(body, 22))), 'MALFORMED_RECORD'),
  ]
}
