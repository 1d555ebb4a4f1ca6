/** What an open vault remembers of the heads that it saw, and for how many of them. */

import { expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '@stagevault/core/limits'
import { planCreate } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { sealHead } from '@stagevault/core/records/head-record'
import { createHeadCache } from '../../dist/heads/head-cache.js'
import type { HeadCache } from '../../dist/heads/head-cache.js'
import type { HeadSnapshot } from '../../dist/heads/head-snapshot.js'
import { headSnapshot } from '../../dist/heads/head-snapshot.js'
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
  const { next } = planCreate(secret, 'v1', new Uint8Array(16).fill(1), DEFAULT_LIMITS)
  const versions = next.versions.map((version) => ({ ...version, recordHash: random(32) }))
  const state = { ...next, versions, ...changes }
  return headSnapshot(nodePrimitives, sealHead(KEYS, state), state)
}

it('remembers the 1,024 heads that it saw last, in whatever order, and not many more', () => {
  const { heads } = newCache()
  const names = Array.from({ length: 5000 }, (_, i) => `secret-${i}`)
  for (const name of names) heads.keep(snapshot(name), 0, 0)
  const last = names.slice(-1024)
  for (const name of last.toReversed()) expect(heads.guess(name)?.state.secretName).toBe(name)
  expect(names.filter((name) => heads.guess(name) !== null).length).toBeLessThanOrEqual(2048)
})

it('does not forget a head that is asked for again and again', () => {
  const { heads } = newCache()
  heads.keep(snapshot('often'), 0, 0)
  for (let i = 0; i < 5000; i++) {
    heads.keep(snapshot(`secret-${i}`), 0, 0)
    if (i % 1000 === 0) expect(heads.guess('often')).not.toBeNull()
  }
})

it('is not full of those that were only looked at', () => {
  const { heads } = newCache()
  heads.keep(snapshot('often'), 0, 0)
  for (let i = 0; i < 5000; i++) heads.peek(`secret-${i}`, snapshot(`secret-${i}`).bytes, 0)
  expect(heads.guess('often')).not.toBeNull()
  expect(heads.guess('secret-4999')).toBeNull()
})

it('takes the bytes that it knows for the head they are, without a look at their MAC', () => {
  const { heads, memory } = newCache()
  const bytes = new Uint8Array([1, 2, 3])
  const head = { ...snapshot('known'), bytes }
  heads.keep(head, memory.now(), 0)
  expect(heads.open('known', new Uint8Array(bytes), memory.now(), 0)).toBe(head)
  expect(() => heads.open('known', new Uint8Array([1, 2, 4]), memory.now(), 0)).toThrow()
  expect(() => newCache().heads.open('known', bytes, 0, 0)).toThrow()
})

it('remembers the newest generation of 8,192 secrets, also of those whose heads it forgot', () => {
  const { heads, memory } = newCache()
  const first = snapshot('first')
  heads.keep(snapshot('first', { ...first.state, generation: 2 }), memory.now(), 0)
  for (let i = 0; i < 8191; i++) heads.keep(snapshot(`secret-${i}`), memory.now(), 0)
  expect(heads.guess('first')).toBeNull()
  expect(() => heads.open('first', first.bytes, memory.now(), 0)).toThrow(ROLLBACK)
  for (let i = 0; i < 16_384; i++) heads.keep(snapshot(`later-${i}`), memory.now(), 0)
  expect(heads.open('first', first.bytes, memory.now(), 0).state.generation).toBe(1)
})

it('remembers a secret in use for as long as its head, and longer', () => {
  const { heads, memory } = newCache()
  const first = snapshot('often')
  const second = snapshot('often', { ...first.state, generation: 2, previousHeadHash: first.hash() })
  heads.keep(second, memory.now(), 0)
  for (let i = 0; i < 50_000; i++) {
    heads.keep(snapshot(`secret-${i}`), memory.now(), 0)
    if (i % 1000 === 0) heads.open('often', second.bytes, memory.now(), 0)
  }
  expect(() => heads.open('often', first.bytes, memory.now(), 0)).toThrow(ROLLBACK)
  for (let i = 0; i < 3000; i++) heads.keep(snapshot(`later-${i}`), memory.now(), 0)
  expect(heads.guess('often')).toBeNull()
  expect(() => heads.open('often', first.bytes, memory.now(), 0)).toThrow(ROLLBACK)
})

it('remembers a head that it keeps, though so many others were deleted meanwhile', () => {
  const { heads, memory } = newCache()
  const first = snapshot('often')
  const other = snapshot('often')
  heads.keep(snapshot('often', { ...first.state, generation: 2 }), memory.now(), 0)
  const early = memory.now()
  for (let i = 0; i < 20_000; i++) heads.bury(snapshot(`secret-${i}`))
  expect(heads.guess('often')).not.toBeNull()
  expect(() => heads.open('often', first.bytes, memory.now(), 0)).toThrow(ROLLBACK)
  expect(heads.tryOpen('often', other.bytes, memory.now())).toBeNull()
  heads.open('often', other.bytes, memory.now(), 0)
  expect(heads.guess('often')?.id).toBe(other.id)
  expect(heads.open('often', first.bytes, early - 1, 0).id).toBe(first.id)
})

it('remembers what was only looked at while there is room, and pushes out nothing for it', () => {
  const { heads, memory } = newCache()
  const seen = snapshot('seen')
  heads.peek('seen', snapshot('seen', { ...seen.state, generation: 2 }).bytes, memory.now())
  expect(() => heads.peek('seen', seen.bytes, memory.now())).toThrow(ROLLBACK)
  const used = snapshot('used')
  heads.keep(snapshot('used', { ...used.state, generation: 2 }), memory.now(), 0)
  for (let i = 0; i < 2048; i++) heads.keep(snapshot(`later-${i}`), memory.now(), 0)
  for (let i = 0; i < 20_000; i++) {
    heads.peek(`secret-${i}`, snapshot(`secret-${i}`).bytes, memory.now())
  }
  expect(() => heads.open('used', used.bytes, memory.now(), 0)).toThrow(ROLLBACK)
})

it('takes over what a look at all secrets finds of one in use', () => {
  const { heads, memory } = newCache()
  const first = snapshot('S')
  const second = snapshot('S', { ...first.state, generation: 2, previousHeadHash: first.hash() })
  const renamed = snapshot('T', { ...first.state, generation: 3, previousHeadHash: second.hash(),
    secretName: 'T' })
  heads.keep(first, memory.now(), 0)
  heads.peek('S', second.bytes, memory.now())
  expect(() => heads.open('S', first.bytes, memory.now(), 0)).toThrow(ROLLBACK)
  heads.peek('T', renamed.bytes, memory.now())
  expect(() => heads.open('S', second.bytes, memory.now(), 0)).toThrow(ROLLBACK)
})

it('refuses another head of the generation it saw, and one that does not follow from it', () => {
  const { heads, memory } = newCache()
  const first = snapshot('S')
  const next = (description: string, previousHeadHash: Uint8Array): HeadSnapshot =>
    snapshot('S', { ...first.state, generation: 2, description, previousHeadHash })
  heads.keep(first, memory.now(), 0)
  const fork = next('fork', random(32))
  for (const asked of [0, memory.now()]) {
    expect(() => heads.open('S', fork.bytes, asked, 0)).toThrow(ROLLBACK)
    expect(() => heads.peek('S', fork.bytes, asked)).toThrow(ROLLBACK)
  }
  const second = next('', first.hash())
  heads.open('S', second.bytes, memory.now(), 0)
  expect(() => heads.open('S', next('other', first.hash()).bytes, 0, 0)).toThrow(ROLLBACK)
  expect(heads.open('S', second.bytes, memory.now(), 0).hash()).toEqual(second.hash())
})

it('takes another first head under a known name only with a root that moved on', () => {
  const { heads, memory } = newCache()
  const [former, present, renamed] = [
    snapshot('S'), snapshot('S'), snapshot('S', { generation: 2 }),
  ]
  heads.keep(former, memory.now(), 7)
  expect(heads.tryOpen('S', present.bytes, memory.now())).toBeNull()
  expect(() => heads.open('S', present.bytes, memory.now(), 7)).toThrow(ROLLBACK)
  expect(heads.open('S', renamed.bytes, memory.now(), 7).id).toBe(renamed.id)
  expect(heads.open('S', present.bytes, memory.now(), 8).id).toBe(present.id)
  memory.root.note(9, new Uint8Array(1))
  heads.open('S', present.bytes, memory.now(), 0)
  expect(() => heads.open('S', snapshot('S').bytes, memory.now(), 9)).toThrow(ROLLBACK)
})

it('keeps the newest head, whichever answer comes last', () => {
  const { heads, memory } = newCache()
  const first = snapshot('S')
  const [second, third] = [2, 3].map((generation) =>
    snapshot('S', { ...first.state, generation })) as [HeadSnapshot, HeadSnapshot]
  heads.keep(first, memory.now(), 0)
  const asked = memory.now()
  heads.keep(third, asked, 0)
  heads.keep(second, asked, 0)
  expect(heads.guess('S')?.state.generation).toBe(3)
  expect(heads.open('S', second.bytes, asked, 0).state.generation).toBe(2)
  expect(heads.guess('S')?.state.generation).toBe(3)
  expect(() => heads.open('S', second.bytes, memory.now(), 0)).toThrow(ROLLBACK)
})

it('lets a late answer tell of a secret that was there before, and not a later one', () => {
  const { heads, memory } = newCache()
  const [former, present] = [snapshot('S'), snapshot('S')]
  const early = memory.now()
  heads.keep(former, early, 0)
  heads.keep(present, memory.now(), 0)
  expect(() => heads.open('S', former.bytes, memory.now(), 0)).toThrow(ROLLBACK)
  expect(heads.open('S', former.bytes, early, 0).state.secretId).toEqual(former.state.secretId)
  // Neither was known when the other one was asked for: the store may give either from now on.
  const unordered = newCache()
  unordered.heads.keep(former, 0, 0)
  unordered.heads.keep(present, 0, 0)
  for (const { bytes } of [former, present, former]) unordered.heads.open('S', bytes, 2, 0)
})

it('remembers nothing once it was cleared', () => {
  const { heads, memory } = newCache()
  const first = snapshot('first')
  heads.keep(snapshot('first', { ...first.state, generation: 2 }), 0, 0)
  for (let i = 0; i < 1500; i++) heads.keep(snapshot(`secret-${i}`), 0, 0)
  heads.clear()
  memory.clear()
  expect(heads.guess('secret-10')).toBeNull()
  expect(heads.guess('secret-1499')).toBeNull()
  expect(heads.open('first', first.bytes, memory.now(), 0).state.generation).toBe(1)
})
