/** The tables and examples of docs/format say what the library does. */
import { describe, expect, it } from 'vitest'
import {
  ACCESS_DESCRIPTION_CHARS_MAX,
  ACCESS_NAME_CHARS_MAX,
  ACCESS_RECORDS_MAX,
  ATTACHED_POLICIES_MAX,
  DELETION_LOOK_MS_MIN,
  DESCRIPTION_CHARS_MAX,
  EXTENDED_CONFIG_CHARS_MAX,
  KEYS_MAX,
  KEY_VERSIONS_MAX,
  LIMIT_RANGES,
  POLICY_BYTES_MAX,
  SCRYPT_LOG_N_MAX,
  SCRYPT_LOG_N_MIN,
  SCRYPT_N_SUM_MAX,
  SECRET_NAME_CHARS_MAX,
  SLOTS_MAX,
  STAGE_LABEL_CHARS_MAX,
  TAGS_MAX,
  TAG_CHARS_MAX,
  TOMBSTONES_MAX,
  USER_GROUPS_MAX,
  VERSION_ID_CHARS_MAX,
} from '@stagevault/core/limits'
import { STORED_VALUE_BYTES_MAX } from '@stagevault/core/limits'
import { CONTENT_TYPES } from '@stagevault/core/model/value'
import { SECRET_TYPES } from '@stagevault/core/names'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import { parseVersion } from '@stagevault/core/records/envelope'
import { SCRYPT_P, SCRYPT_R, parseSlot } from '@stagevault/core/records/unlock-slot'
import { FORMAT_VERSION, RECORD_KINDS } from '@stagevault/core/records/record-frame'
import { textOf } from '../../tools/case-input.js'
import type { JsonObject } from '../../tools/vector-file.js'
import {
  PLAIN_FILES,
  VAULT_FILES,
  caseNamed,
  readFormatFile,
  readVectors,
} from '../support/format-files.js'
import { readTables, tableUnder } from '../support/markdown-tables.js'
import { walkRecord, type FieldValues } from '../support/walk-record.js'

const readme = readFormatFile('README.md')
const envelope = readFormatFile('envelope.md')
const records = readFormatFile('records.md')
const layoutDocument = readFormatFile('storage-layout.md')

/** Headings of the tables in records.md, by kind of record. */
const HEADINGS = {
  descriptor: 'Descriptor',
  slot: 'Unlock slot',
  keyring: 'Keyring',
  root: 'Root',
  head: 'Head',
  name: 'Name record',
  due: 'Deletion entry',
  version: 'Version record',
  accessRoot: 'Access root',
  accessList: 'Access list',
  accessRecord: 'Access record',
  secretPolicy: 'Secret policy',
} as const
type Kind = keyof typeof HEADINGS
const KINDS = Object.keys(HEADINGS) as Kind[]

/** `accessRoot` is the kind "access root". */
function inWords(kind: string): string {
  return kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function fieldsOf(kind: Kind): ReturnType<typeof tableUnder> {
  return tableUnder(records, HEADINGS[kind], 'field')
}

function bytesOf(hex: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(String(hex), 'hex'))
}

describe('records.md', () => {
  it('gives every kind its magic and the format its number', () => {
    const { rows } = tableUnder(records, 'Frame', 'kind')
    const magics = rows.map((row) => [row['kind'], row['magic']])
    const named = Object.entries(RECORD_KINDS).map(([kind, { magic }]) => [inWords(kind), magic])
    expect(magics).toEqual(named)
    for (const kind of KINDS) {
      const [magic, format] = fieldsOf(kind).rows
      expect(magic?.['content']).toBe(RECORD_KINDS[kind].magic)
      expect(format?.['content']).toBe(String(FORMAT_VERSION))
    }
  })

  /** Accepted records of each kind, with what the library found in them. */
  const accepted = (['records.json', 'envelope.json'] as const).flatMap((file) =>
    readVectors(file).cases.flatMap(({ name, operation, input, output, expect: code }) => {
      const kind = operation.startsWith('open-')
        ? KINDS.find((each) => inWords(each) === operation.slice(5).replaceAll('-', ' '))
        : undefined
      return kind === undefined || code !== 'ok'
        ? []
        : [{ name, kind, input, output: output ?? {} }]
    }),
  )

  it.each(KINDS)('has a table of the %s by which every accepted one reads to its end', (kind) => {
    const ours = accepted.filter((each) => each.kind === kind)
    expect(ours.length).toBeGreaterThan(1)
    for (const { name, input, output } of ours) {
      const found = walkRecord(fieldsOf(kind), bytesOf(input['record']))
      expect(meant(kind, found), name).toMatchObject(shared(kind, input, output))
    }
  })

  it('numbers types, states and contents as the library does', () => {
    expect(namesIn('Head', 'secretType')).toEqual([...SECRET_TYPES])
    expect(namesIn('Head', 'status')).toEqual(['Enabled', 'Disabled', 'Destroyed'])
    expect(namesIn('Version record', 'contentType')).toEqual([...CONTENT_TYPES])
  })

  it('has the bounds of the library', () => {
    const bound = (kind: Kind, field: string): string =>
      fieldsOf(kind).rows.find((row) => row['field'] === field)?.['type'] ?? ''
    const short = (most: number): string => `short[${most}]`
    expect(bound('head', 'secretName')).toBe(short(SECRET_NAME_CHARS_MAX))
    expect(bound('due', 'secretName')).toBe(short(SECRET_NAME_CHARS_MAX))
    expect(bound('head', 'tags[].tagKey')).toBe(short(TAG_CHARS_MAX))
    expect(bound('head', 'tags[].tagValue')).toBe(short(TAG_CHARS_MAX))
    expect(bound('head', 'stages[].stage')).toBe(short(STAGE_LABEL_CHARS_MAX))
    expect(bound('head', 'versions[].versionId')).toBe(short(VERSION_ID_CHARS_MAX))
    expect(bound('version', 'versionId')).toBe(short(VERSION_ID_CHARS_MAX))
    expect(bound('head', 'description')).toBe(`long[${3 * DESCRIPTION_CHARS_MAX}]`)
    expect(bound('head', 'extendedConfig')).toBe(`long[${3 * EXTENDED_CONFIG_CHARS_MAX}]`)
    expect(bound('accessList', 'records[].key')).toBe(
      short('access!policy!'.length + ACCESS_NAME_CHARS_MAX),
    )
    expect(bound('accessRecord', 'description')).toBe(`long[${3 * ACCESS_DESCRIPTION_CHARS_MAX}]`)
    expect(bound('accessRecord', 'groups[]')).toBe(short(ACCESS_NAME_CHARS_MAX))
    expect(bound('accessRecord', 'policies[]')).toBe(short(ACCESS_NAME_CHARS_MAX))
    expect(bound('accessRecord', 'document')).toBe(`long[${POLICY_BYTES_MAX}]`)
    expect(bound('secretPolicy', 'document')).toBe(`long[${POLICY_BYTES_MAX}]`)
  })

  it('has the counts and costs of the library', () => {
    const content = (kind: Kind, field: string): string =>
      fieldsOf(kind).rows.find((row) => row['field'] === field)?.['content'] ?? ''
    expect(content('head', 'tagCount')).toBe(`at most ${TAGS_MAX}`)
    expect(content('head', 'tombstoneCount')).toBe(`at most ${TOMBSTONES_MAX}`)
    expect(content('keyring', 'keyCount')).toBe(`at most ${KEYS_MAX}`)
    expect(content('keyring', 'keys[].versionCount')).toBe(`at most ${KEY_VERSIONS_MAX}`)
    expect(content('version', 'boxLength')).toBe(`at most ${STORED_VALUE_BYTES_MAX + 16}`)
    expect(content('accessList', 'recordCount')).toBe(`at most ${ACCESS_RECORDS_MAX}`)
    expect(content('accessRecord', 'groupCount')).toBe(`kind 1 only: at most ${USER_GROUPS_MAX}`)
    expect(content('accessRecord', 'policyCount')).toBe(
      `kinds 1 to 3 only: at most ${ATTACHED_POLICIES_MAX}`,
    )
    const range = `${SCRYPT_LOG_N_MIN} to ${SCRYPT_LOG_N_MAX}`
    expect(content('slot', 'logN')).toBe(`kind 2 only: ${range}`)
    expect(content('slot', 'r')).toBe(`kind 2 only: ${SCRYPT_R}`)
    expect(content('slot', 'p')).toBe(`kind 2 only: ${SCRYPT_P}`)
    expect(records).toContain(`A vault has 1 to ${SLOTS_MAX} of them`)
    for (const [name, [min, max]] of Object.entries(LIMIT_RANGES)) {
      const range =
        name === 'secretsMax' ? 'secrets in the vault; 0: no quota' : `${min} to ${max}: `
      expect(content('root', name)).toContain(range)
    }
    expect(layoutDocument).toContain(`at most 2^${Math.log2(SCRYPT_N_SUM_MAX)}`)
    expect(layoutDocument).toContain(`at least ${DELETION_LOOK_MS_MIN / 1000} seconds old`)
  })

  it('bounds the box of a version where the library does', () => {
    const most = STORED_VALUE_BYTES_MAX + 16
    const record = Buffer.from(
      bytesOf(caseNamed('envelope.json', 'suite 1: opening the worked example').input['record']),
    )
    const { boxLength } = walkRecord(fieldsOf('version'), record)
    const boxAt = record.length - Number(boxLength)
    const withBox = (length: number): Uint8Array => {
      const grown = Buffer.alloc(boxAt + length)
      record.copy(grown, 0, 0, boxAt)
      grown.writeUInt32BE(length, boxAt - 4)
      return grown
    }
    expect(parseVersion(withBox(most)).box).toHaveLength(most)
    expect(() => parseVersion(withBox(most + 1))).toThrow(
      expect.objectContaining({ code: 'MALFORMED_RECORD' }) as Error,
    )
  })

  it('has the sizes of slots and version records', () => {
    const size = (name: string): number =>
      textOf(caseNamed('records.json', name).input, 'record').length / 2
    const sizes = `A slot of kind 1 has ${size('slot: a raw key')} bytes, one of kind 2 has ${size('slot: a passphrase')}`
    expect(records).toContain(sizes)
    expect(records).toContain(`A root without sections has ${size('root: of a new vault')} bytes`)
    const { input, output } = caseNamed('envelope.json', 'suite 1: sealing the worked example')
    const own = textOf(output ?? {}, 'record').length - textOf(input, 'value').length
    const extra = own / 2 - textOf(input, 'versionId').length
    expect(records).toContain(`It has ${extra} bytes more than its version id and its value`)
  })
})

function namesIn(heading: string, column: string): string[] {
  const { rows } = tableUnder(records, heading, column)
  expect(rows.map((row) => row['number'])).toEqual(rows.map((_row, i) => String(i)))
  return rows.map((row) => row[column] ?? '')
}

/** What the fields of a record mean, by the tables and remarks of the document. */
function meant(kind: Kind, found: FieldValues): FieldValues {
  if (kind !== 'head') return found
  const versions = found['versions'] as FieldValues[]
  return {
    ...found,
    secretType: namesIn('Head', 'secretType')[Number(found['secretType'])] ?? '',
    versions: versions.map((version) => ({
      ...version,
      status: namesIn('Head', 'status')[Number(version['status'])] ?? '',
    })),
  }
}

/** Of what the library gave, what stands in the record as such. */
function shared(kind: Kind, input: JsonObject, output: JsonObject): object {
  const { value, rootKey, kind: slotKind, ...plain } = output
  const record = bytesOf(input['record'])
  switch (kind) {
    case 'head':
      return { ...plain, plannedDeleteTime: output['plannedDeleteTime'] ?? 0 }
    case 'slot':
      expect(rootKey).toMatch(/^[0-9a-f]{64}$/)
      return {
        ...plain,
        kind: ['raw-key', 'passphrase', 'provider'].findIndex((each) => each === slotKind) + 1,
        ...inHex(parseSlot(noblePrimitives, textOf(input, 'storageKey'), record)),
      }
    case 'version':
      expect(value).toMatch(/^([0-9a-f]{2})+$/)
      return { ...plain, ...inHex(parseVersion(record)) }
    default:
      return plain
  }
}

/** The fields of numbers, texts and bytes; these in hexadecimal. */
function inHex(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]: [string, unknown]) => {
      if (value instanceof Uint8Array) return [[name, Buffer.from(value).toString('hex')]]
      return typeof value === 'object' ? [] : [[name, value]]
    }),
  )
}

describe('envelope.md', () => {
  const purposes = tableUnder(envelope, 'Contexts', 'purpose').rows
  const fields = tableUnder(envelope, 'Contexts', 'tag').rows
  const contexts = readVectors('contexts.json').cases

  it('lists every purpose and field, with the numbers and widths that contexts have', () => {
    const seen = new Set<string>()
    for (const { name, input, output } of contexts) {
      const row = purposes.find((each) => each['purpose'] === input['purpose'])
      const found = readContext(bytesOf(output?.['context']))
      expect(String(found.purpose), name).toBe(row?.['number'])
      const named = found.fields.map(([tag, bytes]) => {
        const field = fields.find((each) => each['tag'] === String(tag))
        const [least, most = least] = field?.['bytes']?.split(/ to | or /).map(Number) ?? []
        expect(bytes, name).toBeGreaterThanOrEqual(least ?? Infinity)
        expect(bytes, name).toBeLessThanOrEqual(most ?? 0)
        seen.add(field?.['field'] ?? '')
        return field?.['field']
      })
      expect(named.join(', '), name).toBe(row?.['fields, in order'])
    }
    expect(new Set(contexts.map(({ input }) => input['purpose'])).size).toBe(purposes.length)
    expect(seen.size).toBe(fields.length)
  })
})

/** By the grammar of envelope.md. */
function readContext(context: Uint8Array): {
  purpose: number
  fields: (readonly [tag: number, bytes: number])[]
} {
  const source = Buffer.from(context)
  expect(source.subarray(0, 5).toString('latin1')).toBe('slv1\0')
  const fields: (readonly [number, number])[] = []
  let position = 6
  while (position < source.length) {
    const length = source.readUInt32BE(position + 1)
    fields.push([source.readUInt8(position), length])
    position += 5 + length
  }
  expect(position).toBe(source.length)
  return { purpose: source.readUInt8(5), fields }
}

describe('examples', () => {
  const EXAMPLE = /<!-- vector: (.+?) \| (.+?) \| (.+?) -->\n```hex\n([^`]*)```/g

  it.each([
    ['envelope.md', 5],
    ['records.md', 8],
  ])('of %s are taken from the vectors', (path, count) => {
    const document = readFormatFile(path)
    const examples = [...document.matchAll(EXAMPLE)]
    expect(examples.length).toBe(count)
    expect(document.split('```hex').length - 1).toBe(count)
    for (const [, file = '', name = '', where = '', text = ''] of examples) {
      let found: unknown = caseNamed(file, name)
      for (const step of where.split('.')) found = (found as Record<string, unknown>)[step]
      // What stands behind two spaces is a remark.
      expect(text.replaceAll(/ {2}.*$/gm, '').replaceAll(/\s/g, ''), `${name} ${where}`).toBe(found)
    }
  })
})

describe('README.md', () => {
  it('lists every kind of failure, and each is met by a case', () => {
    const failures = readTables(readme).flatMap(({ rows }) => rows.map((row) => row['name'] ?? ''))
    const listed = failures.filter((name) => name !== '').sort()
    expect(listed).toEqual([
      'DECRYPTION_FAILED',
      'KEY_NOT_FOUND',
      'MALFORMED_RECORD',
      'RECORD_MISMATCH',
      'RECORD_MISSING',
      'ROLLBACK_DETECTED',
      'UNLOCK_FAILED',
      'UNSUPPORTED_FORMAT',
      'VAULT_MISSING',
    ])
    const used = (files: readonly string[]): string[] => [
      ...new Set(files.flatMap((file) => readVectors(file).cases.map((each) => each.expect))),
    ]
    expect(used(PLAIN_FILES).filter((code) => code !== 'ok' && !listed.includes(code))).toEqual([])
    const all = used([...PLAIN_FILES, ...VAULT_FILES])
    expect(listed.filter((code) => !all.includes(code))).toEqual([])
  })

  it('tells roughly how many cases there are', () => {
    const count = [...PLAIN_FILES, ...VAULT_FILES].flatMap((name) => readVectors(name).cases).length
    expect(readme).toContain(`some ${Math.round(count / 10) * 10} cases`)
  })
})
