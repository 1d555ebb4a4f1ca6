import { describe, expect, it } from 'vitest'
import { checkedStorage, scanAll, STORAGE_KEY_CHARS_MAX } from '@stagevault/storage'
import type { ScanAllRange, StorageAdapter, StorageRange } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'

const LONGEST = STORAGE_KEY_CHARS_MAX

async function storageWith(keys: readonly string[]): Promise<StorageAdapter> {
  const storage = checkedStorage(createMemoryStorage())
  for (const key of keys) {
    await storage.commit({ guards: [], mutations: [{ key, value: new Uint8Array(1) }] })
  }
  return storage
}

async function keysOf(
  storage: StorageAdapter,
  range: ScanAllRange = { start: '!', end: '~' },
): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of scanAll(storage, range)) keys.push(key)
  return keys
}

describe('scanAll', () => {
  it.each([1, 2, 3, 4, 5, 1_000])('visits everything once in pages of %d', async (pageSize) => {
    const storage = await storageWith(['a', 'a!', 'a!!', 'b'])
    expect(await keysOf(storage, { start: '!', end: '~', pageSize })).toEqual([
      'a',
      'a!',
      'a!!',
      'b',
    ])
    expect(await keysOf(storage, { start: 'a!', end: 'b', pageSize })).toEqual(['a!', 'a!!'])
    expect(await keysOf(storage, { start: 'c', end: '~', pageSize })).toEqual([])
  })

  it('goes on after keys of full length, which nothing can be appended to', async () => {
    const stem = 'k'.repeat(LONGEST - 2)
    const keys = ['a', `${stem}kk`, `${stem}k~`, `${stem}l`, `${stem}l!`, `${stem}~~`, 'z']
    const storage = await storageWith(keys)
    for (const pageSize of [1, 2, 3]) {
      expect(await keysOf(storage, { start: '!', end: '~', pageSize })).toEqual(keys)
    }
  })

  it('ends at the greatest key there can be', async () => {
    const greatest = '~'.repeat(LONGEST)
    const below = '~'.repeat(LONGEST - 1)
    const pages: StorageRange[] = []
    const storage: StorageAdapter = {
      ...createMemoryStorage(),
      scan(range) {
        pages.push(range)
        return Promise.resolve([{ key: greatest, value: new Uint8Array(0) }])
      },
    }
    // No end lies above it, so only an adapter that answers outside the range can show it.
    expect(await keysOf(storage, { start: below, end: greatest, pageSize: 1 })).toEqual([greatest])
    expect(pages).toHaveLength(1)
  })

  it('asks for no further page after one that is not full', async () => {
    const limits: number[] = []
    const inner = await storageWith(['a', 'b', 'c'])
    const storage: StorageAdapter = {
      ...inner,
      scan(range) {
        limits.push(range.limit)
        return inner.scan(range)
      },
    }
    await keysOf(storage, { start: '!', end: '~', pageSize: 2 })
    expect(limits).toEqual([2, 2])
    limits.length = 0
    await keysOf(storage)
    expect(limits).toEqual([256])
  })

  it('reads a page when it is asked for, not before', async () => {
    const inner = await storageWith(['a', 'b', 'c', 'd'])
    let scans = 0
    const counting: StorageAdapter = {
      ...inner,
      scan(range) {
        scans += 1
        return inner.scan(range)
      },
    }
    const entries = scanAll(counting, { start: '!', end: '~', pageSize: 2 })
    expect(scans).toBe(0)
    await entries.next()
    await entries.next()
    expect(scans).toBe(1)
    await entries.return()
    expect(scans).toBe(1)
  })

  it('stops at an aborted signal, between pages and within one', async () => {
    const storage = await storageWith(['a', 'b', 'c', 'd'])
    for (const pageSize of [1, 4]) {
      const abort = new AbortController()
      const entries = scanAll(storage, { start: '!', end: '~', pageSize }, { signal: abort.signal })
      expect((await entries.next()).value?.key).toBe('a')
      abort.abort(new Error('enough'))
      await expect(entries.next()).rejects.toThrow('enough')
      expect((await entries.next()).done).toBe(true)
    }
    const before = scanAll(storage, { start: '!', end: '~' }, { signal: AbortSignal.abort() })
    await expect(before.next()).rejects.toThrow('aborted')
  })

  it('asks for more and more where it is told to', async () => {
    const sizes: number[] = []
    const keys = Array.from({ length: 20 }, (_, i) => `k${10 + i}`)
    const storage = await storageWith(keys)
    const counting: StorageAdapter = {
      ...storage,
      scan: (range) => {
        sizes.push(range.limit)
        return storage.scan(range)
      },
    }
    const range = { start: '!', end: '~', pageSize: 2, pageSizeMax: 7 }
    expect(await keysOf(counting, range)).toEqual(keys)
    expect(sizes).toEqual([2, 4, 7, 7, 7])
  })

  it.each([1, 2.5, NaN, 1_001])('refuses pages that grow from 2 to %d', async (pageSizeMax) => {
    const entries = scanAll(createMemoryStorage(), {
      start: '!',
      end: '~',
      pageSize: 2,
      pageSizeMax,
    })
    await expect(entries.next()).rejects.toBeInstanceOf(RangeError)
  })

  it.each([0, -1, 1.5, NaN, 1_001])('refuses pages of %d', async (pageSize) => {
    const entries = scanAll(createMemoryStorage(), { start: '!', end: '~', pageSize })
    await expect(entries.next()).rejects.toThrow(RangeError)
  })

  it('passes failures of the store on', async () => {
    const storage = await storageWith(['a'])
    await storage.close()
    await expect(keysOf(storage)).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
  })
})
