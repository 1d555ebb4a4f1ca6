/** `records.json`: the records of the vault itself, and the small records of each secret. */

import { sealDeletionEntry } from '@stagevault/core/records/deletion-entry'
import { DESCRIPTOR_KEY, deletionKey, nameKey } from '@stagevault/core/records/layout'
import { sealName } from '@stagevault/core/records/name-record'
import { sealDescriptor } from '@stagevault/core/records/vault-descriptor'
import { accessDrafts } from './access-vectors.js'
import type { DraftCase } from './draft-case.js'
import { accept, reject } from './draft-case.js'
import {
  LONG_NAME,
  RECORD_KEYS,
  ROOT_KEY as ROOT,
  SECRET_ID,
  START_TIME,
  VAULT_ID,
  flipped,
  inputOf,
  joined,
  overwritten,
} from './example-vault.js'
import { editUnderBoth, editUnderChecksum, editUnderMac } from './forge-record.js'
import type { Edit } from './forge-record.js'
import { headDrafts } from './head-vectors.js'
import { keyringDrafts } from './keyring-vectors.js'
import { policySectionDrafts } from './policy-section-vectors.js'
import { rootDrafts } from './root-vectors.js'
import { slotDrafts } from './slot-vectors.js'

export const ABOUT =
  'Records other than versions, and faults of one field each (docs/format/records.md).'

export function recordDrafts(): DraftCase[] {
  return [
    ...descriptorDrafts(),
    ...slotDrafts(),
    ...keyringDrafts(),
    ...rootDrafts(),
    ...headDrafts(),
    ...policySectionDrafts(),
    ...nameDrafts(),
    ...dueDrafts(),
    ...accessDrafts(),
  ]
}

const DESCRIPTOR = {
  vaultId: VAULT_ID,
  createTime: START_TIME,
  suite: 1,
  region: 'local',
  accountId: 'test-account',
} as const

function descriptorDrafts(): DraftCase[] {
  const record = sealDescriptor(RECORD_KEYS, DESCRIPTOR)
  const given = { vaultId: VAULT_ID, rootKey: ROOT }
  const taken = (what: string, change: object): DraftCase =>
    accept(
      'REC-6',
      `descriptor: ${what}`,
      'open-descriptor',
      inputOf({
        ...given,
        record: sealDescriptor(RECORD_KEYS, { ...DESCRIPTOR, ...change }),
      }),
    )
  const refused = (rule: string, what: string, bytes: Uint8Array, expect: string): DraftCase => {
    const input = inputOf({ ...given, record: bytes })
    return reject(rule, `descriptor: ${what}`, 'open-descriptor', input, expect)
  }
  const edited = (rule: string, what: string, edit: Edit, expect: string): DraftCase =>
    refused(rule, what, editUnderBoth(record, DESCRIPTOR_KEY, edit), expect)
  const checked = (rule: string, what: string, edit: Edit, expect: string): DraftCase =>
    refused(rule, what, editUnderChecksum(record, edit), expect)
  const malformed = 'MALFORMED_RECORD'
  return [
    taken('the defaults', {}),
    taken('the other suite', { suite: 2 }),
    taken('the longest scope', { region: 'r'.repeat(64), accountId: 'A-_9'.repeat(16) }),
    refused('REC-5', 'the last bit of the checksum', flipped(record, -1), malformed),
    refused('REC-5', 'a flipped bit in the vault id', flipped(record, 10), malformed),
    refused('REC-5', 'one byte short', record.slice(0, -1), malformed),
    refused('REC-5', 'empty', new Uint8Array(0), malformed),
    refused('REC-5', 'seven bytes', record.slice(0, 7), malformed),
    edited(
      'REC-1',
      'the magic of the root',
      (body) => overwritten(body, 2, [0x52, 0x54]),
      malformed,
    ),
    edited('REC-2', 'format 2', (body) => overwritten(body, 4, [2]), 'UNSUPPORTED_FORMAT'),
    edited(
      'REC-6',
      'a floor above this format',
      (body) => overwritten(body, 5, [2]),
      'UNSUPPORTED_FORMAT',
    ),
    edited('REC-6', 'a floor of 0', (body) => overwritten(body, 5, [0]), 'UNSUPPORTED_FORMAT'),
    edited('REC-6', 'suite 3', (body) => overwritten(body, 6, [0, 3]), 'UNSUPPORTED_FORMAT'),
    edited(
      'REC-7',
      'an empty region',
      (body) => joined(body.slice(0, 32), [0], body.slice(38)),
      malformed,
    ),
    edited('REC-7', 'a region with a colon', (body) => overwritten(body, 33, [0x3a]), malformed),
    edited('FMT-4', 'a byte too many', (body) => joined(body, [0]), malformed),
    edited(
      'FMT-2',
      'a region of 65 characters',
      (body) => joined(body.slice(0, 32), [65], new Uint8Array(65).fill(0x72), body.slice(38)),
      malformed,
    ),
    checked(
      'REC-8',
      'another vault id, with the right checksum',
      (body) => flipped(body, 8),
      'DECRYPTION_FAILED',
    ),
    checked(
      'REC-8',
      'another suite, with the right checksum',
      (body) => overwritten(body, 6, [0, 2]),
      'DECRYPTION_FAILED',
    ),
    checked(
      'REC-8',
      'another time, with the right checksum',
      (body) => flipped(body, 31),
      'DECRYPTION_FAILED',
    ),
    checked(
      'REC-8',
      'another MAC, with the right checksum',
      (body) => flipped(body, -1),
      'DECRYPTION_FAILED',
    ),
  ]
}

function nameDrafts(): DraftCase[] {
  const given = { vaultId: VAULT_ID, rootKey: ROOT, secretName: 'MyDbCreds' }
  const record = sealName(RECORD_KEYS, 'MyDbCreds', SECRET_ID)
  const edited = (rule: string, what: string, edit: Edit, expect: string): DraftCase => {
    const bytes = editUnderMac(record, nameKey('MyDbCreds'), edit)
    return reject(rule, `name: ${what}`, 'open-name', inputOf({ ...given, record: bytes }), expect)
  }
  return [
    accept('REC-21', 'name: a name', 'open-name', inputOf({ ...given, record })),
    accept(
      'REC-21',
      'name: the longest name',
      'open-name',
      inputOf({
        ...given,
        secretName: LONG_NAME,
        record: sealName(RECORD_KEYS, LONG_NAME, SECRET_ID),
      }),
    ),
    reject(
      'REC-3',
      'name: at another name',
      'open-name',
      inputOf({ ...given, secretName: 'mydbcreds', record }),
      'DECRYPTION_FAILED',
    ),
    reject(
      'REC-3',
      'name: a flipped bit in the id',
      'open-name',
      inputOf({ ...given, record: flipped(record, 5) }),
      'DECRYPTION_FAILED',
    ),
    edited('FMT-3', 'an id of 15 bytes', (body) => body.slice(0, -1), 'MALFORMED_RECORD'),
    edited('FMT-4', 'an id of 17 bytes', (body) => joined(body, [0]), 'MALFORMED_RECORD'),
  ]
}

function dueDrafts(): DraftCase[] {
  const time = START_TIME + 30 * 86_400_000
  const storageKey = deletionKey(time, SECRET_ID)
  const seal = (secretName: string, lookTime: number): Uint8Array =>
    sealDeletionEntry(RECORD_KEYS, time, SECRET_ID, { secretName, lookTime })
  const record = seal('MyDbCreds', 0)
  const given = { vaultId: VAULT_ID, rootKey: ROOT, storageKey }
  const taken = (what: string, bytes: Uint8Array): DraftCase =>
    accept('REC-22', `due: ${what}`, 'open-due', inputOf({ ...given, record: bytes }))
  const edited = (rule: string, what: string, edit: Edit): DraftCase => {
    const bytes = editUnderMac(record, storageKey, edit)
    const input = inputOf({ ...given, record: bytes })
    return reject(rule, `due: ${what}`, 'open-due', input, 'MALFORMED_RECORD')
  }
  return [
    taken('a deletion in 30 days', record),
    taken('found due once', seal('MyDbCreds', time + 5)),
    taken('the longest name and the latest look', seal(LONG_NAME, 2 ** 53 - 1)),
    reject(
      'REC-3',
      'due: at another time',
      'open-due',
      inputOf({ ...given, storageKey: deletionKey(time + 1, SECRET_ID), record }),
      'DECRYPTION_FAILED',
    ),
    reject(
      'REC-3',
      'due: of another secret',
      'open-due',
      inputOf({ ...given, storageKey: deletionKey(time, flipped(SECRET_ID, 0)), record }),
      'DECRYPTION_FAILED',
    ),
    reject(
      'REC-3',
      'due: a flipped bit in the look',
      'open-due',
      inputOf({ ...given, record: flipped(record, -33) }),
      'DECRYPTION_FAILED',
    ),
    edited('FMT-1', 'a look at 2^53', (body) => overwritten(body, -8, [0, 32])),
    edited('FMT-2', 'a name of 193 characters', (body) =>
      joined(body.slice(0, 5), [193], new Uint8Array(193).fill(0x6e), body.slice(-8)),
    ),
    edited('FMT-3', 'a name longer than the record', (body) => overwritten(body, 5, [18])),
    edited('FMT-3', 'no look', (body) => body.slice(0, -8)),
    edited('FMT-4', 'a byte too many', (body) => joined(body, [0])),
    edited('FMT-5', 'a name with a control character', (body) => overwritten(body, 6, [7])),
  ]
}
