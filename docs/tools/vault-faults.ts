/** Cases of a whole vault: what opens, and what a store can do to it and is found out. */

import { fromHex, toHex } from '@stagevault/core/bytes'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import { sealDeletionEntry } from '@stagevault/core/records/deletion-entry'
import { sealHead } from '@stagevault/core/records/head-record'
import {
  KEYRING_KEY,
  ROOT_KEY,
  deletionKey,
  headKey,
  nameKey,
  slotKey,
  versionKey,
} from '@stagevault/core/records/layout'
import { openKeyring } from '@stagevault/core/records/keyring-record'
import { sealName } from '@stagevault/core/records/name-record'
import { sealRoot } from '@stagevault/core/records/vault-root'
import type { DraftCase } from './draft-case.js'
import { accept, reject } from './draft-case.js'
import { RAW_KEY, flipped } from './example-vault.js'
import { editUnderChecksum } from './forge-record.js'
import { namedBytes } from './named-bytes.js'
import type { Changes } from './told-changes.js'
import { changed, headOf, rootOf, slotOfKind, versionKeyOf, withKeyring } from './told-changes.js'
import type { ToldVault } from './told-vault.js'
import { recordAt } from './vault-content.js'
import { openingFaults } from './vault-opening-faults.js'

const NAME = 'MyDbCreds'
const OTHER_NAME = 'app/prod/api-key'
const WEEK_MS = 7 * 86_400_000

/** What holds for the vault of either suite. */
export function sharedDrafts(): DraftCase[] {
  const decomposed = { passphrase: 'correct ha\u0308rse battery staple' }
  return [
    accept('LAY-3', 'opening with the raw key', 'open', {}),
    accept('LAY-3', 'opening with the passphrase', 'open', { unlock: 'passphrase' }),
    accept('KEY-9', 'opening with the passphrase, decomposed', 'open', { unlock: decomposed }),
    reject(
      'REC-11',
      'another raw key',
      'open',
      { unlock: { rawKey: toHex(flipped(RAW_KEY, 0)) } },
      'UNLOCK_FAILED',
    ),
    reject(
      'REC-11',
      'another passphrase',
      'open',
      { unlock: { passphrase: 'correct' } },
      'UNLOCK_FAILED',
    ),
    accept('LAY-5', 'the current version', 'get', { secretName: NAME }),
    accept('LAY-5', 'the previous version', 'get', { secretName: NAME, versionId: 'v5' }),
    accept('LAY-5', 'a binary value', 'get', { secretName: OTHER_NAME }),
    accept('LAY-5', 'a secret that was renamed', 'get', { secretName: 'new-name' }),
    reject('LAY-5', 'the name before', 'get', { secretName: 'old-name' }, 'SECRET_NOT_FOUND'),
    reject(
      'LAY-5',
      'a version that was evicted',
      'get',
      { secretName: NAME, versionId: 'v1' },
      'VERSION_NOT_FOUND',
    ),
    reject(
      'LAY-9',
      'a secret that is scheduled for deletion',
      'get',
      { secretName: 'leaving' },
      'SECRET_IN_DELETE_WINDOW',
    ),
    reject(
      'LAY-9',
      'the same when it is due: one look deletes nothing',
      'get',
      { secretName: 'leaving', later: WEEK_MS },
      'SECRET_IN_DELETE_WINDOW',
    ),
    accept('LAY-19', 'verify: nothing to find after the first look', 'verify', { later: WEEK_MS }),
    reject(
      'REC-19',
      'a disabled version',
      'get',
      { secretName: 'worn', versionId: 'v2' },
      'VERSION_DISABLED',
    ),
    reject(
      'REC-19',
      'a destroyed version',
      'get',
      { secretName: 'worn', versionId: 'v1' },
      'VERSION_DISABLED',
    ),
    accept('LAY-10', 'verify: nothing to find', 'verify', {}),
  ]
}

export function vaultFaults(told: ToldVault): DraftCase[] {
  return [
    ...openingFaults(told),
    ...readingFaults(told),
    ...verifyFaults(told),
    ...admittedLimits(told),
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
    getting(
      'LAY-7',
      'the version record of another version',
      { [current]: recordAt(records, other) },
      mismatch,
    ),
    getting(
      'LAY-7',
      'the first bit of the version record',
      { [current]: flipped(record, 0, 0x80) },
      mismatch,
    ),
    getting(
      'LAY-7',
      'the last bit of the version record',
      { [current]: flipped(record, -1) },
      mismatch,
    ),
    getting(
      'LAY-7',
      'the version record of another secret',
      { [current]: recordAt(records, versionKeyOf(told, OTHER_NAME, 'first')) },
      mismatch,
    ),
    getting('LAY-4', 'the head is missing', { [headKey(NAME)]: null }, 'RECORD_MISSING'),
    getting(
      'REC-3',
      'the head of another secret',
      { [headKey(NAME)]: recordAt(records, headKey(OTHER_NAME)) },
      'DECRYPTION_FAILED',
    ),
    getting(
      'LAY-4',
      'the head is missing and the name record damaged',
      {
        [headKey(NAME)]: null,
        [nameKey(NAME)]: flipped(recordAt(records, nameKey(NAME)), -1),
      },
      'DECRYPTION_FAILED',
    ),
    getting(
      'LAY-8',
      'a version under a key that the keyring lacks',
      lostKey(told),
      'KEY_NOT_FOUND',
    ),
    accept(
      'LAY-4',
      'get: the name record is missing',
      'get',
      changed({ [nameKey(NAME)]: null }, { secretName: NAME }),
    ),
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
    version.versionId === 'v4' ? { ...version, recordHash } : version,
  )
  return { [place]: record, [headKey(NAME)]: sealHead(keys, { ...head, versions }) }
}

function verifyFaults(told: ToldVault): DraftCase[] {
  const { keys, records } = told
  const verifying = (rule: string, what: string, changes: Changes): DraftCase =>
    accept(rule, `verify: ${what}`, 'verify', changed(changes))
  const { secretId, plannedDeleteTime } = headOf(told, 'leaving')
  const due = deletionKey(plannedDeleteTime ?? 0, secretId)
  const creds = headOf(told, NAME)
  const entry = (time: number, id: Uint8Array, secretName: string): Uint8Array =>
    sealDeletionEntry(keys, time, id, { secretName, lookTime: 0 })
  const early = (plannedDeleteTime ?? 0) - 1
  const stray = versionKey(creds.secretId, 1)
  const ring = openKeyring(keys, recordAt(records, KEYRING_KEY))
  const opener = slotOfKind(told, 1)
  const others = [slotOfKind(told, 2), slotOfKind(told, 3)] as const
  const openerOnly = ring.slotIds.filter((slotId) => slotKey(slotId) === opener)
  return [
    verifying('REC-23', 'a slot with another time', {
      [others[0]]: editUnderChecksum(recordAt(records, others[0]), (body) => flipped(body, 30)),
    }),
    verifying('LAY-16', 'a slot is gone', { [others[0]]: null }),
    verifying(
      'LAY-16',
      'two slots that the keyring does not list',
      withKeyring(told, { ...ring, slotIds: openerOnly }),
    ),
    verifying('LAY-9', 'no deletion entry', { [due]: null }),
    verifying('LAY-9', 'a second deletion entry', {
      [deletionKey(early, secretId)]: entry(early, secretId, 'leaving'),
    }),
    verifying('LAY-9', 'a deletion entry of a secret that stays', {
      [deletionKey(early, creds.secretId)]: entry(early, creds.secretId, NAME),
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
    verifying('LAY-10', 'a root that counts one more', {
      [ROOT_KEY]: sealRoot(keys, { ...rootOf(told), secretCount: rootOf(told).secretCount + 1 }),
    }),
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
  const root = rootOf(told)
  const earlierRoot = changed({
    [ROOT_KEY]: sealRoot(told.keys, { ...root, epoch: root.epoch - 1 }),
  })
  const get = { secretName: NAME }
  return [
    accept('LAY-12', 'get: a head from before a label moved is believed', 'get', {
      ...moved,
      ...get,
    }),
    accept('LAY-12', 'verify: nor is it found', 'verify', moved),
    accept('LAY-12', 'get: a head from before a version came is believed', 'get', {
      ...older,
      ...get,
    }),
    accept('LAY-12', 'verify: it does not fit the version records', 'verify', older),
    reject(
      'LAY-12',
      'get: a secret without head and name is not found',
      'get',
      {
        ...gone,
        secretName: '__proto__',
      },
      'SECRET_NOT_FOUND',
    ),
    accept('LAY-12', 'verify: its version record and the count tell', 'verify', gone),
    accept('LAY-12', 'open: the root of the commit before is believed', 'open', earlierRoot),
  ]
}
