/** What looks at many records lets other work of the thread go on, also over a store in memory. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Filter, Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import { beginRecord } from '@stagevault/core/records/record-frame'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'
import { TEST_KEY } from '../support/test-vault.js'

const unlock = rawKey(TEST_KEY)
const SECRETS = 10_000
/**
 * Milliseconds of computing between two turns of other work, four times what is promised. It is
 * the computing of this process that counts: how busy the machine is makes no difference.
 */
const HELD_MS_MAX = 200

/** The longest computing, in milliseconds, between two turns of a loop that runs during `work`. */
async function longestHold(work: () => Promise<unknown>): Promise<number> {
  const computed = (): number => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1_000
  }
  let last = computed()
  let longest = 0
  let isRunning = true
  function turn(): void {
    const now = computed()
    longest = Math.max(longest, now - last)
    last = now
    if (isRunning) setImmediate(turn)
  }
  setImmediate(turn)
  await work()
  turn()
  isRunning = false
  return longest
}

/** Turns of other work while `call` is awaited over and over, until there were `TURNS` of them. */
async function turnsBeside(call: (index: number) => Promise<unknown>): Promise<number> {
  let turns = 0
  let isRunning = true
  function turn(): void {
    if (!isRunning) return
    turns += 1
    setImmediate(turn)
  }
  setImmediate(turn)
  for (let i = 0; i < CALLS_MAX && turns < TURNS; i++) await call(i)
  isRunning = false
  return turns
}

const TURNS = 3
/** These take seconds where nothing else gets its turn, and some 100 ms where it does. */
const CALLS_MAX = 10_000
const NOTHING: Filter[] = [{ key: 'Description', values: ['in no secret'] }]
const data = createMemoryData()
let vault: Vault

beforeAll(async () => {
  vault = await createVault({ storage: createMemoryStorage({ data }), unlock })
  for (let start = 0; start < SECRETS; start += 5_000) {
    await Promise.all(
      Array.from({ length: 5_000 }, (_, i) =>
        vault.createSecret({ secretName: `s${start + i}`, secretData: 'x' }),
      ),
    )
  }
}, 120_000)

describe('with 10,000 secrets in memory, other work gets its turn during', () => {
  it('verify', async () => {
    const held = await longestHold(async () => {
      expect(await vault.verify()).toMatchObject({ isClean: true, secretCount: SECRETS })
    })
    expect(held).toBeLessThanOrEqual(HELD_MS_MAX)
  }, 120_000)

  it('listSecrets with a filter that matches nothing', async () => {
    const opened = await openVault({ storage: createMemoryStorage({ data }), unlock })
    const held = await longestHold(async () => {
      const { secrets } = await opened.listSecrets({ filters: NOTHING })
      expect(secrets).toEqual([])
    })
    expect(held).toBeLessThanOrEqual(HELD_MS_MAX)
  }, 120_000)

  it('rebuildRoot', async () => {
    const storage = createMemoryStorage({ data })
    const unproved = await openVault({ storage, unlock, readOnly: true, unproved: true })
    const held = await longestHold(async () => {
      expect(await unproved.rebuildRoot()).toMatchObject({ secretCount: SECRETS })
    })
    expect(held).toBeLessThanOrEqual(HELD_MS_MAX)
  }, 120_000)
})

it('with 2,000 secrets in LevelDB, other work gets its turn during verify and lists', async () => {
  const location = join(await mkdtemp(join(tmpdir(), 'stagevault-yielding-')), 'vault')
  const onDisk = await createVault({ location, unlock, durability: 'relaxed' })
  await Promise.all(
    Array.from({ length: 2_000 }, (_, i) =>
      onDisk.createSecret({ secretName: `s${i}`, secretData: 'x' }),
    ),
  )
  const verified = await longestHold(async () => {
    expect(await onDisk.verify()).toMatchObject({ isClean: true, secretCount: 2_000 })
  })
  const listed = await longestHold(() => onDisk.listSecrets({ filters: NOTHING }))
  await onDisk.close()
  await rm(location, { recursive: true })
  expect(Math.max(verified, listed)).toBeLessThanOrEqual(HELD_MS_MAX)
}, 120_000)

/** Entries of the right kind under a MAC of nothing, as long as such entries may be. */
async function plantEntries(storage: StorageAdapter, count: number): Promise<void> {
  const writer = beginRecord('due')
  writer.bytes(new Uint8Array(60_000))
  const value = writer.take()
  for (let start = 0; start < count; start += 8) {
    const mutations = Array.from({ length: 8 }, (_, i) => ({
      key: `due!000000000000!${(start + i).toString(16).padStart(32, '0')}`,
      value,
    }))
    await storage.commit({ guards: [], mutations })
  }
}

describe('during a sweep', () => {
  it('over entries that someone planted', async () => {
    const storage = createMemoryStorage()
    const swept = await createVault({ storage, unlock })
    await plantEntries(storage, 4_000)
    const held = await longestHold(() => swept.listSecrets())
    expect(held).toBeLessThanOrEqual(HELD_MS_MAX)
  }, 120_000)
})

describe('a program that does nothing but await, over a store in memory, lets others have turns', () => {
  const S = { secretName: 's1' } as const
  const LOOPS: readonly (readonly [string, (vault: Vault, i: number) => Promise<unknown>])[] = [
    ['puts', (own, i) => own.putSecretValue({ ...S, secretData: String(i) })],
    [
      'puts that change nothing',
      (own) => own.putSecretValue({ ...S, secretData: 'x', versionId: 'v1' }),
    ],
    ['gets', (own) => own.getSecretValue(S)],
    ['refusals', (own) => own.getSecretValue({ secretName: 'none' }).catch(() => null)],
    ['lists', (own) => own.listSecrets({ pageSize: 10 })],
    ['batches', (own) => own.batchGetSecretValue({ secretsList: [S] })],
  ]

  it.each(LOOPS)(
    'between %s',
    async (_, call) => {
      const own = await createVault({ storage: createMemoryStorage(), unlock })
      await own.createSecret({ ...S, secretData: 'x' })
      expect(await turnsBeside((i) => call(own, i))).toBe(TURNS)
    },
    120_000,
  )

  it('between the commits of a long queue', async () => {
    const own = await createVault({ storage: createMemoryStorage(), unlock })
    const queued = Promise.all(
      Array.from({ length: 5_000 }, (_, i) =>
        own.createSecret({ secretName: `s${i}`, secretData: 'x' }),
      ),
    )
    const turns = await turnsBeside(() => queued)
    expect(turns).toBeGreaterThan(TURNS)
  }, 120_000)

  it('and a call that comes alone does not wait for them', async () => {
    const own = await createVault({ storage: createMemoryStorage(), unlock })
    await own.createSecret({ ...S, secretData: 'x' })
    let hasTurn = false
    await new Promise((resolve) => {
      setTimeout(resolve, 60)
    })
    setImmediate(() => {
      hasTurn = true
    })
    await own.putSecretValue({ ...S, secretData: 'alone' })
    expect(hasTurn).toBe(false)
  })
})

describe('where timers are replaced by those of a test', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('calls still end', async () => {
    const own = await createVault({ storage: createMemoryStorage(), unlock })
    await own.createSecret({ secretName: 's1', secretData: 'x' })
    vi.useFakeTimers()
    for (let i = 0; i < 3; i++) {
      vi.advanceTimersByTime(60_000)
      await own.putSecretValue({ secretName: 's1', secretData: String(i) })
    }
    expect((await own.getSecretValue({ secretName: 's1' })).secretData).toBe('2')
  })
})
