import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StorageAdapter } from '@stagevault/storage'
import { scanAll } from '@stagevault/storage'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { temporaryFolder } from './level-subject.js'

let folder: string
let location: string

beforeEach(async () => {
  folder = await temporaryFolder()
  location = join(folder, 'above', 'store')
})

afterEach(() => rm(folder, { recursive: true }))

const EVERYTHING = { start: '!', end: '~'.repeat(512) }

const put = (storage: StorageAdapter, key: string, length = 3): Promise<unknown> =>
  storage.commit({ guards: [], mutations: [{ key, value: new Uint8Array(length) }] })

/** How many came to what: an outcome, or the code of a rejection. */
async function tally(promises: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const each of await Promise.allSettled(promises)) {
    const result =
      each.status === 'fulfilled'
        ? String(each.value)
        : (each.reason as { readonly code: string }).code
    counts[result] = (counts[result] ?? 0) + 1
  }
  return counts
}

describe('opening', () => {
  it('40 times at once gives one handle, whether the store is there or not', async () => {
    for (const open of [createLevelStorage, openLevelStorage]) {
      const opened: StorageAdapter[] = []
      const counts = await tally(
        Array.from({ length: 40 }, async () => {
          opened.push(await open({ location }))
          return 'opened'
        }),
      )
      expect(counts).toEqual({ opened: 1, STORAGE_LOCKED: 39 })
      for (const storage of opened) await storage.close()
    }
  })

  it('during closing is refused, and possible as soon as that is done', async () => {
    for (let n = 0; n < 20; n += 1) {
      const storage = await createLevelStorage({ location, durability: 'relaxed' })
      void put(storage, `k${n}`)
      let isClosed = false
      const closing = storage.close().then(() => {
        isClosed = true
      })
      const opened = await openLevelStorage({ location }).catch((error: unknown) => error)
      if (opened instanceof Error) {
        expect(opened).toMatchObject({ code: 'STORAGE_LOCKED' })
      } else {
        // Looking at the folder took longer than closing did.
        expect(isClosed).toBe(true)
        await (opened as StorageAdapter).close()
      }
      await closing
    }
    const storage = await openLevelStorage({ location })
    expect(await storage.scan({ ...EVERYTHING, limit: 1_000 })).toHaveLength(20)
    await storage.close()
  })
})

describe('closing', () => {
  it('lets 10,000 commits finish, and admits none', async () => {
    const storage = await createLevelStorage({ location })
    const commits = Array.from({ length: 10_000 }, (_, n) => put(storage, `k${n}`))
    const closing = storage.close()
    const late = Array.from({ length: 10 }, (_, n) => put(storage, `late${n}`))
    expect(await tally(late)).toEqual({ STORAGE_CLOSED: 10 })
    expect(await tally(commits)).toEqual({ applied: 10_000 })
    await closing
    const again = await openLevelStorage({ location })
    let found = 0
    for await (const { key } of scanAll(again, { ...EVERYTHING, pageSize: 1_000 })) {
      if (key.startsWith('k')) found += 1
    }
    expect(found).toBe(10_000)
    await again.close()
  })

  it('lets pages of the greatest size finish, with values of the greatest size', async () => {
    const storage = await createLevelStorage({ location, durability: 'relaxed' })
    await Promise.all(Array.from({ length: 200 }, (_, n) => put(storage, `k${n}`, 131_072)))
    const pages = Array.from({ length: 4 }, async () => {
      const page = await storage.scan({ ...EVERYTHING, limit: 1_000 })
      return page.every(({ value }) => value.length === 131_072) ? page.length : 'torn'
    })
    await storage.close()
    expect(await tally(pages)).toEqual({ 200: 4 })
  })

  it('ends an iteration over pages, as does its abort, and neither holds the store', async () => {
    const storage = await createLevelStorage({ location, durability: 'relaxed' })
    await Promise.all(Array.from({ length: 50 }, (_, n) => put(storage, `k${n}`)))
    const seenUntil = async (signal: AbortSignal, atFifteen: () => unknown): Promise<string> => {
      let seen = 0
      try {
        for await (const entry of scanAll(storage, { ...EVERYTHING, pageSize: 10 }, { signal })) {
          seen += entry.value.length / 3
          if (seen === 15) await atFifteen()
        }
      } catch (error) {
        return `${seen} ${error instanceof Error && 'code' in error ? String(error.code) : ''}`
      }
      return `${seen}`
    }
    const abort = new AbortController()
    const { signal } = new AbortController()
    expect(await seenUntil(signal, () => null)).toBe('50')
    expect(
      await seenUntil(abort.signal, () => {
        abort.abort()
      }),
    ).toMatch(/^15 /)
    expect(await seenUntil(signal, () => storage.close())).toBe('20 STORAGE_CLOSED')
    await (await openLevelStorage({ location })).close()
  })
})
