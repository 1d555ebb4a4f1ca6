/** The part of `records.json` that is about the keyring. */

import { kekCheckContext, kekWrapContext } from '@stagevault/core/crypto/associated-data'
import { keyCheck, wrapKey } from '@stagevault/core/crypto/key-wrapping'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import { KEYRING_KEY } from '@stagevault/core/records/layout'
import type { KeyringKey, KeyringState, WrappedKek } from '@stagevault/core/records/keyring-record'
import { sealKeyring } from '@stagevault/core/records/keyring-record'
import type { DraftCase } from './draft-case.js'
import { accept, reject } from './draft-case.js'
import {
  KEK,
  KEY_ID,
  RECORD_KEYS,
  ROOT_KEY,
  START_TIME,
  VAULT_ID,
  flipped,
  inputOf,
  joined,
  overwritten,
  subkeyOf,
} from './example-vault.js'
import type { Edit } from './forge-record.js'
import { editUnderMac } from './forge-record.js'
import { namedBytes } from './named-bytes.js'

const SUITE = 1
const OTHER_KEY_ID = namedBytes('key id 2', 16)

/** A KEK wrapped as docs/format/envelope.md has it. */
export function wrappedKek(keyId: Uint8Array, keyVersion: number, kek: Uint8Array): WrappedKek {
  const salt = namedBytes(`keyring salt ${String(keyVersion)}`, 32)
  const context = kekWrapContext({ suite: SUITE, vaultId: VAULT_ID, keyId, keyVersion, salt })
  return {
    keyVersion,
    createTime: START_TIME + keyVersion - 1,
    check: keyCheck(noblePrimitives, kek, kekCheckContext(keyId, keyVersion)),
    salt,
    wrapped: wrapKey(noblePrimitives, SUITE, subkeyOf(ROOT_KEY, 'keyring'), context, kek),
  }
}

const FIRST = wrappedKek(KEY_ID, 1, KEK)
const SECOND = wrappedKek(KEY_ID, 2, namedBytes('kek 2', 32))

const SLOT_ID = namedBytes('slot id', 16)

function ringOf(...keys: readonly KeyringKey[]): KeyringState {
  return { generation: 1, defaultKeyId: KEY_ID, keys, slotIds: [SLOT_ID] }
}

const KEY: KeyringKey = { keyId: KEY_ID, primaryVersion: 1, versions: [FIRST] }
const OTHER_KEY: KeyringKey = {
  keyId: OTHER_KEY_ID,
  primaryVersion: 1,
  versions: [wrappedKek(OTHER_KEY_ID, 1, namedBytes('kek of key 2', 32))],
}

function manyKeys(count: number): KeyringKey[] {
  return Array.from({ length: count }, (_, i) => {
    const keyId = overwritten(KEY_ID, 0, [i])
    return { keyId, primaryVersion: 1, versions: [] }
  })
}

/** Ids in order. */
function manySlots(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => overwritten(SLOT_ID, 0, [i]))
}

export function keyringDrafts(): DraftCase[] {
  const given = { vaultId: VAULT_ID, rootKey: ROOT_KEY }
  const malformed = 'MALFORMED_RECORD'
  const record = sealKeyring(RECORD_KEYS, ringOf(KEY))
  const taken = (what: string, ring: KeyringState): DraftCase =>
    accept(
      'REC-13',
      `keyring: ${what}`,
      'open-keyring',
      inputOf({
        ...given,
        record: sealKeyring(RECORD_KEYS, ring),
      }),
    )
  const bytes = (rule: string, what: string, changed: Uint8Array, expect: string): DraftCase =>
    reject(rule, `keyring: ${what}`, 'open-keyring', inputOf({ ...given, record: changed }), expect)
  const edited = (rule: string, what: string, edit: Edit, expect: string): DraftCase =>
    bytes(rule, what, editUnderMac(record, KEYRING_KEY, edit), expect)
  const forged = (rule: string, what: string, change: Partial<KeyringState>): DraftCase =>
    bytes(rule, what, sealKeyring(RECORD_KEYS, { ...ringOf(KEY), ...change }), malformed)
  const ring = (what: string, ...keys: readonly KeyringKey[]): DraftCase =>
    forged('REC-14', what, { keys })
  const slots = (what: string, ...slotIds: readonly Uint8Array[]): DraftCase =>
    forged('REC-14', what, { slotIds })
  return [
    taken('of a new vault', ringOf(KEY)),
    taken(
      'a key with two versions',
      ringOf({
        ...KEY,
        primaryVersion: 2,
        versions: [FIRST, SECOND],
      }),
    ),
    taken('two keys', ringOf(KEY, OTHER_KEY)),
    taken('32 slots', { ...ringOf(KEY), generation: 32, slotIds: manySlots(32) }),
    bytes('REC-3', 'a flipped bit in the wrapped key', flipped(record, -51), 'DECRYPTION_FAILED'),
    bytes(
      'REC-3',
      'at another place',
      editUnderMac(record, 'vault!root', (body) => body),
      'DECRYPTION_FAILED',
    ),
    edited(
      'REC-13',
      'a key state that is not in use',
      (body) => overwritten(body, 47, [1]),
      'UNSUPPORTED_FORMAT',
    ),
    forged('FMT-1', 'a generation of 2^53', { generation: 2 ** 53 }),
    forged('FMT-2', '33 keys', { keys: manyKeys(33) }),
    forged('FMT-2', '33 versions of a key', {
      keys: [
        {
          ...KEY,
          versions: Array.from({ length: 33 }, (_, i) => ({ ...FIRST, keyVersion: i + 1 })),
        },
      ],
    }),
    forged('FMT-2', '33 slots', { slotIds: manySlots(33) }),
    edited('FMT-3', 'two slots announced', (body) => overwritten(body, -17, [2]), malformed),
    edited('FMT-4', 'no slot announced', (body) => overwritten(body, -17, [0]), malformed),
    edited('FMT-4', 'a byte too many', (body) => joined(body, [0]), malformed),
    ring('versions out of order', { ...KEY, versions: [SECOND, FIRST] }),
    ring('a version twice', { ...KEY, versions: [FIRST, FIRST] }),
    ring('version 0', { ...KEY, versions: [wrappedKek(KEY_ID, 0, KEK), FIRST] }),
    ring('a key twice', KEY, KEY),
    slots('slots out of order', ...manySlots(2).reverse()),
    slots('a slot twice', SLOT_ID, SLOT_ID),
  ]
}
