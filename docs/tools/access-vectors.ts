/** The part of `records.json` that is about access records, and about the policies of secrets. */

import { createByteWriter } from '@stagevault/core/bytes'
import type { AccessRecord } from '@stagevault/core/records/access-records'
import { sealAccessRecord } from '@stagevault/core/records/access-records'
import {
  ACCESS_KEY,
  ACCESS_LIST_KEY,
  POLICY_GENERATION_MAX,
  accessRecordKey,
  policyKey,
} from '@stagevault/core/records/layout'
import { sealAccessList, sealAccessRoot } from '@stagevault/core/records/access-root'
import { sealSecretPolicy } from '@stagevault/core/records/secret-policy'
import type { DraftCase } from './draft-case.js'
import { accept, reject } from './draft-case.js'
import {
  ACCESS_RECORDS,
  LONG_ACCESS_NAME,
  SECRET_POLICY_DOCUMENT,
  USER,
  keyOf,
  listOf,
  sealedRecords,
} from './example-access.js'
import {
  RECORD_KEYS,
  ROOT_KEY,
  SECRET_ID,
  VAULT_ID,
  flipped,
  inputOf,
  joined,
  overwritten,
} from './example-vault.js'
import type { Edit } from './forge-record.js'
import { editUnderMac } from './forge-record.js'
import { namedBytes } from './named-bytes.js'

const GIVEN = { vaultId: VAULT_ID, rootKey: ROOT_KEY }
const MALFORMED = 'MALFORMED_RECORD'
const FAILED = 'DECRYPTION_FAILED'
const NUMBER_MAX = 2 ** 53 - 1

export function accessDrafts(): DraftCase[] {
  return [...recordDrafts(), ...rootDrafts(), ...listDrafts(), ...policyDrafts()]
}

/** The cases of one kind of record, which all have the same place unless they say otherwise. */
interface Cases {
  readonly taken: (rule: string, what: string, record: Uint8Array, given?: object) => DraftCase
  readonly refused: (
    rule: string,
    what: string,
    record: Uint8Array,
    expect: string,
    given?: object,
  ) => DraftCase
  /** Of a record with its fields edited, and the MAC that belongs to them. */
  readonly edited: (rule: string, what: string, edit: Edit, expect?: string) => DraftCase
  /** What a MAC is for, and where it ends. */
  readonly frame: () => DraftCase[]
}

function casesOf(
  kind: string,
  operation: string,
  place: string,
  given: object,
  sample: Uint8Array,
): Cases {
  const input = (record: Uint8Array, change: object): DraftCase['input'] =>
    inputOf({ ...GIVEN, ...given, ...change, record })
  const refused: Cases['refused'] = (rule, what, record, expect, change = {}) =>
    reject(rule, `${kind}: ${what}`, operation, input(record, change), expect)
  const edited: Cases['edited'] = (rule, what, edit, expect = MALFORMED) =>
    refused(rule, what, editUnderMac(sample, place, edit), expect)
  return {
    taken: (rule, what, record, change = {}) =>
      accept(rule, `${kind}: ${what}`, operation, input(record, change)),
    refused,
    edited,
    frame: () => [
      edited('REC-1', 'the magic of a head', (body) => overwritten(body, 2, [0x48, 0x44])),
      edited('REC-2', 'format 2', (body) => overwritten(body, 4, [2]), 'UNSUPPORTED_FORMAT'),
      refused('REC-3', 'the first bit of its fields', flipped(sample, 5, 0x80), FAILED),
      refused('REC-3', 'the last bit of the MAC', flipped(sample, -1), FAILED),
      refused('REC-3', 'one byte short', sample.slice(0, -1), FAILED),
      refused('REC-3', 'one byte long', joined(sample, [0]), FAILED),
      refused('REC-3', 'of another vault', sample, FAILED, { vaultId: flipped(VAULT_ID, 0) }),
      refused('REC-3', 'of another root key', sample, FAILED, { rootKey: flipped(ROOT_KEY, 0) }),
      refused('REC-4', 'shorter than a header and a MAC', sample.slice(0, 36), MALFORMED),
      edited('FMT-3', 'its last byte is missing', (body) => body.slice(0, -1)),
      edited('FMT-4', 'a byte too many', (body) => joined(body, [0])),
    ],
  }
}

/** A list of names as it is in a record. */
function nameBytes(names: readonly string[]): Uint8Array {
  const writer = createByteWriter()
  writer.u8(names.length)
  for (const name of names) writer.shortText(name)
  return writer.take()
}

/** Names of two digits, so that they are in order. */
function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `p${String(i + 10)}`)
}

function recordDrafts(): DraftCase[] {
  const place = keyOf(USER)
  const sample = sealAccessRecord(RECORD_KEYS, USER)
  const { taken, refused, edited, frame } = casesOf(
    'access record',
    'open-access-record',
    place,
    { storageKey: place },
    sample,
  )
  const of = (what: string, record: AccessRecord): DraftCase =>
    taken('REC-31', what, sealAccessRecord(RECORD_KEYS, record), { storageKey: keyOf(record) })
  const elsewhere = (what: string, storageKey: string): DraftCase =>
    refused('REC-3', what, sample, FAILED, { storageKey })
  // Behind the header: kind, generation, description with its length, flag.
  const enabledAt = 5 + 1 + 8 + 4 + USER.description.length
  const withNames = (groups: readonly string[], policies: readonly string[]): Edit => {
    return (body) => joined(body.slice(0, enabledAt + 1), nameBytes(groups), nameBytes(policies))
  }
  const withGroups = (rule: string, what: string, ...groups: string[]): DraftCase =>
    edited(rule, what, withNames(groups, USER.policies))
  const longest = numbered(10)
  return [
    ...ACCESS_RECORDS.map((record) => of(`the ${record.kind} ${record.name}`, record)),
    of('with as many groups and policies as possible', {
      ...USER,
      generation: NUMBER_MAX,
      description: '\u20ac'.repeat(256),
      groups: longest,
      policies: longest,
    }),
    of('the longest name', {
      ...USER,
      name: LONG_ACCESS_NAME,
      groups: [LONG_ACCESS_NAME],
      policies: [],
    }),
    of('__proto__', { ...USER, name: '__proto__', groups: [], policies: ['constructor'] }),
    of('a policy without a text', {
      kind: 'policy',
      name: 'empty',
      generation: 1,
      description: '',
      document: '',
    }),
    ...frame(),
    elsewhere('of another name', accessRecordKey('user', 'adb')),
    elsewhere('of another kind', accessRecordKey('role', 'ada')),
    edited('REC-31', 'the number of a role', (body) => overwritten(body, 5, [2])),
    edited('REC-31', 'the number 0', (body) => overwritten(body, 5, [0])),
    edited('REC-31', 'the number 5', (body) => overwritten(body, 5, [5])),
    edited('REC-31', 'a flag of 2', (body) => overwritten(body, enabledAt, [2])),
    edited('REC-29', 'generation 0', (body) => overwritten(body, 6, new Uint8Array(8))),
    edited('FMT-1', 'a generation of 2^53', (body) => overwritten(body, 6, [0, 32])),
    edited('FMT-2', 'a description of 769 bytes', (body) =>
      joined(
        body.slice(0, 14),
        [0, 0, 3, 1],
        new Uint8Array(769).fill(0x64),
        body.slice(enabledAt),
      ),
    ),
    edited('FMT-6', 'a description that is not UTF-8', (body) => overwritten(body, 18, [0xff])),
    edited('FMT-2', '11 groups', withNames(numbered(11), [])),
    edited('FMT-2', '11 policies', withNames([], numbered(11))),
    withGroups('FMT-2', 'a group of 65 characters', 'g'.repeat(65)),
    withGroups('FMT-5', 'a group with a space', 'a b'),
    withGroups('REC-32', 'a group without a name', ''),
    withGroups('REC-32', 'a group with a slash', 'a/b'),
    withGroups('REC-32', 'a group with an exclamation mark', 'a!b'),
    withGroups('REC-32', 'groups out of order', 'b', 'a'),
    withGroups('REC-32', 'a group twice', 'a', 'a'),
    edited('REC-32', 'policies out of order', withNames([], ['b', 'a'])),
    edited('REC-32', 'a policy twice', withNames([], ['a', 'a'])),
    edited('REC-32', 'a policy with a plus', withNames([], ['a+b'])),
  ]
}

function rootDrafts(): DraftCase[] {
  const listTag = namedBytes('access list tag', 16)
  const sample = sealAccessRoot(RECORD_KEYS, { generation: 9, listTag })
  const { taken, edited, frame } = casesOf(
    'access root',
    'open-access-root',
    ACCESS_KEY,
    {},
    sample,
  )
  const greatest = sealAccessRoot(RECORD_KEYS, { generation: NUMBER_MAX, listTag })
  return [
    taken('REC-29', 'after some changes', sample),
    taken('REC-29', 'the greatest generation', greatest),
    ...frame(),
    edited('REC-29', 'generation 0', (body) => overwritten(body, 5, new Uint8Array(8))),
    edited('FMT-1', 'a generation of 2^53', (body) => overwritten(body, 5, [0, 32])),
  ]
}

function listDrafts(): DraftCase[] {
  const records = sealedRecords(RECORD_KEYS, ACCESS_RECORDS)
  const sample = sealAccessList(RECORD_KEYS, listOf(records))
  const { taken, edited, frame } = casesOf(
    'access list',
    'open-access-list',
    ACCESS_LIST_KEY,
    {},
    sample,
  )
  const tag = namedBytes('access record tag', 16)
  const rows =
    (keys: readonly string[], count: number = keys.length): Edit =>
    (body) => {
      const writer = createByteWriter()
      writer.bytes(body.slice(0, 5))
      writer.u16(count)
      for (const key of keys) {
        writer.shortText(key)
        writer.bytes(tag)
      }
      return writer.take()
    }
  const named = (rule: string, what: string, ...keys: string[]): DraftCase =>
    edited(rule, what, rows(keys))
  return [
    taken('REC-30', 'of five records', sample),
    taken('REC-30', 'of none', sealAccessList(RECORD_KEYS, new Map())),
    taken(
      'REC-30',
      'the longest key',
      sealAccessList(RECORD_KEYS, new Map([[accessRecordKey('policy', LONG_ACCESS_NAME), tag]])),
    ),
    ...frame(),
    named('REC-30', 'keys out of order', 'access!user!b', 'access!user!a'),
    named('REC-30', 'a key twice', 'access!user!a', 'access!user!a'),
    named('REC-30', 'its own key', ACCESS_LIST_KEY),
    named('REC-30', 'the key of the access root', ACCESS_KEY),
    named('REC-30', 'the key of a head', 'secret!MyDbCreds!head'),
    named('REC-30', 'a kind that there is not', 'access!robot!a'),
    named('REC-30', 'a key without a name', 'access!user!'),
    named('REC-30', 'a name with a slash', 'access!user!a/b'),
    named('REC-30', 'an empty key', ''),
    named('FMT-2', 'a name of 65 characters', accessRecordKey('policy', 'n'.repeat(65))),
    edited('FMT-2', '1,201 records announced', rows(['access!user!a'], 1201)),
    edited('FMT-3', 'a record more than there is', rows(['access!user!a'], 2)),
    edited('FMT-4', 'a record less than there is', rows(['access!user!a', 'access!user!b'], 1)),
  ]
}

function policyDrafts(): DraftCase[] {
  const given = { secretId: SECRET_ID, generation: 3 }
  const sealed = (document: string, generation = 3): Uint8Array =>
    sealSecretPolicy(RECORD_KEYS, SECRET_ID, generation, document)
  const place = policyKey(SECRET_ID, 3)
  const sample = sealed(SECRET_POLICY_DOCUMENT)
  const { taken, refused, edited, frame } = casesOf(
    'secret policy',
    'open-secret-policy',
    place,
    given,
    sample,
  )
  return [
    taken('REC-3', 'a document', sample),
    taken('REC-3', 'a document with characters beyond ASCII', sealed('{"Sid":"\u20ac"}')),
    taken('REC-3', 'the greatest generation', sealed('{}', POLICY_GENERATION_MAX), {
      generation: POLICY_GENERATION_MAX,
    }),
    ...frame(),
    refused('REC-3', 'of another generation', sample, FAILED, { generation: 2 }),
    refused('REC-3', 'of another secret', sample, FAILED, { secretId: flipped(SECRET_ID, 0) }),
    edited('FMT-2', 'a document of 32,769 bytes announced', (body) =>
      overwritten(body, 5, [0, 0, 0x80, 1]),
    ),
    edited('FMT-6', 'a document that is not UTF-8', (body) => overwritten(body, 9, [0xff])),
  ]
}
