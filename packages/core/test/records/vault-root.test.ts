import { describe, expect, it } from 'vitest'
import { createByteWriter } from '@stagevault/core/bytes'
import { DEFAULT_LIMITS, LIMIT_RANGES } from '@stagevault/core/limits'
import type { VaultLimits } from '@stagevault/core/limits'
import { ROOT_KEY } from '@stagevault/core/records/layout'
import type { RecordSection } from '@stagevault/core/records/sections'
import { writeSections } from '@stagevault/core/records/sections'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import { openRoot, sealRoot } from '@stagevault/core/records/vault-root'
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
    number: 1,
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
