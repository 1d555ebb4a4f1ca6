/** `key-derivation.json`: keys from keys, keys under keys, and keys from passphrases. */

import { toHex } from '@stagevault/core/bytes'
import { wrapKey } from '@stagevault/core/crypto/key-wrapping'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { SuiteId } from '@stagevault/core/crypto/primitives'
import type { DraftCase } from './draft-case.js'
import { accept, reject } from './draft-case.js'
import {
  KEK,
  KEY_ID,
  LONG_ID,
  LONG_NAME,
  PASSPHRASE,
  RAW_KEY,
  ROOT_KEY,
  SECRET_ID,
  START_TIME,
  VAULT_ID,
  flipped,
  inputOf,
  joined,
  subkeyOf,
} from './example-vault.js'
import { namedBytes } from './named-bytes.js'
import { contextOf } from './perform-keys.js'

export const ABOUT = 'Derivations and wrapped keys (docs/format/envelope.md).'

const SLOT_ID = namedBytes('slot id', 16)
const SCRYPT_SALT = namedBytes('scrypt salt', 16)

export function keyDrafts(): DraftCase[] {
  return [
    ...expandDrafts(),
    ...checkDrafts(),
    ...hedgeDrafts(),
    ...secretIdDrafts(),
    ...digestDrafts(),
    ...wrapDrafts(1),
    ...wrapDrafts(2),
    ...passphraseDrafts(),
  ]
}

function expandDrafts(): DraftCase[] {
  const subkeys = (
    [
      ['record mac', ROOT_KEY, 'the root key'],
      ['keyring', ROOT_KEY, 'the root key'],
      ['value digest', ROOT_KEY, 'the root key'],
      ['hedge', ROOT_KEY, 'the root key'],
      ['hedge', KEK, 'a KEK'],
      ['hedge', RAW_KEY, 'a slot key'],
    ] as const
  ).map(([label, key, whose]) => {
    const info = contextOf('subkey', inputOf({ vaultId: VAULT_ID, label }))
    return accept(
      'KEY-2',
      `subkey "${label}" of ${whose}`,
      'expand',
      inputOf({
        key,
        info,
        length: 32,
      }),
    )
  })
  // RFC 5869, A.1: its PRK and info, with the first 32 bytes of its OKM.
  const rfc = {
    key: '077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5',
    info: 'f0f1f2f3f4f5f6f7f8f9',
  }
  return [
    accept('KEY-1', 'the PRK and info of RFC 5869, A.1', 'expand', { ...rfc, length: 32 }),
    accept('KEY-1', 'two blocks of the same', 'expand', { ...rfc, length: 64 }),
    accept('KEY-1', 'an empty info', 'expand', inputOf({ key: KEK, info: '', length: 64 })),
    ...subkeys,
  ]
}

function checkDrafts(): DraftCase[] {
  const slot = contextOf('slot-check', inputOf({ slotId: SLOT_ID }))
  const first = contextOf('kek-check', inputOf({ keyId: KEY_ID, keyVersion: 1 }))
  const second = contextOf('kek-check', inputOf({ keyId: KEY_ID, keyVersion: 2 }))
  return [
    accept('KEY-3', 'key check of a slot', 'key-check', inputOf({ key: RAW_KEY, context: slot })),
    accept('KEY-3', 'key check of a KEK', 'key-check', inputOf({ key: KEK, context: first })),
    accept(
      'KEY-3',
      'key check of its next version',
      'key-check',
      inputOf({
        key: namedBytes('kek 2', 32),
        context: second,
      }),
    ),
  ]
}

function hedgeDrafts(): DraftCase[] {
  const hedgeKey = subkeyOf(KEK, 'hedge')
  const salt = { hedgeKey, vaultId: VAULT_ID, random: namedBytes('salt random', 32) }
  const dead = { ...salt, random: new Uint8Array(32) }
  return [
    accept('KEY-7', 'a salt', 'hedged-salt', inputOf({ ...salt, key: namedBytes('dek', 32) })),
    accept(
      'KEY-7',
      'a salt for another key',
      'hedged-salt',
      inputOf({
        ...salt,
        key: namedBytes('dek 2', 32),
      }),
    ),
    accept(
      'KEY-7',
      'a dead random source',
      'hedged-salt',
      inputOf({
        ...dead,
        key: namedBytes('dek', 32),
      }),
    ),
    accept(
      'KEY-7',
      'a dead random source, another key',
      'hedged-salt',
      inputOf({
        ...dead,
        key: namedBytes('dek 2', 32),
      }),
    ),
  ]
}

function secretIdDrafts(): DraftCase[] {
  const secret = {
    hedgeKey: subkeyOf(KEK, 'hedge'),
    vaultId: VAULT_ID,
    secretName: 'MyDbCreds',
    createTime: START_TIME,
    random: namedBytes('secret id random', 32),
    value: '7b2275736572223a22617070227d',
  }
  const made = (what: string, change: object): DraftCase =>
    accept('KEY-10', `secret id: ${what}`, 'secret-id', inputOf({ ...secret, ...change }))
  const dead = { random: new Uint8Array(32) }
  return [
    made('of a new secret', {}),
    made('a dead random source', dead),
    made('a dead random source, another name', { ...dead, secretName: 'MyDbCreds2' }),
    made('a dead random source, another time', { ...dead, createTime: START_TIME + 1 }),
    made('a dead random source, another value', { ...dead, value: '7b7d' }),
    made('the longest name', { secretName: LONG_NAME }),
  ]
}

function digestDrafts(): DraftCase[] {
  const digestKey = subkeyOf(ROOT_KEY, 'value digest')
  const address = { digestKey, vaultId: VAULT_ID, secretId: SECRET_ID }
  const value = '7b2275736572223a22617070227d'
  const usual = { ...address, versionId: 'v1', contentType: 0, value }
  return [
    accept('KEY-8', 'digest of a text', 'value-digest', inputOf(usual)),
    accept(
      'KEY-8',
      'the same bytes as binary',
      'value-digest',
      inputOf({
        ...usual,
        contentType: 1,
      }),
    ),
    accept(
      'KEY-8',
      'the same text under another id',
      'value-digest',
      inputOf({
        ...usual,
        versionId: LONG_ID,
      }),
    ),
    accept('KEY-8', 'one byte', 'value-digest', inputOf({ ...usual, contentType: 1, value: '00' })),
  ]
}

function wrapDrafts(suite: SuiteId): DraftCase[] {
  const fields = { vaultId: VAULT_ID, keyId: KEY_ID, keyVersion: 1 }
  const salt = namedBytes('wrap salt', 32)
  const context = contextOf('kek-wrap', inputOf({ suite, ...fields, salt }))
  const wrappingKey = subkeyOf(ROOT_KEY, 'keyring')
  const wrap = { suite, wrappingKey, context }
  const wrapped = wrapKey(noblePrimitives, suite, wrappingKey, context, KEK)
  const unwrap = { ...wrap, wrapped }
  const other = contextOf('kek-wrap', inputOf({ suite, ...fields, keyVersion: 2, salt }))
  const salted = contextOf('kek-wrap', inputOf({ suite, ...fields, salt: flipped(salt, 31) }))
  const named = `suite ${String(suite)}`
  const refused = (rule: string, what: string, change: object): DraftCase => {
    const input = inputOf({ ...unwrap, ...change })
    return reject(rule, `${named}: ${what}`, 'unwrap', input, 'DECRYPTION_FAILED')
  }
  return [
    accept('KEY-4', `${named}: wrapping a KEK`, 'wrap', inputOf({ ...wrap, key: KEK })),
    accept('KEY-4', `${named}: unwrapping it`, 'unwrap', inputOf(unwrap)),
    refused('KEY-5', 'the first bit of the key flipped', { wrapped: flipped(wrapped, 0, 0x80) }),
    refused('KEY-5', 'the last bit of the key flipped', { wrapped: flipped(wrapped, 31) }),
    refused('KEY-5', 'the first bit of the tag flipped', { wrapped: flipped(wrapped, 32, 0x80) }),
    refused('KEY-5', 'the last bit of the tag flipped', { wrapped: flipped(wrapped, 47) }),
    refused('KEY-5', 'another wrapping key', { wrappingKey: flipped(wrappingKey, 0) }),
    refused('KEY-5', 'another key version in the context', { context: other }),
    refused('KEY-5', 'another salt in the context', { context: salted }),
    refused('KEY-5', 'the other suite', { suite: 3 - suite }),
    refused('KEY-6', 'empty', { wrapped: '' }),
    refused('KEY-6', 'a tag and nothing else', { wrapped: wrapped.slice(32) }),
    refused('KEY-6', 'one byte short', { wrapped: wrapped.slice(0, 47) }),
    refused('KEY-6', 'one byte long', { wrapped: joined(wrapped, [0]) }),
    refused('KEY-6', 'a key of 33 bytes, sealed as it should be', {
      wrapped: wrapKey(noblePrimitives, suite, wrappingKey, context, joined(KEK, [0])),
    }),
  ]
}

function passphraseDrafts(): DraftCase[] {
  const salt = toHex(SCRYPT_SALT)
  const draft = (what: string, passphrase: string): DraftCase =>
    accept('KEY-9', `scrypt: ${what}`, 'slot-key', { passphrase, logN: 15, salt })
  return [
    draft('a composed passphrase', PASSPHRASE),
    draft('the same, decomposed', PASSPHRASE.normalize('NFD')),
    draft('a compatibility form, which NFC leaves as it is', '\ufb01ve \u2460'),
    draft('beyond the first plane', '\u{1f511}\u{1f5dd}'),
  ]
}
