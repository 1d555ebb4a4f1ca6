/** What an open vault remembers of the heads that it saw, and for how many of them. */

import { expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '@stagevault/core/limits'
import { planCreate } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { sealHead } from '@stagevault/core/records/head-record'
import { createHeadCache } from '../../dist/heads/head-cache.js'
import type { HeadCache, HeadSnapshot } from '../../dist/heads/head-cache.js'
import { createStoreMemory } from '../../dist/heads/store-memory.js'
import type { StoreMemory } from '../../dist/heads/store-memory.js'
import { nodePrimitives } from '../../dist/platform/node-primitives.js'
import { seededRandom } from '../support/seeded-random.js'

const KEYS = {
  primitives: nodePrimitives,
  vaultId: new Uint8Array(16),
  macKey: new Uint8Array(32),
}
const ROLLBACK = expect.objectContaining({ code: 'ROLLBACK_DETECTED' }) as Error

function newCache(): { readonly heads: HeadCache; readonly memory: StoreMemory } {
  const memory = createStoreMemory()
  return { heads: createHeadCache(KEYS, memory), memory }
}

const random = seededRandom('heads')

function snapshot(secretName: string, changes: Partial<SecretState> = {}): HeadSnapshot {
  const secret = {
    secretId: random(16),
    secretName,
    secretType: 'Generic',
    encryptionKeyId: new Uint8Array(16),
    description: '',
    tags: [],
    extendedConfig: '',
    now: 0,
  } as const
  const { next } = planCreate(secret, 'v1', new Uint8Array(16), DEFAULT_LIMITS)
  const versions = next.versions.map((version) => ({ ...version, recordHash: random(32) }))
  const state = { ...next, versions, ...changes }
  return { bytes: sealHead(KEYS, state), state }
}

it('remembers the 1,024 heads that it saw last, in whatever order, and not many more', () => {
  const { heads } = newCache()
  const names = Array.from({ length: 5000 }, (_, i) => `secret-${i}`)
  for (const name of names) heads.keep(snapshot(name), 0)
  const last = names.slice(-1024)
  for (const name of last.toReversed()) expect(heads.guess(name)?.state.secretName).toBe(name)
  expect(names.filter((name) => heads.guess(name) !== null).length).toBeLessThanOrEqual(2048)
})

it('does not forget a head that is asked for again and again', () => {
  const { heads } = newCache()
  heads.keep(snapshot('often'), 0)
  for (let i = 0; i < 5000; i++) {
    heads.keep(snapshot(`secret-${i}`), 0)
    if (i % 1000 === 0) expect(heads.guess('often')).not.toBeNull()
  }
})

it('is not full of those that were only looked at', () => {
  const { heads } = newCache()
  heads.keep(snapshot('often'), 0)
  for (let i = 0; i < 5000; i++) heads.peek(`secret-${i}`, snapshot(`secret-${i}`).bytes, 0)
  expect(heads.guess('often')).not.toBeNull()
  expect(heads.guess('secret-4999')).toBeNull()
})

it('takes the bytes that it knows for the head they are, without a look at their MAC', () => {
  const { heads, memory } = newCache()
  const bytes = new Uint8Array([1, 2, 3])
  const head = { ...snapshot('known'), bytes }
  heads.keep(head, memory.now())
  expect(heads.open('known', new Uint8Array(bytes), memory.now())).toBe(head)
  expect(() => heads.open('known', new Uint8Array([1, 2, 4]), memory.now())).toThrow()
  expect(() => newCache().heads.open('known', bytes, 0)).toThrow()
})

it('remembers the newest generation of 8,192 secrets, also of those whose heads it forgot', () => {
  const { heads, memory } = newCache()
  const first = snapshot('first')
  heads.keep(snapshot('first', { ...first.state, generation: 2 }), memory.now())
  for (let i = 0; i < 8191; i++) heads.keep(snapshot(`secret-${i}`), memory.now())
  expect(heads.guess('first')).toBeNull()
  expect(() => heads.open('first', first.bytes, memory.now())).toThrow(ROLLBACK)
  for (let i = 0; i < 16_384; i++) heads.keep(snapshot(`later-${i}`), memory.now())
  expect(heads.open('first', first.bytes, memory.now()).state.generation).toBe(1)
})

it('keeps the newest head, whichever answer comes last', () => {
  const { heads, memory } = newCache()
  const first = snapshot('S')
  const [second, third] = [2, 3].map((generation) =>
    snapshot('S', { ...first.state, generation })) as [HeadSnapshot, HeadSnapshot]
  heads.keep(first, memory.now())
  const asked = memory.now()
  heads.keep(third, asked)
  heads.keep(second, asked)
  expect(heads.guess('S')?.state.generation).toBe(3)
  expect(heads.open('S', second.bytes, asked).state.generation).toBe(2)
  expect(heads.guess('S')?.state.generation).toBe(3)
  expect(() => heads.open('S', second.bytes, memory.now())).toThrow(ROLLBACK)
})

it('lets a late answer tell of a secret that was there before, and not a later one', () => {
  const { heads, memory } = newCache()
  const [former, present] = [snapshot('S'), snapshot('S')]
  const early = memory.now()
  heads.keep(former, early)
  heads.keep(present, memory.now())
  expect(() => heads.open('S', former.bytes, memory.now())).toThrow(ROLLBACK)
  expect(heads.open('S', former.bytes, early).state.secretId).toEqual(former.state.secretId)
  // Neither was known when the other one was asked for: the store may give either from now on.
  const unordered = newCache()
  unordered.heads.keep(former, 0)
  unordered.heads.keep(present, 0)
  for (const { bytes } of [former, present, former]) unordered.heads.open('S', bytes, 2)
})

it('remembers nothing once it was cleared', () => {
  const { heads, memory } = newCache()
  const first = snapshot('first')
  heads.keep(snapshot('first', { ...first.state, generation: 2 }), 0)
  for (let i = 0; i < 1500; i++) heads.keep(snapshot(`secret-${i}`), 0)
  heads.clear()
  memory.clear()
  expect(heads.guess('secret-10')).toBeNull()
  expect(heads.guess('secret-1499')).toBeNull()
  expect(heads.open('first', first.bytes, memory.now()).state.generation).toBe(1)
})
