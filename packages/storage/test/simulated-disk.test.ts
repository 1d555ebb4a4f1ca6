import { describe, expect, it } from 'vitest'
import type { StorageAdapter } from '@stagevault/storage'
import { storageConformance } from '@stagevault/storage/conformance'
import { faultyStorage } from '@stagevault/storage/faulty'
import { createSimulatedDisk } from '@stagevault/storage/simulated-disk'
import type { SimulatedDisk, SimulatedDurability } from '@stagevault/storage/simulated-disk'

const put = (storage: StorageAdapter, ...entries: (readonly [string, number | null])[]) =>
  storage.commit({
    guards: [],
    mutations: entries.map(([key, byte]) => ({
      key,
      value: byte === null ? null : Uint8Array.of(byte),
    })),
  })

async function contentOf(disk: SimulatedDisk): Promise<string> {
  const entries = await disk.open('strict').scan({ start: '!', end: '~', limit: 10 })
  return entries.map(({ key, value }) => `${key}${String(value[0])}`).join(' ')
}

describe.each(['strict', 'relaxed'] as const)('a simulated disk, %s', (durability) => {
  storageConformance({ describe, it, factory: () => subject(durability) })
})

function subject(durability: SimulatedDurability) {
  const disk = createSimulatedDisk()
  let readsFail = false
  let writesFail = false
  return Promise.resolve({
    open: () =>
      Promise.resolve(
        faultyStorage(disk.open(durability), ({ method }) => {
          // Commits read, too: their guards.
          const fails = readsFail ? method !== 'close' : writesFail && method === 'commit'
          return fails ? 'fail-before' : 'pass'
        }),
      ),
    failReads() {
      readsFail = true
    },
    failWrites() {
      writesFail = true
    },
    heal() {
      readsFail = false
      writesFail = false
    },
    dispose: () => Promise.resolve(),
  })
}

describe('a simulated disk that loses its power', () => {
  /** Six commits: two at risk, one that is strict, and three at risk. */
  async function filled(): Promise<SimulatedDisk> {
    const disk = createSimulatedDisk()
    const [relaxed, strict] = [disk.open('relaxed'), disk.open('strict')]
    await put(relaxed, ['a', 1], ['b', 1])
    await put(relaxed, ['a', 2])
    expect(disk.atRisk).toBe(2)
    await put(strict, ['c', 3])
    expect(disk.atRisk).toBe(0)
    await put(relaxed, ['a', null], ['d', 4])
    await put(relaxed, ['a', 5], ['c', null])
    await put(relaxed, ['b', 6], ['a', 6], ['d', 6])
    expect(disk.atRisk).toBe(3)
    return disk
  }

  it.each([
    [0, 'a2 b1 c3'],
    [1, 'b1 c3 d4'],
    [2, 'a5 b1 d4'],
    [3, 'a6 b6 d6'],
  ])('keeps the first %i of the commits at risk, whole, and all before', async (kept, content) => {
    const disk = await filled()
    disk.losePower(kept)
    expect(await contentOf(disk)).toBe(content)
    expect(disk.atRisk).toBe(0)
    disk.losePower()
    expect(await contentOf(disk)).toBe(content)
  })

  it('keeps none of them if not told otherwise', async () => {
    const disk = await filled()
    disk.losePower()
    expect(await contentOf(disk)).toBe('a2 b1 c3')
  })

  it('does not count what writes nothing', async () => {
    const disk = await filled()
    const storage = disk.open('relaxed')
    await storage.commit({ guards: [], mutations: [] })
    const mutations = [{ key: 'a', value: null }]
    const guards = [{ key: 'a', value: null }]
    expect(await storage.commit({ guards, mutations })).toBe('conflict')
    expect(disk.atRisk).toBe(3)
    await disk.open('strict').commit({ guards: [], mutations: [] })
    expect(disk.atRisk).toBe(3)
  })

  it('ends the stores that are open, and those opened later work', async () => {
    const disk = createSimulatedDisk()
    const before = disk.open('relaxed')
    disk.losePower()
    for (const call of [
      put(before, ['a', 1]),
      before.read(['a']),
      before.scan({ start: 'a', end: 'b', limit: 1 }),
    ])
      await expect(call).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
    await put(disk.open('relaxed'), ['a', 1])
    expect(await contentOf(disk)).toBe('a1')
  })

  it.each([-1, 4, 1.5, NaN])('refuses to keep %d', async (kept) => {
    const disk = await filled()
    expect(() => {
      disk.losePower(kept)
    }).toThrow(RangeError)
    expect(disk.atRisk).toBe(3)
  })
})
