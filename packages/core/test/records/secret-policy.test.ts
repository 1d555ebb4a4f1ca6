import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createByteWriter } from '@stagevault/core/bytes'
import { POLICY_BYTES_MAX } from '@stagevault/core/limits'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { openHead, requireRewritableHead, sealHead } from '@stagevault/core/records/head-record'
import { POLICY_GENERATION_MAX, policyKey } from '@stagevault/core/records/layout'
import { recordTag } from '@stagevault/core/records/record-frame'
import {
  isRemoved,
  openSecretPolicy,
  policyPinOf,
  sealSecretPolicy,
  withPolicy,
} from '@stagevault/core/records/secret-policy'
import type { RecordSection } from '@stagevault/core/records/sections'
import { secretStates } from '../property/arbitrary-state.js'
import { expectFailure, failureCode } from '../support/failures.js'
import { TEST_KEYS, someBytes, withMac } from '../support/record-keys.js'

const ID = someBytes(16, 40)
const DOCUMENT = '{"Version":"1","Statement":[]}'
const RECORD = sealSecretPolicy(TEST_KEYS, ID, 2, DOCUMENT)

function forged(document: Uint8Array, announced = document.length): Uint8Array {
  const writer = createByteWriter()
  writer.ascii('SVPO')
  writer.u8(1)
  writer.u32(announced)
  writer.bytes(document)
  return withMac(policyKey(ID, 2), writer.take())
}

const open = (record: Uint8Array, id = ID, generation = 2): string =>
  openSecretPolicy(TEST_KEYS, id, generation, record)

describe('the policy of a secret', () => {
  it('has the fields of records.md, in their order', () => {
    expect(RECORD).toEqual(forged(Buffer.from(DOCUMENT)))
    expect(open(RECORD)).toBe(DOCUMENT)
  })

  it('has at most 32,768 bytes of UTF-8', () => {
    const longest = '\u20ac'.repeat(Math.floor(POLICY_BYTES_MAX / 3)) + 'xy'
    expect(open(sealSecretPolicy(TEST_KEYS, ID, 2, longest))).toBe(longest)
    const faults = [
      forged(new Uint8Array(POLICY_BYTES_MAX + 1).fill(0x20)),
      forged(Uint8Array.of(0x7b, 0xff)),
      forged(Uint8Array.of(0x7b, 0x7d), 1),
      forged(Uint8Array.of(0x7b, 0x7d), 3),
    ]
    for (const fault of faults) expectFailure(() => open(fault), 'MALFORMED_RECORD')
  })

  it('opens for its secret and generation only', () => {
    expectFailure(() => open(RECORD, someBytes(16, 41)), 'DECRYPTION_FAILED')
    expectFailure(() => open(RECORD, ID, 1), 'DECRYPTION_FAILED')
    expectFailure(() => open(RECORD, ID, 3), 'DECRYPTION_FAILED')
  })

  it('does not open with any bit flipped', () => {
    const opened: number[] = []
    for (let bit = 0; bit < 8 * RECORD.length; bit++) {
      const changed = new Uint8Array(RECORD)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      if (failureCode(() => open(changed)) === null) opened.push(bit)
    }
    expect(opened).toEqual([])
  })
})

describe('section 2 of a head', () => {
  const [sample] = fc.sample(secretStates(), { numRuns: 1, seed: 5 }) as [SecretState]
  const other = (number: number): RecordSection => ({
    number,
    isSkippable: true,
    bytes: someBytes(3, number),
  })
  const pinned = (bytes: Uint8Array, isSkippable = false): SecretState => ({
    ...sample,
    sections: [{ number: 2, isSkippable, bytes }],
  })
  const pin = (generation: number, tagBytes = 16): Uint8Array => {
    const writer = createByteWriter()
    writer.u64(generation)
    writer.bytes(someBytes(tagBytes, 7))
    return writer.take()
  }

  it('pins the policy, and its head is read and rewritten', () => {
    const given = withPolicy({ ...sample, sections: [] }, 2, RECORD)
    const opened = openHead(TEST_KEYS, given.secretName, sealHead(TEST_KEYS, given))
    expect(opened).toEqual(given)
    const found = policyPinOf(opened)
    expect(found).toEqual({ generation: 2, tag: recordTag(RECORD) })
    expect(found === null || isRemoved(found)).toBe(false)
    requireRewritableHead(opened)
  })

  it('has a tag of zeros after the policy was removed, and is missing before the first', () => {
    expect(policyPinOf({ sections: [other(4)] })).toBe(null)
    const removed = policyPinOf(withPolicy(sample, 3, null))
    expect(removed).toEqual({ generation: 3, tag: new Uint8Array(16) })
    expect(removed !== null && isRemoved(removed)).toBe(true)
  })

  it('is replaced without a change of the rest of the state', () => {
    const sections = [{ ...other(1), isSkippable: false }, other(3), other(40)]
    const state = { ...sample, sections }
    const first = withPolicy(state, 1, RECORD)
    const second = withPolicy(first, 2, null)
    expect(first.sections.map(({ number }) => number)).toEqual([1, 2, 3, 40])
    expect(second.sections.filter(({ number }) => number !== 2)).toEqual(sections)
    expect(second.sections.map(({ number }) => number)).toEqual([1, 2, 3, 40])
    expect({ ...second, sections }).toEqual(state)
    expect(state.sections).toEqual(sections)
  })

  const faults: readonly (readonly [what: string, state: SecretState])[] = [
    ['without bytes', pinned(new Uint8Array(0))],
    ['without a tag', pinned(pin(1, 0))],
    ['with a tag of 15 bytes', pinned(pin(1, 15))],
    ['with a tag of 17 bytes', pinned(pin(1, 17))],
    ['of generation 0', pinned(pin(0))],
    ['of a generation with 13 digits', pinned(pin(POLICY_GENERATION_MAX + 1))],
    ['of a generation of 2^53', pinned(pin(2 ** 53))],
    ['that readers may skip', pinned(pin(1), true)],
  ]
  it.each(faults)('%s is not written', (_what, state) => {
    expectFailure(() => sealHead(TEST_KEYS, state), 'MALFORMED_RECORD')
    expectFailure(() => policyPinOf(state), 'MALFORMED_RECORD')
  })

  it('is read up to its greatest generation', () => {
    expect(policyPinOf(pinned(pin(POLICY_GENERATION_MAX)))).toMatchObject({
      generation: POLICY_GENERATION_MAX,
    })
  })
})
