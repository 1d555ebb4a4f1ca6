/** `contexts.json`: every purpose, with usual fields and at the edges of what fields can hold. */

import type { DraftCase } from './draft-case.js'
import { accept } from './draft-case.js'
import {
  KEY_ID,
  LONG_ID,
  LONG_NAME,
  SECRET_ID,
  START_TIME,
  VAULT_ID,
  inputOf,
} from './example-vault.js'
import { namedBytes } from './named-bytes.js'
import type { JsonObject } from './vector-file.js'

export const ABOUT = 'Contexts: what keys, boxes and MACs are bound to (docs/format/envelope.md).'

const U32_MAX = 0xffff_ffff
const SALT = namedBytes('context salt', 32)
const SLOT_ID = namedBytes('slot id', 16)
const NO_KDF = new Uint8Array(0)
const KDF = Uint8Array.of(15, 8, 1, ...namedBytes('scrypt salt', 16))
/** A provider named `k`, which keeps two bytes. */
const PROVIDER_KDF = Uint8Array.of(1, 0x6b, 0, 2, 0xca, 0xfe)

const ADDRESS = { vaultId: VAULT_ID, secretId: SECRET_ID, number: 1, versionId: 'v1' }
const KEK_FIELDS = { vaultId: VAULT_ID, keyId: KEY_ID, keyVersion: 1, salt: SALT }
const LAST = { number: U32_MAX, versionId: LONG_ID }
const VALUE = { contentType: 0, createTime: START_TIME, padding: 0 }
const DIGEST = { vaultId: VAULT_ID, secretId: SECRET_ID, versionId: 'v1', contentType: 0 }

const SECRET = { vaultId: VAULT_ID, secretName: 'MyDbCreds', createTime: START_TIME }

type Variants = readonly (readonly [what: string, fields: JsonObject])[]

const PURPOSES: Readonly<Record<string, Variants>> = {
  'slot-wrap': [
    ['a raw key, whose kdf is empty', slotFields({ suite: 1, slotKind: 1, kdf: NO_KDF })],
    ['a passphrase', slotFields({ suite: 1, slotKind: 2, kdf: KDF })],
    ['a provider', slotFields({ suite: 1, slotKind: 3, kdf: PROVIDER_KDF })],
    ['the other suite', slotFields({ suite: 2, slotKind: 2, kdf: KDF })],
  ],
  'slot-check': [['a slot', inputOf({ slotId: SLOT_ID })]],
  subkey: [
    ['record mac', inputOf({ vaultId: VAULT_ID, label: 'record mac' })],
    ['keyring', inputOf({ vaultId: VAULT_ID, label: 'keyring' })],
    ['hedge', inputOf({ vaultId: VAULT_ID, label: 'hedge' })],
    ['value digest', inputOf({ vaultId: VAULT_ID, label: 'value digest' })],
  ],
  'kek-wrap': [
    ['the first version', inputOf({ suite: 1, ...KEK_FIELDS })],
    ['the other suite', inputOf({ suite: 2, ...KEK_FIELDS })],
    ['the last version number', inputOf({ suite: 1, ...KEK_FIELDS, keyVersion: U32_MAX })],
  ],
  'kek-check': [
    ['the first version', inputOf({ keyId: KEY_ID, keyVersion: 1 })],
    ['the second version', inputOf({ keyId: KEY_ID, keyVersion: 2 })],
  ],
  'dek-wrap': [
    ['the first version', inputOf({ suite: 1, ...ADDRESS, ...KEK_FIELDS })],
    ['the other suite', inputOf({ suite: 2, ...ADDRESS, ...KEK_FIELDS })],
    ['the longest id', inputOf({ suite: 1, ...ADDRESS, ...LAST, ...KEK_FIELDS })],
  ],
  value: [
    ['text', inputOf({ suite: 1, ...ADDRESS, ...VALUE })],
    ['binary', inputOf({ suite: 1, ...ADDRESS, ...VALUE, contentType: 1 })],
    ['the other suite', inputOf({ suite: 2, ...ADDRESS, ...VALUE })],
    ['time 0', inputOf({ suite: 1, ...ADDRESS, ...VALUE, createTime: 0 })],
    ['the greatest number', inputOf({ suite: 1, ...ADDRESS, ...VALUE, createTime: 2 ** 53 - 1 })],
    ['the longest id', inputOf({ suite: 1, ...ADDRESS, ...LAST, ...VALUE })],
  ],
  'dek-hedge': [
    ['the first version', inputOf(ADDRESS)],
    ['the longest id', inputOf({ ...ADDRESS, ...LAST })],
  ],
  'salt-hedge': [['a vault', inputOf({ vaultId: VAULT_ID })]],
  'value-digest': [
    ['text', inputOf(DIGEST)],
    ['binary', inputOf({ ...DIGEST, contentType: 1 })],
  ],
  'record-mac': [
    ['a record of the vault', inputOf({ vaultId: VAULT_ID, storageKey: 'vault!root' })],
    ['a head', inputOf({ vaultId: VAULT_ID, storageKey: 'secret!MyDbCreds!head' })],
    ['the longest name', inputOf({ vaultId: VAULT_ID, storageKey: `secret!${LONG_NAME}!head` })],
  ],
  'secret-id': [
    ['a new secret', inputOf(SECRET)],
    ['the longest name', inputOf({ ...SECRET, secretName: LONG_NAME })],
    ['time 0', inputOf({ ...SECRET, createTime: 0 })],
  ],
}

function slotFields(fields: {
  readonly suite: number
  readonly slotKind: number
  readonly kdf: Uint8Array
}): JsonObject {
  return inputOf({ ...fields, vaultId: VAULT_ID, slotId: SLOT_ID, salt: SALT })
}

export function contextDrafts(): DraftCase[] {
  return Object.entries(PURPOSES).flatMap(([purpose, variants]) =>
    variants.map(([what, fields]) =>
      accept('CTX-1', `${purpose}: ${what}`, 'context', { purpose, ...fields }),
    ),
  )
}
