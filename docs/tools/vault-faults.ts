/** Cases of a whole vault: what opens, and what a store can do to it and is found out. */

import { fromHex, toHex } from '@stagevault/core/bytes'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import { sealHead } from '@stagevault/core/records/head-record'
import { sealDeletionEntry, sealName } from '@stagevault/core/records/index-records'
import {
  DESCRIPTOR_KEY,
  KEYRING_KEY,
  ROOT_KEY,
  deletionKey,
  headKey,
  nameKey,
  slotKey,
  versionKey,
} from '@stagevault/core/records/layout'
import type { SecretState } from '@stagevault/core/model/secret-state'
import type { KeyringState } from '@stagevault/core/records/keyring-record'
import { openKeyring, sealKeyring } from '@stagevault/core/records/keyring-record'
import type { DraftCase } from './draft-case.js'
import { accept, reject } from './draft-case.js'
import { RAW_KEY, flipped } from './example-vault.js'
import { editUnderChecksum } from './forge-record.js'
import { namedBytes } from './named-bytes.js'
import type { ToldVault } from './told-vault.js'
import { headsOf, recordAt } from './vault-content.js'
import type { JsonObject, JsonValue } from './vector-file.js'

const NAME = 'MyDbCreds'
const OTHER_NAME = 'app/prod/api-key'

/** What holds for the vault of either suite. */
export function sharedDrafts(): DraftCase[] {
  const decomposed = { passphrase: 'correct ha\u0308rse battery staple' }
  return [
    accept('LAY-3', 'opening with the raw key', 'open', {}),
    accept('LAY-3', 'opening with the passphrase', 'open', { unlock: 'passphrase' }),
    accept('KEY-9', 'opening with the passphrase, decomposed', 'open', { unlock: decomposed }),
    reject('REC-11', 'another raw key', 'open',
      { unlock: { rawKey: toHex(flipped(RAW_KEY, 0)) } }, 'UNLOCK_FAILED'),
    reject('REC-11', 'another passphrase', 'open', { unlock: { passphrase: 'correct' } },
      'UNLOCK_FAILED'),
    accept('LAY-5', 'the current version', 'get', { secretName: NAME }),
    accept('LAY-5', 'the previous version', 'get', { secretName: NAME, versionId: 'v5' }),
    accept('LAY-5', 'a binary value', 'get', { secretName: OTHER_NAME }),
    accept('LAY-5', 'a secret that was renamed', 'get', { secretName: 'new-name' }),
    reject('LAY-5', 'the name before', 'get', { secretName: 'old-name' }, 'SECRET_NOT_FOUND'),
    reject('LAY-5', 'a version that was evicted', 'get', { secretName: NAME, versionId: 'v1' },
      'VERSION_NOT_FOUND'),
    reject('LAY-9', 'a secret that is scheduled for deletion', 'get', { secretName: 'leaving' },
      'SECRET_IN_DELETE_WINDOW'),
    reject('LAY-9', 'the same when it is due', 'get',
      { secretName: 'leaving', later: 7 * 86_400_000 }, 'SECRET_NOT_FOUND'),
    reject('REC-19', 'a disabled version', 'get', { secretName: 'worn', versionId: 'v2' },
      'VERSION_DISABLED'),
    reject('REC-19', 'a destroyed version', 'get', { secretName: 'worn', versionId: 'v1' },
      'VERSION_DISABLED'),
    accept('LAY-10', 'verify: nothing to find', 'verify', {}),
  ]
}

export function vaultFaults(told: ToldVault): DraftCase[] {
  return [
    ...openingFaults(told),
    ...keyringFaults(told),
    ...readingFaults(told),
    ...verifyFaults(told),
    ...admittedLimits(told),
  ]
}

type Changes = Readonly<Record<string, Uint8Array | null>>

function changed(changes: Changes, input: JsonObject = {}): JsonObject {
  const shown = Object.entries(changes).map(([key, record]): [string, JsonValue] =>
    [key, record === null ? null : toHex(record)])
  return { ...input, changes: Object.fromEntries(shown) }
}

function headOf({ keys, records }: ToldVault, secretName: string): SecretState {
  const head = headsOf(keys, records).find((state) => state.secretName === secretName)
  if (head === undefined) throw new Error(`the story has no secret ${secretName}`)
  return head
}

function versionKeyOf(told: ToldVault, secretName: string, versionId: string): string {
  const { secretId, versions } = headOf(told, secretName)
  const number = versions.find((version) => version.versionId === versionId)?.number
  if (number === undefined) throw new Error(`the story keeps no version ${versionId}`)
  return versionKey(secretId, number)
}

/** Where the slot of this kind is kept; there is one of each. */
function slotOfKind({ records }: ToldVault, kind: number): string {
  const place = [...records].find(([key, record]) => key.startsWith('slot!') && record[31] === kind)
  if (place === undefined) throw new Error(`the story has no slot of kind ${String(kind)}`)
  return place[0]
}

function openingFaults(told: ToldVault): DraftCase[] {
  const { records, story } = told
  const slotKeys = [...records.keys()].filter((key) => key.startsWith('slot!'))
  const rawSlot = slotOfKind(told, 1)
  const nothing = (keys: Iterable<string>): Changes =>
    Object.fromEntries([...keys].map((key) => [key, null]))
  const opening = (what: string, changes: Changes, expect: string, rule = 'LAY-3'): DraftCase =>
    reject(rule, `open: ${what}`, 'open', changed(changes), expect)
  const descriptor = recordAt(records, DESCRIPTOR_KEY)
  const otherId = editUnderChecksum(descriptor, (body) => flipped(body, 8))
  const otherRegion = editUnderChecksum(descriptor, (body) => flipped(body, 33))
  const damaged = flipped(recordAt(records, rawSlot), 60)
  return [
    opening('an empty store', nothing(records.keys()), 'VAULT_MISSING'),
    opening('no descriptor', { [DESCRIPTOR_KEY]: null }, 'RECORD_MISSING'),
    opening('no keyring', { [KEYRING_KEY]: null }, 'RECORD_MISSING'),
    opening('no slot', nothing(slotKeys), 'RECORD_MISSING'),
    opening('no slot for the key', { [rawSlot]: null }, 'RECORD_MISSING'),
    opening('no slot for the key, and no keyring', { [rawSlot]: null, [KEYRING_KEY]: null },
      'RECORD_MISSING'),
    opening('a damaged slot', { [rawSlot]: damaged }, 'MALFORMED_RECORD', 'REC-5'),
    opening('the descriptor of another vault', { [DESCRIPTOR_KEY]: otherId }, 'DECRYPTION_FAILED',
      'REC-12'),
    opening('another region in the descriptor', { [DESCRIPTOR_KEY]: otherRegion },
      'DECRYPTION_FAILED', 'REC-8'),
    accept('LAY-3', 'open: a damaged slot, with the key of the other', 'open',
      changed({ [rawSlot]: damaged }, { unlock: 'passphrase' })),
    accept('LAY-3', 'open: the expected vault', 'open', { vaultId: story.vaultId }),
    reject('LAY-3', 'open: another vault than the expected one', 'open',
      { vaultId: '0'.repeat(32) }, 'RECORD_MISMATCH'),
  ]
}

/** With the right MAC: what only someone with the root key could have written. */
function keyringFaults({ keys, records }: ToldVault): DraftCase[] {
  const ring = openKeyring(keys, recordAt(records, KEYRING_KEY))
  const opening = (rule: string, what: string, forged: KeyringState, expect: string): DraftCase => {
    const changes = changed({ [KEYRING_KEY]: sealKeyring(keys, forged) })
    return reject(rule, `open: ${what}`, 'open', changes, expect)
  }
  const [key] = ring.keys
  const [version] = key?.versions ?? []
  if (key === undefined || version === undefined) throw new Error('the story has no key')
  const withVersion = (change: object): KeyringState => ({
    ...ring, keys: [{ ...key, versions: [{ ...version, ...change }] }],
  })
  const missing = 'KEY_NOT_FOUND'
  return [
    opening('REC-15', 'a KEK that was changed', withVersion({
      wrapped: flipped(version.wrapped, 0),
    }), 'DECRYPTION_FAILED'),
    opening('REC-15', 'a KEK with another key check', withVersion({
      check: flipped(version.check, 0),
    }), 'DECRYPTION_FAILED'),
    opening('REC-16', 'no default key', {
      ...ring, defaultKeyId: namedBytes('no key', 16),
    }, missing),
    opening('REC-16', 'no primary version', {
      ...ring, keys: [{ ...key, primaryVersion: 2 }],
    }, missing),
    opening('REC-16', 'no versions', { ...ring, keys: [{ ...key, versions: [] }] }, missing),
    opening('REC-16', 'no keys', { ...ring, keys: [] }, missing),
    opening('LAY-15', 'a slot that the keyring does not list', { ...ring, slotIds: [] },
      'RECORD_MISMATCH'),
  ]
}

function readingFaults(told: ToldVault): DraftCase[] {
  const { records } = told
  const getting = (rule: string, what: string, changes: Changes, expect: string): DraftCase =>
    reject(rule, `get: ${what}`, 'get', changed(changes, { secretName: NAME }), expect)
  const [current, other] = [versionKeyOf(told, NAME, 'v4'), versionKeyOf(told, NAME, 'v5')]
  const record = recordAt(records, current)
  const mismatch = 'RECORD_MISMATCH'
  return [
    getting('LAY-6', 'the version record is missing', { [current]: null }, 'RECORD_MISSING'),
    getting('LAY-7', 'the version record of another version',
      { [current]: recordAt(records, other) }, mismatch),
    getting('LAY-7', 'the first bit of the version record', { [current]: flipped(record, 0, 0x80) },
      mismatch),
    getting('LAY-7', 'the last bit of the version record', { [current]: flipped(record, -1) },
      mismatch),
    getting('LAY-7', 'the version record of another secret',
      { [current]: recordAt(records, versionKeyOf(told, OTHER_NAME, 'first')) }, mismatch),
    getting('LAY-4', 'the head is missing', { [headKey(NAME)]: null }, 'RECORD_MISSING'),
    getting('REC-3', 'the head of another secret',
      { [headKey(NAME)]: recordAt(records, headKey(OTHER_NAME)) }, 'DECRYPTION_FAILED'),
    getting('LAY-4', 'the head is missing and the name record damaged', {
      [headKey(NAME)]: null, [nameKey(NAME)]: flipped(recordAt(records, nameKey(NAME)), -1),
    }, 'DECRYPTION_FAILED'),
    getting('LAY-8', 'a version under a key that the keyring lacks', lostKey(told),
      'KEY_NOT_FOUND'),
    accept('LAY-4', 'get: the name record is missing', 'get',
      changed({ [nameKey(NAME)]: null }, { secretName: NAME })),
    accept('LAY-10', 'get: the root is missing', 'get',
      changed({ [ROOT_KEY]: null }, { secretName: NAME })),
  ]
}

/** Another key id in the version record, and a head that has its hash. */
function lostKey(told: ToldVault): Changes {
  const { keys, records } = told
  const head = headOf(told, NAME)
  const place = versionKeyOf(told, NAME, 'v4')
  // Behind magic, format, suite, the id with its length, type, time and padding.
  const record = flipped(recordAt(records, place), 5 + 2 + 3 + 1 + 8 + 1)
  const recordHash = noblePrimitives.sha256(record)
  const versions = head.versions.map((version) =>
    version.versionId === 'v4' ? { ...version, recordHash } : version)
  return { [place]: record, [headKey(NAME)]: sealHead(keys, { ...head, versions }) }
}

function verifyFaults(told: ToldVault): DraftCase[] {
  const { keys, records } = told
  const verifying = (rule: string, what: string, changes: Changes): DraftCase =>
    accept(rule, `verify: ${what}`, 'verify', changed(changes))
  const { secretId, plannedDeleteTime } = headOf(told, 'leaving')
  const due = deletionKey(plannedDeleteTime ?? 0, secretId)
  const creds = headOf(told, NAME)
  const early = (plannedDeleteTime ?? 0) - 1
  const stray = versionKey(creds.secretId, 1)
  const ring = openKeyring(keys, recordAt(records, KEYRING_KEY))
  const opener = slotOfKind(told, 1)
  const others = [slotOfKind(told, 2), slotOfKind(told, 3)] as const
  const openerOnly = ring.slotIds.filter((slotId) => slotKey(slotId) === opener)
  return [
    verifying('REC-23', 'a slot with another time', {
      [others[0]]: editUnderChecksum(recordAt(records, others[0]), (body) =>
        flipped(body, 30)),
    }),
    verifying('LAY-16', 'a slot is gone', { [others[0]]: null }),
    verifying('LAY-16', 'two slots that the keyring does not list', {
      [KEYRING_KEY]: sealKeyring(keys, { ...ring, slotIds: openerOnly }),
    }),
    verifying('LAY-9', 'no deletion entry', { [due]: null }),
    verifying('LAY-9', 'a second deletion entry', {
      [deletionKey(early, secretId)]: sealDeletionEntry(keys, early, secretId, 'leaving'),
    }),
    verifying('LAY-9', 'a deletion entry of a secret that stays', {
      [deletionKey(early, creds.secretId)]: sealDeletionEntry(keys, early, creds.secretId, NAME),
    }),
    verifying('LAY-4', 'no name record', { [nameKey(NAME)]: null }),
    verifying('LAY-4', 'a name record with the id of another', {
      [nameKey(NAME)]: sealName(keys, NAME, secretId),
    }),
    verifying('LAY-4', 'no head', { [headKey(NAME)]: null }),
    verifying('LAY-6', 'no version record', { [versionKeyOf(told, NAME, 'v5')]: null }),
    verifying('LAY-11', 'a version record that no head names', {
      [stray]: recordAt(records, versionKeyOf(told, NAME, 'v4')),
    }),
    verifying('LAY-10', 'no root', { [ROOT_KEY]: null }),
    verifying('LAY-10', 'a secret gone with every record', secretRecords(told, '__proto__')),
    verifying('REC-17', 'a head with a section that readers may skip', sectionIn(told, true)),
    verifying('REC-17', 'a head with a section that they may not', sectionIn(told, false)),
    verifying('LAY-1', 'a record where none is kept', { 'vault!other': fromHex('00') }),
  ]
}

/** A head with a section that no reader knows. */
function sectionIn(told: ToldVault, isSkippable: boolean): Changes {
  const section = { number: 40, isSkippable, bytes: namedBytes('section', 5) }
  const head = { ...headOf(told, NAME), sections: [section] }
  return { [headKey(NAME)]: sealHead(told.keys, head) }
}

function secretRecords(told: ToldVault, secretName: string): Changes {
  const { secretId, versions } = headOf(told, secretName)
  const keys = versions.map(({ number }) => versionKey(secretId, number))
  return Object.fromEntries(
    [headKey(secretName), nameKey(secretName), ...keys].map((key) => [key, null]),
  )
}

/** What format 1 does not find out when it reads: see the limits in storage-layout.md. */
function admittedLimits(told: ToldVault): DraftCase[] {
  const { beforePut, beforeMove } = told.story.formerHeads
  const older = changed({ [headKey(NAME)]: beforePut })
  const moved = changed({ [headKey(NAME)]: beforeMove })
  const gone = changed({ [headKey('__proto__')]: null, [nameKey('__proto__')]: null })
  const get = { secretName: NAME }
  return [
    accept('LAY-12', 'get: a head from before a label moved is believed', 'get', {
      ...moved, ...get,
    }),
    accept('LAY-12', 'verify: nor is it found', 'verify', moved),
    accept('LAY-12', 'get: a head from before a version came is believed', 'get', {
      ...older, ...get,
    }),
    accept('LAY-12', 'verify: it does not fit the version records', 'verify', older),
    reject('LAY-12', 'get: a secret without head and name is not found', 'get', {
      ...gone, secretName: '__proto__',
    }, 'SECRET_NOT_FOUND'),
    accept('LAY-12', 'verify: its version record and the count tell', 'verify', gone),
  ]
}
