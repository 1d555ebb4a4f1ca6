import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createByteReader, createByteWriter } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import {
  DESCRIPTION_CHARS_MAX,
  EXTENDED_CONFIG_CHARS_MAX,
  LIMIT_RANGES,
  SECRET_NAME_CHARS_MAX,
  SECTIONS_BYTES_MAX,
  SECTIONS_MAX,
  TAGS_MAX,
  TAG_CHARS_MAX,
  TOMBSTONES_MAX,
  VERSION_ID_CHARS_MAX,
} from '@stagevault/core/limits'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { Tombstones } from '@stagevault/core/model/tombstones'
import { openHead, requireRewritableHead, sealHead } from '@stagevault/core/records/head-record'
import type { RecordSection } from '@stagevault/core/records/sections'
import {
  lengthOfSections,
  readSections,
  requireReadable,
  requireRewritable,
  writeSections,
} from '@stagevault/core/records/sections'
import { secretStates } from '../property/arbitrary-state.js'
import { expectFailure, failureCode } from '../support/failures.js'
import { TEST_KEYS, someBytes } from '../support/record-keys.js'

const section = (number: number, isSkippable = true, byteCount = 3): RecordSection => ({
  number,
  isSkippable,
  bytes: someBytes(byteCount, number),
})
const numbered = (count: number, byteCount = 0): RecordSection[] =>
  Array.from({ length: count }, (_, i) => section(i + 1, true, byteCount))

function written(sections: readonly RecordSection[]): Uint8Array {
  const writer = createByteWriter()
  writeSections(writer, sections)
  return writer.take()
}

function read(record: Uint8Array): RecordSection[] {
  const reader = createByteReader('a record', record)
  const sections = readSections(reader, 'a record')
  reader.end()
  return sections
}

/** Count, then number, flags and length of each section, as records.md has them. */
function raw(...fields: (readonly [number: number, flags: number, length: number])[]): Uint8Array {
  const writer = createByteWriter()
  writer.u16(fields.length)
  for (const [number, flags, length] of fields) {
    writer.u16(number)
    writer.u8(flags)
    writer.u32(length)
    writer.bytes(new Uint8Array(Math.min(length, 100_000)))
  }
  return writer.take()
}

describe('sections', () => {
  it('are read as they were written, up to their bounds', () => {
    const cases = [
      [],
      [section(1)],
      [section(1, false, 0), section(0xffff, true, 500)],
      numbered(SECTIONS_MAX, SECTIONS_BYTES_MAX / SECTIONS_MAX),
      [section(7, true, SECTIONS_BYTES_MAX), section(8, true, 0)],
    ]
    for (const sections of cases) {
      const record = written(sections)
      expect(record).toHaveLength(2 + lengthOfSections(sections))
      expect(read(record)).toEqual(sections)
    }
  })

  it('are number, flags, length and bytes', () => {
    const bytes = Uint8Array.of(0xaa, 0xbb)
    const sections = [
      { number: 2, isSkippable: false, bytes },
      { number: 0x1234, isSkippable: true, bytes },
    ]
    expect([...written(sections)]).toEqual([
      0, 2, 0, 2, 0, 0, 0, 0, 2, 0xaa, 0xbb, 0x12, 0x34, 1, 0, 0, 0, 2, 0xaa, 0xbb,
    ])
  })

  it.each([
    ['out of order', [section(2), section(1)]],
    ['twice', [section(2), section(2)]],
    ['without a number', [section(0)]],
    ['with a number beyond 16 bits', [section(0x1_0000)]],
    ['one too many', numbered(SECTIONS_MAX + 1)],
    ['one byte too many', [section(1, true, SECTIONS_BYTES_MAX), section(2, true, 1)]],
  ])('are not written %s', (_what, sections) => {
    expectFailure(() => written(sections), 'MALFORMED_RECORD')
  })

  const unreadable: readonly (readonly [what: string, record: Uint8Array, code: string])[] = [
    ['out of order', raw([2, 1, 0], [1, 1, 0]), 'MALFORMED_RECORD'],
    ['twice', raw([2, 1, 0], [2, 1, 0]), 'MALFORMED_RECORD'],
    ['without a number', raw([0, 1, 0]), 'MALFORMED_RECORD'],
    [
      'one too many',
      raw(...numbered(17).map(({ number }) => [number, 1, 0] as const)),
      'MALFORMED_RECORD',
    ],
    ['one byte too many', raw([1, 1, SECTIONS_BYTES_MAX], [2, 1, 1]), 'MALFORMED_RECORD'],
    ['with a length that promises too much', raw([1, 1, 0xffff_ffff]), 'MALFORMED_RECORD'],
    ...[2, 3, 4, 128, 129, 255].map(
      (flags) =>
        [`with the flags ${String(flags)}`, raw([1, flags, 0]), 'UNSUPPORTED_FORMAT'] as const,
    ),
  ]
  it.each(unreadable)('are not read %s', (_what, record, code) => {
    expectFailure(() => read(record), code)
  })

  it('are not read from a record that is cut short', () => {
    const record = written([section(1), section(2)])
    for (let length = 0; length < record.length; length++) {
      expectFailure(() => read(record.slice(0, length)), 'MALFORMED_RECORD')
    }
  })
})

describe('a section that is not known', () => {
  const sections = [section(1, false), section(2), section(40)]

  it('stops readers unless it is skippable', () => {
    const check = (known: number[]): unknown =>
      failureCode(() => {
        requireReadable('it', sections, known)
      })
    expect([check([]), check([2, 40]), check([1]), check([1, 2, 40])]).toEqual([
      'UNSUPPORTED_FORMAT',
      'UNSUPPORTED_FORMAT',
      null,
      null,
    ])
  })

  it('stops writers, skippable or not', () => {
    const check = (known: number[]): unknown =>
      failureCode(() => {
        requireRewritable('it', sections, known)
      })
    expect([check([]), check([1]), check([1, 2]), check([1, 2, 40])]).toEqual([
      'UNSUPPORTED_FORMAT',
      'UNSUPPORTED_FORMAT',
      'UNSUPPORTED_FORMAT',
      null,
    ])
  })
})

describe('the sections of a head', () => {
  const [state] = fc.sample(secretStates(), { numRuns: 1, seed: 5 }) as [SecretState]
  const withSections = (...list: RecordSection[]): SecretState => ({ ...state, sections: list })
  const reopened = (given: SecretState): SecretState =>
    openHead(TEST_KEYS, given.secretName, sealHead(TEST_KEYS, given))

  it('are kept where readers may skip them', () => {
    const given = withSections(section(4), section(40))
    expect(reopened(given)).toEqual(given)
  })

  it('leave room for everything else that a head can hold', () => {
    const text =
      (length: number) =>
      (i: number): string =>
        String(i).padStart(length, '0')
    const upTo = <T>(count: number, make: (i: number) => T): T[] =>
      Array.from({ length: count }, (_, i) => make(i + 1))
    const [id, tagText] = [text(VERSION_ID_CHARS_MAX), text(TAG_CHARS_MAX)]
    const [version] = state.versions
    if (version === undefined) throw new Error('there is no version')
    const stages = upTo(LIMIT_RANGES.stageLabelsMax[1], (i) => ({ stage: id(i), number: 1 }))
    const longest: SecretState = {
      ...state,
      secretName: text(SECRET_NAME_CHARS_MAX)(0),
      description: '\u20ac'.repeat(DESCRIPTION_CHARS_MAX),
      extendedConfig: '\u20ac'.repeat(EXTENDED_CONFIG_CHARS_MAX),
      tags: upTo(TAGS_MAX, (i) => ({ tagKey: tagText(i), tagValue: tagText(i) })),
      nextNumber: 0xffff_ffff,
      versions: upTo(LIMIT_RANGES.versionsMax[1], (number) => ({
        ...version,
        number,
        versionId: id(number),
        status: 'Enabled',
        valueDigest: someBytes(16),
        recordHash: someBytes(32),
      })),
      stages: [...stages, { stage: 'ACSCurrent', number: 1 }],
      tombstones: Tombstones.of(
        upTo(TOMBSTONES_MAX, (i) => ({
          versionId: id(1000 + i),
          valueDigest: someBytes(16),
        })),
      ),
      sections: upTo(SECTIONS_MAX, (i) =>
        section(i + 100, true, SECTIONS_BYTES_MAX / SECTIONS_MAX),
      ),
    }
    // The bound of a record in the storage contract.
    expect(sealHead(TEST_KEYS, longest).length).toBeLessThan(131_072)
    expect(reopened(longest)).toEqual(longest)
  })

  // 1 rotation and 3 audit are kept for later, and as unknown as any other.
  it.each([1, 3, 40])('make it unreadable where they may not be skipped: %i', (number) => {
    const given = withSections(section(number, false))
    expect(() => reopened(given)).toThrow(
      new VaultError(
        'UNSUPPORTED_FORMAT',
        `cannot read secret app/db: it has section ${String(number)}, which this release does not support`,
      ),
    )
  })

  it('forbid to rewrite it, with the name of the secret and the number of the section', () => {
    requireRewritableHead(withSections())
    expect(() => {
      requireRewritableHead(withSections(section(40)))
    }).toThrow(
      'cannot change secret app/db: it has section 40, which this release does not support',
    )
    expectFailure(() => {
      requireRewritableHead(withSections(section(4)))
    }, 'UNSUPPORTED_FORMAT')
  })
})
