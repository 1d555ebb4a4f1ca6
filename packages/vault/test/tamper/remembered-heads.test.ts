/** What an open vault remembers of the heads that it saw, and for how many of them. */

import { expect, it } from 'vitest'
import { DEFAULT_LIMITS, HEADS_BYTES_MIN } from '@stagevault/core/limits'
import { planCreate } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { sealHead } from '@stagevault/core/records/head-record'
import { versionKey } from '@stagevault/core/records/layout'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import { createHeadCache } from '../../dist/caches/head-cache.js'
import type { HeadCache } from '../../dist/caches/head-cache.js'
import type { HeadSnapshot } from '../../dist/caches/head-snapshot.js'
import { headSnapshot } from '../../dist/caches/head-snapshot.js'
import { createRollbackGuard } from '../../dist/caches/rollback-guard.js'
import type { RollbackGuard } from '../../dist/caches/rollback-guard.js'
import { nodePrimitives } from '../../dist/platform/node-primitives.js'
import { seededRandom } from '../support/seeded-random.js'

const KEYS = {
  primitives: nodePrimitives,
  vaultId: new Uint8Array(16),
  macKey: new Uint8Array(32),
}
const ROLLBACK = expect.objectContaining({ code: 'ROLLBACK_DETECTED' }) as Error

function newCache(): { readonly heads: HeadCache; readonly guard: RollbackGuard } {
  const guard = createRollbackGuard()
  return { heads: createHeadCache(KEYS, guard), guard }
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

/** What a head weighs: its bytes, and what it says as objects. */
function weightOf({ bytes }: HeadSnapshot): number {
  return bytes.length + 2_048
}

it.each([
  ['small', ''],
  ['large', 'x'.repeat(2_048)],
])(
  'remembers the %s heads of 8 MiB that it saw last, and of not much more',
  (_size, description) => {
    const { heads } = newCache()
    const count = Math.floor(HEADS_BYTES_MIN / weightOf(snapshot('secret-10000', { description })))
    const names = Array.from({ length: 3 * count }, (_, i) => `secret-${String(10_000 + i)}`)
    for (const name of names) heads.put(snapshot(name, { description }), 0, 0)
    const latest = names.toReversed()
    const kept = latest.filter((name) => heads.getCached(name) !== null)
    expect(kept.length).toBeGreaterThanOrEqual(count)
    expect(kept).toEqual(latest.slice(0, kept.length))
    expect(kept.length).toBeLessThanOrEqual(2 * count + 2)
  },
)

it('remembers where the current version is kept, for longer than the head', () => {
  const { heads } = newCache()
  const first = snapshot('first')
  heads.put(first, 0, 0)
  for (let i = 0; i < 10_000; i++) heads.put(snapshot(`secret-${i}`), 0, 0)
  expect(heads.getCached('first')).toBeNull()
  expect(heads.currentPlace('first')).toBe(versionKey(first.state.secretId, 1))
  heads.clear()
  expect(heads.currentPlace('first')).toBeNull()
})

it('does not forget a head that is readAt for again and again', () => {
  const { heads } = newCache()
  heads.put(snapshot('often'), 0, 0)
  for (let i = 0; i < 10_000; i++) {
    heads.put(snapshot(`secret-${i}`), 0, 0)
    if (i % 1000 === 0) expect(heads.getCached('often')).not.toBeNull()
  }
})

it('is not full of those that were only looked at', () => {
  const { heads } = newCache()
  heads.put(snapshot('often'), 0, 0)
  for (let i = 0; i < 10_000; i++) {
    heads.openForScan(`secret-${i}`, snapshot(`secret-${i}`).bytes, 0)
  }
  expect(heads.getCached('often')).not.toBeNull()
  expect(heads.getCached('secret-9999')).toBeNull()
})

it('takes the bytes that it knows for the head they are, without a look at their MAC', () => {
  const { heads, guard } = newCache()
  const bytes = new Uint8Array([1, 2, 3])
  const head = { ...snapshot('known'), bytes }
  heads.put(head, guard.time(), 0)
  expect(heads.open('known', new Uint8Array(bytes), guard.time(), 0)).toBe(head)
  expect(() => heads.open('known', new Uint8Array([1, 2, 4]), guard.time(), 0)).toThrow()
  expect(() => newCache().heads.open('known', bytes, 0, 0)).toThrow()
})

it('remembers the newest generation of 8,192 secrets, also of those whose heads it forgot', () => {
  const { heads, guard } = newCache()
  const first = snapshot('first')
  heads.put(snapshot('first', { ...first.state, generation: 2 }), guard.time(), 0)
  for (let i = 0; i < 8191; i++) heads.put(snapshot(`secret-${i}`), guard.time(), 0)
  expect(heads.getCached('first')).toBeNull()
  expect(() => heads.open('first', first.bytes, guard.time(), 0)).toThrow(ROLLBACK)
  for (let i = 0; i < 16_384; i++) heads.put(snapshot(`later-${i}`), guard.time(), 0)
  expect(heads.open('first', first.bytes, guard.time(), 0).state.generation).toBe(1)
})

it('remembers a secret in use for as long as its head, and longer', () => {
  const { heads, guard } = newCache()
  const first = snapshot('often')
  const second = snapshot('often', {
    ...first.state,
    generation: 2,
    previousHeadHash: first.hash(),
  })
  heads.put(second, guard.time(), 0)
  for (let i = 0; i < 30_000; i++) {
    heads.put(snapshot(`secret-${i}`), guard.time(), 0)
    if (i % 1000 === 0) heads.open('often', second.bytes, guard.time(), 0)
  }
  expect(() => heads.open('often', first.bytes, guard.time(), 0)).toThrow(ROLLBACK)
  for (let i = 0; i < 7500; i++) heads.put(snapshot(`later-${i}`), guard.time(), 0)
  expect(heads.getCached('often')).toBeNull()
  expect(() => heads.open('often', first.bytes, guard.time(), 0)).toThrow(ROLLBACK)
})

it('remembers a head that it keeps, though so many others were deleted since', () => {
  const { heads, guard } = newCache()
  const first = snapshot('often')
  const other = snapshot('often')
  heads.put(snapshot('often', { ...first.state, generation: 2 }), guard.time(), 0)
  const early = guard.time()
  for (let i = 0; i < 20_000; i++) heads.markDeleted(snapshot(`secret-${i}`))
  expect(heads.getCached('often')).not.toBeNull()
  expect(() => heads.open('often', first.bytes, guard.time(), 0)).toThrow(ROLLBACK)
  expect(heads.openAlone('often', other.bytes, guard.time())).toBeNull()
  heads.open('often', other.bytes, guard.time(), 1)
  expect(heads.getCached('often')?.id).toBe(other.id)
  expect(heads.open('often', first.bytes, early - 1, 0).id).toBe(first.id)
})

it('remembers what was only looked at while there is room, and pushes out nothing for it', () => {
  const { heads, guard } = newCache()
  const seen = snapshot('seen')
  heads.openForScan('seen', snapshot('seen', { ...seen.state, generation: 2 }).bytes, guard.time())
  expect(() => heads.openForScan('seen', seen.bytes, guard.time())).toThrow(ROLLBACK)
  const used = snapshot('used')
  heads.put(snapshot('used', { ...used.state, generation: 2 }), guard.time(), 0)
  for (let i = 0; i < 2048; i++) heads.put(snapshot(`later-${i}`), guard.time(), 0)
  for (let i = 0; i < 20_000; i++) {
    heads.openForScan(`secret-${i}`, snapshot(`secret-${i}`).bytes, guard.time())
  }
  expect(() => heads.open('used', used.bytes, guard.time(), 0)).toThrow(ROLLBACK)
})

it('takes over what a look at all secrets finds of one in use', () => {
  const { heads, guard } = newCache()
  const first = snapshot('S')
  const second = snapshot('S', { ...first.state, generation: 2, previousHeadHash: first.hash() })
  const renamed = snapshot('T', {
    ...first.state,
    generation: 3,
    previousHeadHash: second.hash(),
    secretName: 'T',
  })
  heads.put(first, guard.time(), 0)
  heads.openForScan('S', second.bytes, guard.time())
  expect(() => heads.open('S', first.bytes, guard.time(), 0)).toThrow(ROLLBACK)
  heads.openForScan('T', renamed.bytes, guard.time())
  expect(() => heads.open('S', second.bytes, guard.time(), 0)).toThrow(ROLLBACK)
})

it('refuses another head of the generation it saw, and one that does not follow from it', () => {
  const { heads, guard } = newCache()
  const first = snapshot('S')
  const next = (description: string, previousHeadHash: Uint8Array): HeadSnapshot =>
    snapshot('S', { ...first.state, generation: 2, description, previousHeadHash })
  heads.put(first, guard.time(), 0)
  const fork = next('fork', random(32))
  for (const readAt of [0, guard.time()]) {
    expect(() => heads.open('S', fork.bytes, readAt, 0)).toThrow(ROLLBACK)
    expect(() => heads.openForScan('S', fork.bytes, readAt)).toThrow(ROLLBACK)
  }
  const second = next('', first.hash())
  heads.open('S', second.bytes, guard.time(), 0)
  expect(() => heads.open('S', next('other', first.hash()).bytes, 0, 0)).toThrow(ROLLBACK)
  expect(heads.open('S', second.bytes, guard.time(), 0).hash()).toEqual(second.hash())
})

it('takes another secret under a known name only with a root that moved on', () => {
  const { heads, guard } = newCache()
  const [former, present, renamed] = [
    snapshot('S'),
    snapshot('S'),
    snapshot('S', { generation: 2 }),
  ]
  heads.put(former, guard.time(), 7)
  expect(heads.openAlone('S', present.bytes, guard.time())).toBeNull()
  for (const { bytes } of [present, renamed]) {
    expect(() => heads.open('S', bytes, guard.time(), 7)).toThrow(ROLLBACK)
  }
  expect(heads.open('S', renamed.bytes, guard.time(), 8).id).toBe(renamed.id)
  expect(heads.open('S', present.bytes, guard.time(), 9).id).toBe(present.id)
  guard.observeRoot({ bytes: new Uint8Array(1), state: { epoch: 10 } as VaultRoot })
  heads.openAlone('S', present.bytes, guard.time())
  const next = snapshot('S')
  expect(() => heads.open('S', next.bytes, guard.time(), 10)).toThrow(ROLLBACK)
  expect(heads.open('S', next.bytes, guard.time(), 11).id).toBe(next.id)
})

it('keeps the newest head, whichever answer comes last', () => {
  const { heads, guard } = newCache()
  const first = snapshot('S')
  const [second, third] = [2, 3].map((generation) =>
    snapshot('S', { ...first.state, generation }),
  ) as [HeadSnapshot, HeadSnapshot]
  heads.put(first, guard.time(), 0)
  const readAt = guard.time()
  heads.put(third, readAt, 0)
  heads.put(second, readAt, 0)
  expect(heads.getCached('S')?.state.generation).toBe(3)
  expect(heads.open('S', second.bytes, readAt, 0).state.generation).toBe(2)
  expect(heads.getCached('S')?.state.generation).toBe(3)
  expect(() => heads.open('S', second.bytes, guard.time(), 0)).toThrow(ROLLBACK)
})

it('lets a late answer tell of a secret that was there before, and not a later one', () => {
  const { heads, guard } = newCache()
  const [former, present] = [snapshot('S'), snapshot('S')]
  const early = guard.time()
  heads.put(former, early, 0)
  heads.put(present, guard.time(), 0)
  expect(() => heads.open('S', former.bytes, guard.time(), 0)).toThrow(ROLLBACK)
  expect(heads.open('S', former.bytes, early, 0).state.secretId).toEqual(former.state.secretId)
  // Where neither was known when the other one was readAt for, the first is kept.
  const unordered = newCache()
  unordered.heads.put(former, 0, 0)
  unordered.heads.put(present, 0, 0)
  expect(unordered.heads.getCached('S')?.id).toBe(former.id)
})

it('remembers nothing once it was cleared', () => {
  const { heads, guard } = newCache()
  const first = snapshot('first')
  heads.put(snapshot('first', { ...first.state, generation: 2 }), 0, 0)
  for (let i = 0; i < 1500; i++) heads.put(snapshot(`secret-${i}`), 0, 0)
  heads.clear()
  guard.clear()
  expect(heads.getCached('secret-10')).toBeNull()
  expect(heads.getCached('secret-1499')).toBeNull()
  expect(heads.open('first', first.bytes, guard.time(), 0).state.generation).toBe(1)
})
