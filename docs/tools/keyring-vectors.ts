/** The part of `records.json` that is about the keyring. */

import { kekCheckContext, kekWrapContext } from '@stagevault/core/crypto/context'
import { keyCheck, wrapKey } from '@stagevault/core/crypto/key-derivation'
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

function ringOf(...keys: readonly KeyringKey[]): KeyringState {
  return { defaultKeyId: KEY_ID, keys }
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

export function keyringDrafts(): DraftCase[] {
  const given = { vaultId: VAULT_ID, rootKey: ROOT_KEY }
  const record = sealKeyring(RECORD_KEYS, ringOf(KEY))
  const taken = (what: string, ring: KeyringState): DraftCase =>
    accept('REC-13', `keyring: ${what}`, 'open-keyring', inputOf({
      ...given, record: sealKeyring(RECORD_KEYS, ring),
    }))
  const bytes = (rule: string, what: string, changed: Uint8Array, expect: string): DraftCase =>
    reject(rule, `keyring: ${what}`, 'open-keyring', inputOf({ ...given, record: changed }), expect)
  const edited = (rule: string, what: string, edit: Edit, expect: string): DraftCase =>
    bytes(rule, what, editUnderMac(record, KEYRING_KEY, edit), expect)
  const ring = (what: string, ...keys: readonly KeyringKey[]): DraftCase =>
    bytes('REC-14', what, sealKeyring(RECORD_KEYS, ringOf(...keys)), 'MALFORMED_RECORD')
  const malformed = 'MALFORMED_RECORD'
  return [
    taken('of a new vault', ringOf(KEY)),
    taken('a key with two versions', ringOf({
      ...KEY, primaryVersion: 2, versions: [FIRST, SECOND],
    })),
    taken('two keys', ringOf(KEY, OTHER_KEY)),
    bytes('REC-3', 'a flipped bit in the wrapped key', flipped(record, -33), 'DECRYPTION_FAILED'),
    bytes('REC-3', 'at another place', editUnderMac(record, 'vault!root', (body) => body),
      'DECRYPTION_FAILED'),
    edited('REC-13', 'a key state that is not in use', (body) => overwritten(body, 39, [1]),
      'UNSUPPORTED_FORMAT'),
    bytes('FMT-2', '33 keys', sealKeyring(RECORD_KEYS, ringOf(...manyKeys(33))), malformed),
    bytes('FMT-2', '33 versions of a key', sealKeyring(RECORD_KEYS, ringOf({
      ...KEY, versions: Array.from({ length: 33 }, (_, i) => ({ ...FIRST, keyVersion: i + 1 })),
    })), malformed),
    edited('FMT-3', 'two keys announced', (body) => overwritten(body, 21, [0, 2]), malformed),
    edited('FMT-4', 'no key announced', (body) => overwritten(body, 21, [0, 0]), malformed),
    edited('FMT-4', 'a byte too many', (body) => joined(body, [0]), malformed),
    ring('versions out of order', { ...KEY, versions: [SECOND, FIRST] }),
    ring('a version twice', { ...KEY, versions: [FIRST, FIRST] }),
    ring('version 0', { ...KEY, versions: [wrappedKek(KEY_ID, 0, KEK), FIRST] }),
    ring('a key twice', KEY, KEY),
  ]
}
