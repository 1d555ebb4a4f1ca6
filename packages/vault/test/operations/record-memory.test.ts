/** How much of the store an open vault keeps in memory, and for how long. */
import { expect, it } from 'vitest'
import { RECORDS_BYTES_MIN } from '@stagevault/core/limits'
import type { SecretState, VersionState } from '@stagevault/core/model/secret-state'
import { versionKey } from '@stagevault/core/records/layout'
import { createRecordMemory } from '../../dist/versions/record-memory.js'

const STATE = { secretId: new Uint8Array(16) } as SecretState
const BYTES = 30_000

function version(number: number, hash = 1): VersionState {
  return { number, recordHash: new Uint8Array(32).fill(hash) } as unknown as VersionState
}

function fill(count: number) {
  const records = createRecordMemory()
  for (let i = 0; i < count; i++) records.keep(STATE, version(i), new Uint8Array(BYTES))
  // The last first: what is found counts as used, and may push out what was used before it.
  const known = (): number[] => Array.from({ length: count }, (_, i) => count - 1 - i)
    .filter((i) => records.find(STATE, version(i)) !== null)
  return { records, known }
}

it('keeps as many bytes as it says and less than twice as many, those used last', () => {
  const { known } = fill(1_000)
  const found = known()
  const bytes = found.length * (BYTES + 1_024)
  expect(bytes).toBeGreaterThanOrEqual(RECORDS_BYTES_MIN)
  expect(bytes).toBeLessThan(2 * RECORDS_BYTES_MIN + BYTES)
  expect(found).toEqual(Array.from(found, (_, i) => 999 - i))
})

it('counts a record that is kept again once, and none that was forgotten', () => {
  const { records, known } = fill(60)
  for (let i = 0; i < 1_000; i++) records.keep(STATE, version(59), new Uint8Array(BYTES))
  for (let i = 0; i < 1_000; i++) {
    records.keep(STATE, version(1_000), new Uint8Array(BYTES))
    records.forget(versionKey(STATE.secretId, 1_000))
  }
  expect(known()).toHaveLength(60)
})

it('counts what an entry takes beside its record', () => {
  const records = createRecordMemory()
  for (let i = 0; i < 10_000; i++) records.keep(STATE, version(i), new Uint8Array(1))
  const found = Array.from({ length: 10_000 }, (_, i) => 9_999 - i)
    .filter((i) => records.find(STATE, version(i)) !== null)
  expect(found.length).toBeGreaterThan(2_000)
  expect(found.length).toBeLessThan(5_000)
})

it('keeps nothing alive that a record is a window on', () => {
  const records = createRecordMemory()
  const page = new Uint8Array(100_000)
  records.keep(STATE, version(1), page.subarray(10, 30))
  page.fill(9)
  const found = records.find(STATE, version(1))
  expect(found).toEqual(new Uint8Array(20))
  expect(found?.buffer.byteLength).toBe(20)
})

it('gives a record for its hash alone', () => {
  const { records } = fill(3)
  expect(records.find(STATE, version(1, 2))).toBe(null)
  expect(records.find({ ...STATE, secretId: new Uint8Array(16).fill(1) }, version(1))).toBe(null)
  expect(records.find(STATE, version(1))).toHaveLength(BYTES)
})

it('forgets what is deleted, and everything at the end', () => {
  const { records, known } = fill(3)
  records.forget(versionKey(STATE.secretId, 1))
  expect(known()).toEqual([2, 0])
  records.clear()
  expect(known()).toEqual([])
})
