/** How many versions an open vault remembers, for how long, and what becomes of their keys. */
import { expect, it } from 'vitest'
import { RECORDS_BYTES_MIN } from '@stagevault/core/limits'
import type { SecretState, VersionState } from '@stagevault/core/model/secret-state'
import { VERSION_KEYS, versionKey } from '@stagevault/core/records/layout'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { createVersionCache } from '../../dist/caches/version-cache.js'
import { recordAt } from '../support/stored-records.js'
import { newTestVault } from '../support/test-vault.js'

const STATE = { secretId: new Uint8Array(16) } as SecretState

/** A record of about that many bytes, as a vault has sealed it. */
async function recordOf(bytes: number): Promise<Uint8Array> {
  const storage = createMemoryStorage()
  const { vault } = await newTestVault({ storage })
  await vault.createSecret({ secretName: 'S', secretData: new Uint8Array(bytes) })
  const [entry] = await storage.scan({ ...VERSION_KEYS, limit: 1 })
  return recordAt(storage, entry?.key ?? '')
}

const LONG = await recordOf(30_000)
const SHORT = await recordOf(1)

function version(number: number, hash = 1): VersionState {
  return { number, recordHash: new Uint8Array(32).fill(hash) } as unknown as VersionState
}

function newKey(): Uint8Array {
  return new Uint8Array(32).fill(7)
}

const isWiped = (key: Uint8Array): boolean => key.every((byte) => byte === 0)

function fill(count: number, record = LONG) {
  const versions = createVersionCache()
  const keys = Array.from({ length: count }, newKey)
  for (const [i, key] of keys.entries()) versions.put(STATE, version(i), record, key)
  // The last first: what is found counts as used, and may push out what was used before it.
  const known = (): number[] =>
    Array.from({ length: count }, (_, i) => count - 1 - i).filter(
      (i) => versions.getCached(STATE, version(i)) !== null,
    )
  return { versions, known, keys }
}

it('keeps as many bytes as it says and less than twice as many, those used last', () => {
  const { known } = fill(1_000)
  const found = known()
  const bytes = found.length * (LONG.length + 1_536)
  expect(bytes).toBeGreaterThanOrEqual(RECORDS_BYTES_MIN)
  expect(bytes).toBeLessThan(2 * RECORDS_BYTES_MIN + LONG.length)
  expect(found).toEqual(Array.from(found, (_, i) => 999 - i))
})

it('counts a version that is kept again once, and none that was forgotten', () => {
  const { versions, known } = fill(60)
  for (let i = 0; i < 1_000; i++) versions.put(STATE, version(59), LONG, newKey())
  for (let i = 0; i < 1_000; i++) {
    versions.put(STATE, version(1_000), LONG, newKey())
    versions.delete(versionKey(STATE.secretId, 1_000))
  }
  expect(known()).toHaveLength(60)
})

it('counts what an entry takes in addition to its record', () => {
  const { known } = fill(10_000, SHORT)
  const { length } = known()
  expect(length).toBeGreaterThan(1_000)
  expect(length).toBeLessThan(4_000)
})

it('keeps nothing alive that a record is a window on', () => {
  const versions = createVersionCache()
  const page = new Uint8Array(100_000)
  page.set(SHORT, 10)
  versions.put(STATE, version(1), page.subarray(10, 10 + SHORT.length), newKey())
  page.fill(9)
  const { sealed } = versions.getCached(STATE, version(1)) ?? {}
  expect(sealed?.box.buffer.byteLength).toBe(SHORT.length)
  expect([...(sealed?.box ?? [])].every((byte) => byte === 9)).toBe(false)
})

it('gives a version for the hash of its record alone', () => {
  const { versions } = fill(3)
  expect(versions.getCached(STATE, version(1, 2))).toBe(null)
  const other = { ...STATE, secretId: new Uint8Array(16).fill(1) }
  expect(versions.getCached(other, version(1))).toBe(null)
  expect(versions.getCached(STATE, version(1))).not.toBe(null)
})

it('forgets what is deleted, and everything at the end', () => {
  const { versions, known } = fill(3)
  versions.delete(versionKey(STATE.secretId, 1))
  expect(known()).toEqual([2, 0])
  versions.clear()
  expect(known()).toEqual([])
})

it('overwrites the keys of versions that it forgets, and no others', () => {
  const { versions, known, keys } = fill(1_000)
  const kept = new Set(known())
  for (const [i, key] of keys.entries()) expect([i, isWiped(key)]).toEqual([i, !kept.has(i)])
  const [last = 0, before = 0] = kept
  const again = newKey()
  versions.put(STATE, version(last), LONG, again)
  versions.delete(versionKey(STATE.secretId, before))
  expect([last, before].map((i) => isWiped(keys[i] ?? newKey()))).toEqual([true, true])
  expect(isWiped(again)).toBe(false)
  versions.clear()
  expect([...keys, again].every(isWiped)).toBe(true)
})
