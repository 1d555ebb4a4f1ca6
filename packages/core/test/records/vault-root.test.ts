import { describe, expect, it } from 'vitest'
import { createByteWriter } from '@stagevault/core/bytes'
import { DEFAULT_LIMITS, LIMIT_RANGES } from '@stagevault/core/limits'
import type { VaultLimits } from '@stagevault/core/limits'
import { ROOT_KEY } from '@stagevault/core/records/layout'
import type { RecordSection } from '@stagevault/core/records/sections'
import { writeSections } from '@stagevault/core/records/sections'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import {
  accessTagOf,
  openRoot,
  requireRewritableRoot,
  sealRoot,
  withAccessTag,
} from '@stagevault/core/records/vault-root'
import { expectFailure } from '../support/failures.js'
import { TEST_KEYS, someBytes, withMac } from '../support/record-keys.js'

const ROOT: VaultRoot = {
  epoch: 7,
  secretCount: 3,
  keyringGeneration: 2,
  keyringTag: someBytes(16, 30),
  limits: DEFAULT_LIMITS,
  sections: [],
}

/** The root by the table of records.md, with a MAC that fits. Nothing is checked. */
function forged({ limits, sections, ...root }: VaultRoot): Uint8Array {
  const writer = createByteWriter()
  writer.ascii('SVRT')
  writer.u8(1)
  writer.u64(root.epoch)
  writer.u64(root.secretCount)
  writer.u64(root.keyringGeneration)
  writer.bytes(root.keyringTag)
  writer.u32(limits.secretValueBytesMax)
  writer.u16(limits.versionsMax)
  writer.u16(limits.stageLabelsMax)
  writer.u64(limits.secretsMax)
  writeSections(writer, sections)
  return withMac(ROOT_KEY, writer.take())
}

it('has the fields of records.md, in their order', () => {
  expect(sealRoot(TEST_KEYS, ROOT)).toEqual(forged(ROOT))
})

describe('the limits of a vault', () => {
  const withLimit = (name: string, value: number): VaultRoot => ({
    ...ROOT,
    limits: { ...DEFAULT_LIMITS, [name]: value },
  })

  it.each(Object.entries(LIMIT_RANGES))('%s: least and greatest are stored', (name, range) => {
    for (const value of range) {
      const root = withLimit(name, value)
      expect(openRoot(TEST_KEYS, sealRoot(TEST_KEYS, root))).toEqual(root)
    }
  })

  const beyond: readonly (readonly [name: keyof VaultLimits, value: number])[] = [
    ['secretValueBytesMax', 0],
    ['secretValueBytesMax', 126_977],
    ['secretValueBytesMax', 0xffff_ffff],
    ['versionsMax', 1],
    ['versionsMax', 101],
    ['stageLabelsMax', 1],
    ['stageLabelsMax', 65],
  ]
  it.each(beyond)('%s of %i is neither read nor written', (name, value) => {
    const root = withLimit(name, value)
    expectFailure(() => openRoot(TEST_KEYS, forged(root)), 'MALFORMED_RECORD')
    expectFailure(() => sealRoot(TEST_KEYS, root), 'MALFORMED_RECORD')
  })
})

it('REC-28: a root with epoch 0 is neither read nor written', () => {
  const root = { ...ROOT, epoch: 0 }
  expectFailure(() => openRoot(TEST_KEYS, forged(root)), 'MALFORMED_RECORD')
  expectFailure(() => sealRoot(TEST_KEYS, root), 'MALFORMED_RECORD')
  expect(openRoot(TEST_KEYS, forged({ ...ROOT, epoch: 1 })).epoch).toBe(1)
})

describe('sections of the root', () => {
  const section = (isSkippable: boolean): RecordSection => ({
    number: 4,
    isSkippable,
    bytes: someBytes(5),
  })

  it('are kept where readers may skip them, and forbid to rewrite it', () => {
    const root = { ...ROOT, sections: [section(true)] }
    const opened = openRoot(TEST_KEYS, forged(root))
    expect(opened).toEqual(root)
    expectFailure(() => sealRoot(TEST_KEYS, { ...opened, epoch: 8 }), 'UNSUPPORTED_FORMAT')
  })

  it('make it unreadable where they may not be skipped', () => {
    const record = forged({ ...ROOT, sections: [section(false)] })
    expectFailure(() => openRoot(TEST_KEYS, record), 'UNSUPPORTED_FORMAT')
  })
})

describe('section 1 of the root', () => {
  const tag = someBytes(16, 5)
  const access = (bytes: Uint8Array, isSkippable = false): RecordSection => ({
    number: 1,
    isSkippable,
    bytes,
  })
  const other = (number: number): RecordSection => ({
    number,
    isSkippable: true,
    bytes: someBytes(3, number),
  })

  it('pins the access root, and its root is read and rewritten', () => {
    expect(accessTagOf(ROOT)).toBe(null)
    const root = { ...ROOT, sections: withAccessTag([], tag) }
    expect(root.sections).toEqual([access(tag)])
    const opened = openRoot(TEST_KEYS, sealRoot(TEST_KEYS, root))
    expect(opened).toEqual(root)
    expect(accessTagOf(opened)).toEqual(tag)
    requireRewritableRoot(opened)
    expect(sealRoot(TEST_KEYS, { ...opened, epoch: 8 })).toEqual(forged({ ...root, epoch: 8 }))
  })

  it('is replaced without a change of the other sections and of their order', () => {
    const others = [other(2), other(9), other(40)]
    const added = withAccessTag(others, someBytes(16, 6))
    const replaced = withAccessTag(added, tag)
    expect(added.map(({ number }) => number)).toEqual([1, 2, 9, 40])
    expect(replaced).toEqual([access(tag), ...others])
    expect(accessTagOf({ sections: added })).toEqual(someBytes(16, 6))
    expect(others).toEqual([other(2), other(9), other(40)])
  })

  it.each([0, 1, 15, 17, 32])('of %i bytes is neither read nor written', (length) => {
    const root = { ...ROOT, sections: [access(someBytes(length))] }
    expectFailure(() => openRoot(TEST_KEYS, forged(root)), 'MALFORMED_RECORD')
    expectFailure(() => sealRoot(TEST_KEYS, root), 'MALFORMED_RECORD')
  })

  it('that readers may skip is neither read nor written', () => {
    const root = { ...ROOT, sections: [access(tag, true)] }
    expectFailure(() => openRoot(TEST_KEYS, forged(root)), 'MALFORMED_RECORD')
    expectFailure(() => sealRoot(TEST_KEYS, root), 'MALFORMED_RECORD')
  })
})
