/** The part of `records.json` that is about heads. */

import { headKey } from '@stagevault/core/records/layout'
import { sealHead } from '@stagevault/core/records/head-record'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { Tombstones } from '@stagevault/core/model/tombstones'
import { SECRET_TYPES } from '@stagevault/core/names'
import type { DraftCase } from './draft-case.js'
import { accept, reject } from './draft-case.js'
import { DESTROYED, FULL_HEAD, GROWN_HEAD, SMALL_HEAD, versionRow } from './example-heads.js'
import {
  RECORD_KEYS,
  ROOT_KEY,
  START_TIME,
  VAULT_ID,
  flipped,
  inputOf,
  joined,
  overwritten,
} from './example-vault.js'
import type { ForgedSection, HeadFaults } from './forge-record.js'
import { editUnderMac, forgeHead } from './forge-record.js'
import { namedBytes } from './named-bytes.js'

const NAME = SMALL_HEAD.secretName
const KEY = headKey(NAME)
const UNKNOWN_SECTION = { number: 40, isSkippable: true, bytes: namedBytes('section', 5) }
const GIVEN = { vaultId: VAULT_ID, rootKey: ROOT_KEY, secretName: NAME }

export function headDrafts(): DraftCase[] {
  return [
    ...acceptedHeads(),
    ...placeFaults(),
    ...formFaults(),
    ...sectionFaults(),
    ...ruleFaults(),
  ]
}

/** The library's head, which the forged one must equal: or the faults would prove nothing. */
function sealed(state: SecretState): Uint8Array {
  const record = sealHead(RECORD_KEYS, state)
  const forged = forgeHead(headKey(state.secretName), state)
  if (Buffer.compare(record, forged) !== 0) throw new Error('a forged head differs from a real one')
  return record
}

function acceptedHeads(): DraftCase[] {
  const taken = (what: string, state: SecretState): DraftCase =>
    accept(
      'REC-18',
      `head: ${what}`,
      'open-head',
      inputOf({
        ...GIVEN,
        secretName: state.secretName,
        record: sealed(state),
      }),
    )
  const disabled = versionRow(2, 'v2', { status: 'Disabled' })
  const destroyed = versionRow(2, 'v2', DESTROYED)
  const [, last] = GROWN_HEAD.versions
  const versions = last === undefined ? [] : [last]
  return [
    taken('of a new secret', SMALL_HEAD),
    taken('after an eviction', GROWN_HEAD),
    taken('everything at its longest', FULL_HEAD),
    taken('scheduled for deletion', { ...SMALL_HEAD, plannedDeleteTime: START_TIME + 7 }),
    taken('a disabled version', { ...GROWN_HEAD, versions: [disabled, ...versions] }),
    taken('a destroyed version', { ...GROWN_HEAD, versions: [destroyed, ...versions] }),
    taken('a destroyed version that was evicted', {
      ...GROWN_HEAD,
      tombstones: Tombstones.of([{ versionId: 'v1', valueDigest: DESTROYED.valueDigest }]),
    }),
    taken('a description that begins with a byte order mark', {
      ...SMALL_HEAD,
      description: '\ufeffmark',
    }),
    taken('__proto__', { ...SMALL_HEAD, secretName: '__proto__' }),
    ...SECRET_TYPES.map((secretType) => taken(`type ${secretType}`, { ...SMALL_HEAD, secretType })),
    accept(
      'REC-17',
      'head: an unknown section that readers may skip',
      'open-head',
      inputOf({
        ...GIVEN,
        record: sealed({ ...SMALL_HEAD, sections: [UNKNOWN_SECTION] }),
      }),
    ),
  ]
}

function placeFaults(): DraftCase[] {
  const record = sealed(GROWN_HEAD)
  const refused = (rule: string, what: string, change: object, expect: string): DraftCase =>
    reject(rule, `head: ${what}`, 'open-head', inputOf({ ...GIVEN, record, ...change }), expect)
  const failed = 'DECRYPTION_FAILED'
  return [
    refused('REC-3', 'at another name', { secretName: 'MyDbCred' }, failed),
    refused('REC-3', 'of another vault', { vaultId: flipped(VAULT_ID, 0) }, failed),
    refused('REC-3', 'a flipped bit in the name', { record: flipped(record, 62) }, failed),
    refused('REC-3', 'a flipped bit in a label', { record: flipped(record, -100) }, failed),
    refused('REC-3', 'the first bit of the MAC', { record: flipped(record, -32, 0x80) }, failed),
    refused('REC-3', 'the last bit of the MAC', { record: flipped(record, -1) }, failed),
    refused('REC-3', 'one byte short', { record: record.slice(0, -1) }, failed),
    refused('REC-3', 'without its MAC', { record: record.slice(0, -32) }, failed),
    refused('REC-3', 'one byte long', { record: joined(record, [0]) }, failed),
    refused(
      'REC-1',
      'a name record',
      { record: overwritten(record, 2, [0x4e, 0x4d]) },
      'MALFORMED_RECORD',
    ),
    refused('REC-2', 'format 0', { record: overwritten(record, 4, [0]) }, 'UNSUPPORTED_FORMAT'),
    refused('REC-4', 'empty', { record: new Uint8Array(0) }, 'MALFORMED_RECORD'),
    refused(
      'REC-18',
      'with the name of another',
      {
        record: forgeHead(KEY, { ...GROWN_HEAD, secretName: 'another' }),
      },
      'RECORD_MISMATCH',
    ),
  ]
}

/** The MAC is right from here on: what is left is what only a defective writer would write. */
function forged(
  rule: string,
  what: string,
  change: Partial<SecretState>,
  expect: string,
  faults: HeadFaults = {},
): DraftCase {
  const record = forgeHead(KEY, { ...GROWN_HEAD, ...change }, faults)
  return reject(rule, `head: ${what}`, 'open-head', inputOf({ ...GIVEN, record }), expect)
}

const NO_DIGEST = new Uint8Array(16)

/** Numbers of two digits, so that texts that end in them are in order. */
function numbered<T>(count: number, make: (number: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i + 10))
}

function formFaults(): DraftCase[] {
  const malformed = 'MALFORMED_RECORD'
  const unsupported = 'UNSUPPORTED_FORMAT'
  const cut = editUnderMac(sealed(GROWN_HEAD), KEY, (body) => body.slice(0, -2))
  const long = 'x'.repeat(65)
  return [
    forged('REC-19', 'secret type 6', {}, unsupported, { secretType: 6 }),
    forged('REC-19', 'version status 3', {}, unsupported, { status: 3 }),
    forged('FMT-1', 'a generation of 2^53', { generation: 2 ** 53 }, malformed),
    forged('FMT-2', 'a description of 6,145 bytes', {}, malformed, {
      descriptionBytes: new Uint8Array(6145).fill(0x61),
    }),
    forged(
      'FMT-2',
      'a configuration of 3,073 bytes',
      {
        extendedConfig: 'x'.repeat(3073),
      },
      malformed,
    ),
    forged(
      'FMT-2',
      '21 tags',
      {
        tags: numbered(21, (i) => ({ tagKey: `k${String(i)}`, tagValue: '' })),
      },
      malformed,
    ),
    forged(
      'FMT-2',
      'a tag key of 129 characters',
      {
        tags: [{ tagKey: 'k'.repeat(129), tagValue: '' }],
      },
      malformed,
    ),
    forged(
      'FMT-2',
      'a label of 65 characters',
      {
        stages: [...GROWN_HEAD.stages, { stage: long, number: 3 }],
      },
      malformed,
    ),
    forged(
      'FMT-2',
      '33 tombstones',
      {
        tombstones: Tombstones.of(
          numbered(33, (i) => ({ versionId: `t${String(i)}`, valueDigest: NO_DIGEST })),
        ),
      },
      malformed,
    ),
    forged(
      'FMT-2',
      'a version id of 65 characters',
      {
        versions: [versionRow(2, long), versionRow(3, 'v3')],
      },
      malformed,
    ),
    forged('FMT-3', 'two tombstones announced', {}, malformed, { tombstoneCount: 2 }),
    reject(
      'FMT-3',
      'head: no count of sections',
      'open-head',
      inputOf({ ...GIVEN, record: cut }),
      malformed,
    ),
    forged('FMT-4', 'a byte too many', {}, malformed, { tail: Uint8Array.of(0) }),
    forged(
      'FMT-5',
      'a tag value with a space',
      {
        tags: [{ tagKey: 'env', tagValue: 'a b' }],
      },
      malformed,
    ),
    forged(
      'FMT-5',
      'a tag value beyond ASCII',
      {
        tags: [{ tagKey: 'env', tagValue: '\u00e9' }],
      },
      malformed,
    ),
    forged('FMT-6', 'a description that is not UTF-8', {}, malformed, {
      descriptionBytes: Uint8Array.of(0xff),
    }),
  ]
}

function sectionFaults(): DraftCase[] {
  const section = (number: number, flags: number, byteCount = 0): ForgedSection => ({
    number,
    flags,
    bytes: new Uint8Array(byteCount),
  })
  const refused = (
    rule: string,
    what: string,
    sections: readonly ForgedSection[],
    expect = 'MALFORMED_RECORD',
  ): DraftCase => forged(rule, what, {}, expect, { sections })
  const unsupported = 'UNSUPPORTED_FORMAT'
  return [
    refused('REC-17', 'an unknown section', [section(40, 0)], unsupported),
    refused('REC-17', 'an unknown section with bytes', [section(40, 0, 9)], unsupported),
    refused(
      'REC-17',
      'an unknown section behind one that readers may skip',
      [section(39, 1), section(40, 0)],
      unsupported,
    ),
    refused('REC-24', 'section 0', [section(0, 1)]),
    refused('REC-24', 'a section twice', [section(40, 1), section(40, 1)]),
    refused('REC-24', 'sections out of order', [section(41, 1), section(40, 1)]),
    refused('REC-25', 'a section with flag 2', [section(40, 2)], unsupported),
    refused('REC-25', 'a section with flags 1 and 128', [section(40, 129)], unsupported),
    refused(
      'FMT-2',
      '17 sections',
      numbered(17, (number) => section(number, 1)),
    ),
    refused('FMT-2', 'a section that promises 65,537 bytes', [
      { ...section(40, 1), length: 65_537 },
    ]),
    refused('FMT-2', 'two sections that promise 65,537 bytes together', [
      section(40, 1, 1),
      { ...section(41, 1), length: 65_536 },
    ]),
    refused('FMT-3', 'a section longer than the record', [{ ...section(40, 1, 4), length: 5 }]),
    refused('FMT-4', 'a section shorter than its bytes', [{ ...section(40, 1, 4), length: 3 }]),
    forged('FMT-3', 'a section announced', {}, 'MALFORMED_RECORD', { sectionCount: 1 }),
  ]
}

/** What must hold between the fields: rule REC-20. */
function ruleFaults(): DraftCase[] {
  const broken = (what: string, change: Partial<SecretState>): DraftCase =>
    forged('REC-20', what, change, 'MALFORMED_RECORD')
  const [second = versionRow(2, 'v2'), third = versionRow(3, 'v3')] = GROWN_HEAD.versions
  const stage = (name: string, number: number): { stage: string; number: number } => ({
    stage: name,
    number,
  })
  return [
    broken('generation 0', { generation: 0 }),
    broken('versions out of order', { versions: [third, second] }),
    broken('a number twice', {
      versions: [second, { ...third, number: 2 }],
      stages: [stage('ACSCurrent', 2)],
    }),
    broken('version 0', {
      versions: [{ ...second, number: 0 }, third],
      stages: [stage('ACSCurrent', 3)],
    }),
    broken('a version id twice', { versions: [second, { ...third, versionId: 'v2' }] }),
    broken('the next number is taken', { nextNumber: 3 }),
    broken('an evicted id in use', {
      tombstones: Tombstones.of([{ versionId: 'v2', valueDigest: second.valueDigest }]),
    }),
    broken('an evicted id twice', {
      tombstones: GROWN_HEAD.tombstones.with([...GROWN_HEAD.tombstones]),
    }),
    broken('labels out of order', { stages: [stage('ACSPrevious', 2), stage('ACSCurrent', 3)] }),
    broken('a label twice', { stages: [stage('ACSCurrent', 2), stage('ACSCurrent', 3)] }),
    broken('a label on no version', { stages: [stage('ACSCurrent', 3), stage('ACSPrevious', 1)] }),
    broken('no current version', { stages: [stage('ACSPrevious', 2)] }),
    broken('no label at all', { stages: [] }),
    broken('no version at all', { versions: [], stages: [] }),
    broken('a disabled current version', { versions: [second, { ...third, status: 'Disabled' }] }),
    broken('one version both current and previous', {
      stages: [stage('ACSCurrent', 3), stage('ACSPrevious', 3)],
    }),
    broken('a version without a hash', {
      versions: [second, { ...third, recordHash: new Uint8Array(32) }],
    }),
    broken('a destroyed version with a hash', {
      versions: [{ ...second, ...DESTROYED, recordHash: second.recordHash }, third],
    }),
    broken('a destroyed version with a digest', {
      versions: [{ ...second, ...DESTROYED, valueDigest: second.valueDigest }, third],
    }),
    broken('a version without a digest', {
      versions: [{ ...second, valueDigest: DESTROYED.valueDigest }, third],
    }),
    broken('tags out of order', { tags: [...GROWN_HEAD.tags].reverse() }),
    broken('a tag key twice', {
      tags: [
        { tagKey: 'env', tagValue: 'a' },
        { tagKey: 'env', tagValue: 'b' },
      ],
    }),
  ]
}
