/** Access records and what pins them: bytes under a MAC that fits, which no vault writes. */
import { describe, expect, it } from 'vitest'
import type { ByteWriter } from '@stagevault/core/bytes'
import { createByteWriter } from '@stagevault/core/bytes'
import { ACCESS_LIST_BYTES_MAX, ACCESS_RECORDS_MAX } from '@stagevault/core/limits'
import type { AccessRecord, UserRecord } from '@stagevault/core/records/access-records'
import { openAccessRecord, sealAccessRecord } from '@stagevault/core/records/access-records'
import {
  openAccessList,
  openAccessRoot,
  sealAccessList,
  sealAccessRoot,
} from '@stagevault/core/records/access-root'
import type { AccessRecordKind } from '@stagevault/core/records/layout'
import { ACCESS_KEY, ACCESS_LIST_KEY, accessRecordKey } from '@stagevault/core/records/layout'
import { expectFailure, failureCode } from '../support/failures.js'
import { TEST_KEYS, someBytes, withMac } from '../support/record-keys.js'

const USER: UserRecord = {
  kind: 'user',
  name: 'ada',
  generation: 3,
  description: 'd',
  isEnabled: true,
  groups: ['dev', 'ops'],
  policies: ['read'],
}
const EVERY_KIND: readonly AccessRecord[] = [
  USER,
  { kind: 'role', name: 'ci', generation: 1, description: '', isEnabled: false, policies: [] },
  { kind: 'group', name: 'dev', generation: 2, description: '', policies: ['read', 'write'] },
  { kind: 'policy', name: 'read', generation: 2, description: 'x', document: '{}' },
]
const names = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `n${String(i).padStart(2, '0')}`)
const open = (kind: AccessRecordKind, record: Uint8Array): AccessRecord =>
  openAccessRecord(TEST_KEYS, kind, 'ada', record)

/** The fields of an access record by the table of records.md; nothing is checked. */
function forged(kind: AccessRecordKind, write: (writer: ByteWriter) => void): Uint8Array {
  const writer = createByteWriter()
  writer.ascii('SVAC')
  writer.u8(1)
  write(writer)
  return withMac(accessRecordKey(kind, 'ada'), writer.take())
}

interface UserFields {
  readonly number?: number
  readonly generation?: number
  readonly description?: string
  readonly enabled?: number
  readonly groups?: readonly string[]
  readonly policies?: readonly string[]
  readonly tail?: readonly number[]
}

function forgedUser(fields: UserFields): Uint8Array {
  return forged('user', (writer) => {
    writer.u8(fields.number ?? 1)
    writer.u64(fields.generation ?? USER.generation)
    writer.longText(fields.description ?? USER.description)
    writer.u8(fields.enabled ?? 1)
    for (const list of [fields.groups ?? USER.groups, fields.policies ?? USER.policies]) {
      writer.u8(list.length)
      for (const name of list) writer.shortText(name)
    }
    writer.bytes(Uint8Array.from(fields.tail ?? []))
  })
}

describe('an access record', () => {
  it('has the fields of records.md, in their order', () => {
    expect(sealAccessRecord(TEST_KEYS, USER)).toEqual(forgedUser({}))
    expect(open('user', forgedUser({}))).toEqual(USER)
  })

  it('may have as many names as the limits allow', () => {
    const full = { ...USER, groups: names(10), policies: names(10) }
    expect(open('user', sealAccessRecord(TEST_KEYS, full))).toEqual(full)
  })

  const faults: readonly (readonly [what: string, fields: UserFields])[] = [
    ['with the number of another kind', { number: 2 }],
    ['with a number of no kind', { number: 0 }],
    ['with a number beyond the kinds', { number: 5 }],
    ['of generation 0', { generation: 0 }],
    ['of a generation of 2^53', { generation: 2 ** 53 }],
    ['with a description of 769 bytes', { description: 'x'.repeat(769) }],
    ['with a flag of 2', { enabled: 2 }],
    ['with a flag of 255', { enabled: 255 }],
    ['with unsorted groups', { groups: ['ops', 'dev'] }],
    ['with a group twice', { groups: ['dev', 'dev'] }],
    ['with 11 groups', { groups: names(11) }],
    ['with a group without a name', { groups: ['', 'dev'] }],
    ['with a group of another character', { groups: ['a!b'] }],
    ['with a slash in the name of a group', { groups: ['a/b'] }],
    ['with a group of 65 characters', { groups: ['g'.repeat(65)] }],
    ['with unsorted policies', { policies: ['write', 'read'] }],
    ['with a policy twice', { policies: ['read', 'read'] }],
    ['with 11 policies', { policies: names(11) }],
    ['with 255 policies', { policies: names(255) }],
    ['with a policy of another character', { policies: ['re+ad'] }],
    ['with a trailing byte', { tail: [0] }],
  ]
  it.each(faults)('%s is not read', (_what, fields) => {
    expectFailure(() => open('user', forgedUser(fields)), 'MALFORMED_RECORD')
  })

  const unwritable: readonly (readonly [what: string, record: AccessRecord])[] = [
    ['of generation 0', { ...USER, generation: 0 }],
    ['without a name', { ...USER, name: '' }],
    ['with a name of another character', { ...USER, name: 'a!b' }],
    ['with a name of 65 characters', { ...USER, name: 'n'.repeat(65) }],
    ['with unsorted groups', { ...USER, groups: ['ops', 'dev'] }],
    ['with a policy twice', { ...USER, policies: ['read', 'read'] }],
    ['with 11 policies', { ...USER, policies: names(11) }],
    ['with a group of another character', { ...USER, groups: ['a b'] }],
  ]
  it.each(unwritable)('%s is not written', (_what, record) => {
    expectFailure(() => sealAccessRecord(TEST_KEYS, record), 'MALFORMED_RECORD')
  })

  it('of a policy has a document of at most 32,768 bytes', () => {
    const record = (length: number): Uint8Array =>
      forged('policy', (writer) => {
        writer.u8(4)
        writer.u64(1)
        writer.longText('')
        writer.longText('x'.repeat(length))
      })
    expect(open('policy', record(32_768))).toMatchObject({ document: 'x'.repeat(32_768) })
    expectFailure(() => open('policy', record(32_769)), 'MALFORMED_RECORD')
  })

  it.each(EVERY_KIND)('of a $kind does not open with any bit flipped', (record) => {
    const sealed = sealAccessRecord(TEST_KEYS, record)
    expectEachFlipRefused(sealed, (bytes) =>
      openAccessRecord(TEST_KEYS, record.kind, record.name, bytes),
    )
  })

  it.each(EVERY_KIND)('of a $kind opens at its own key only, with its own keys', (record) => {
    const sealed = sealAccessRecord(TEST_KEYS, record)
    const { kind, name } = record
    for (const other of EVERY_KIND.filter((each) => each.kind !== kind)) {
      expectFailure(
        () => openAccessRecord(TEST_KEYS, other.kind, name, sealed),
        'DECRYPTION_FAILED',
      )
    }
    expectFailure(() => openAccessRecord(TEST_KEYS, kind, `${name}2`, sealed), 'DECRYPTION_FAILED')
    for (const change of [{ macKey: someBytes(32, 4) }, { vaultId: someBytes(16, 4) }]) {
      expectFailure(
        () => openAccessRecord({ ...TEST_KEYS, ...change }, kind, name, sealed),
        'DECRYPTION_FAILED',
      )
    }
  })
})

function expectEachFlipRefused(
  sealed: Uint8Array,
  openBytes: (bytes: Uint8Array) => unknown,
): void {
  const opened: number[] = []
  for (let bit = 0; bit < 8 * sealed.length; bit++) {
    const changed = new Uint8Array(sealed)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    if (failureCode(() => openBytes(changed)) === null) opened.push(bit)
  }
  expect(opened).toEqual([])
}

describe('the access root', () => {
  const root = { generation: 2, listTag: someBytes(16, 8) }
  const forgedRoot = (generation: number, tagBytes: number): Uint8Array => {
    const writer = createByteWriter()
    writer.ascii('SVAE')
    writer.u8(1)
    writer.u64(generation)
    writer.bytes(someBytes(tagBytes, 8))
    return withMac(ACCESS_KEY, writer.take())
  }

  it('has the fields of records.md, in their order', () => {
    expect(sealAccessRoot(TEST_KEYS, root)).toEqual(forgedRoot(2, 16))
  })

  it('of generation 0 is neither read nor written', () => {
    expectFailure(() => openAccessRoot(TEST_KEYS, forgedRoot(0, 16)), 'MALFORMED_RECORD')
    expectFailure(() => sealAccessRoot(TEST_KEYS, { ...root, generation: 0 }), 'MALFORMED_RECORD')
  })

  it.each([0, 15, 17])('with a tag of %i bytes is not read', (length) => {
    expectFailure(() => openAccessRoot(TEST_KEYS, forgedRoot(2, length)), 'MALFORMED_RECORD')
  })

  it('does not open with any bit flipped', () => {
    expectEachFlipRefused(sealAccessRoot(TEST_KEYS, root), (bytes) =>
      openAccessRoot(TEST_KEYS, bytes),
    )
  })
})

describe('the list of access records', () => {
  const tag = someBytes(16, 9)
  const forgedList = (
    keys: readonly string[],
    count = keys.length,
    tail: readonly number[] = [],
  ): Uint8Array => {
    const writer = createByteWriter()
    writer.ascii('SVAL')
    writer.u8(1)
    writer.u16(count)
    for (const key of keys) {
      writer.shortText(key)
      writer.bytes(tag)
    }
    writer.bytes(Uint8Array.from(tail))
    return withMac(ACCESS_LIST_KEY, writer.take())
  }
  const many = (count: number): string[] =>
    Array.from({ length: count }, (_, i) => accessRecordKey('policy', String(i).padStart(64, '0')))

  it('has the fields of records.md, in the order of the keys', () => {
    const keys = ['access!group!a', 'access!policy!a', 'access!role!a', 'access!user!a']
    const list = new Map([...keys].reverse().map((key) => [key, tag]))
    const sealed = sealAccessList(TEST_KEYS, list)
    expect(sealed).toEqual(forgedList(keys))
    expect([...openAccessList(TEST_KEYS, sealed).keys()]).toEqual(keys)
  })

  it('of as many records as a vault may have fits into a record', () => {
    const keys = many(ACCESS_RECORDS_MAX)
    const sealed = sealAccessList(TEST_KEYS, new Map(keys.map((key) => [key, tag])))
    expect(sealed.length).toBeLessThan(ACCESS_LIST_BYTES_MAX)
    expect(openAccessList(TEST_KEYS, sealed).size).toBe(ACCESS_RECORDS_MAX)
  })

  const foreign = [
    'vault!access',
    'access!list',
    'access!user!',
    'access!robot!a',
    'access!user!a/b',
    'access!user!a!b',
    'secret!a!head',
    'policy!a',
  ]
  const faults: readonly (readonly [what: string, record: Uint8Array])[] = [
    ...foreign.map((key) => [`with the key ${key}`, forgedList([key])] as const),
    ['with unsorted keys', forgedList(['access!user!b', 'access!user!a'])],
    ['with a key twice', forgedList(['access!user!a', 'access!user!a'])],
    ['with a key of 79 characters', forgedList([accessRecordKey('policy', 'n'.repeat(65))])],
    ['with an empty key', forgedList([''])],
    ['of 1,201 records', forgedList(many(ACCESS_RECORDS_MAX + 1))],
    ['that announces a record more', forgedList(['access!user!a'], 2)],
    ['that announces a record less', forgedList(['access!user!a', 'access!user!b'], 1)],
    ['that announces 65,535 records', forgedList([], 0xffff)],
    ['with a trailing byte', forgedList(['access!user!a'], 1, [0])],
  ]
  it.each(faults)('%s is not read', (_what, record) => {
    expectFailure(() => openAccessList(TEST_KEYS, record), 'MALFORMED_RECORD')
  })

  it.each(foreign)('with the key %s is not written', (key) => {
    expectFailure(() => sealAccessList(TEST_KEYS, new Map([[key, tag]])), 'MALFORMED_RECORD')
  })

  it('with a tag of another length, or of 1,201 records, is not written', () => {
    for (const length of [0, 15, 17]) {
      const list = new Map([['access!user!a', someBytes(length)]])
      expectFailure(() => sealAccessList(TEST_KEYS, list), 'MALFORMED_RECORD')
    }
    const list = new Map(many(ACCESS_RECORDS_MAX + 1).map((key) => [key, tag]))
    expectFailure(() => sealAccessList(TEST_KEYS, list), 'MALFORMED_RECORD')
  })

  it('does not open with any bit flipped', () => {
    const list = new Map(['access!group!a', 'access!user!a'].map((key) => [key, tag]))
    expectEachFlipRefused(sealAccessList(TEST_KEYS, list), (bytes) =>
      openAccessList(TEST_KEYS, bytes),
    )
  })
})
