import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Level } from 'level'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { StorageAdapter } from '@stagevault/storage'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { nextLine, startChild } from './child.js'
import { temporaryFolder } from './level-subject.js'

let folder: string
let location: string

beforeEach(async () => {
  folder = await temporaryFolder()
  location = join(folder, 'store')
})

afterEach(() => rm(folder, { recursive: true }))

const value = new Uint8Array([1, 2, 3])
const put = (storage: StorageAdapter, key: string): Promise<unknown> =>
  storage.commit({ guards: [], mutations: [{ key, value }] })

/** Where batches begin, and how they are written. */
interface WithBatch {
  batch: () => { write: (options: { readonly sync?: unknown }) => Promise<void> }
}

/** A closed store with one record at `location`. */
async function makeStore(): Promise<void> {
  const storage = await createLevelStorage({ location })
  await put(storage, 'a')
  await storage.close()
}

async function expectStore(at = location): Promise<void> {
  const storage = await openLevelStorage({ location: at })
  expect(await storage.read(['a'])).toEqual([value])
  await storage.close()
}

describe('createLevelStorage and openLevelStorage', () => {
  it('await using closes what they return', async () => {
    {
      await using storage = await createLevelStorage({ location, durability: undefined })
      await put(storage, 'a')
    }
    {
      await using storage = await openLevelStorage({ location })
      expect(await storage.read(['a'])).toEqual([value])
    }
    await expectStore()
  })

  it('create makes the folders that are missing, for their owner alone', async () => {
    location = join(folder, 'some', 'where', 'store')
    await makeStore()
    await expectStore()
    expect((await stat(location)).mode & 0o777).toBe(0o700)
  })

  it('create opens what is there', async () => {
    await makeStore()
    const storage = await createLevelStorage({ location, durability: 'relaxed' })
    expect(await storage.read(['a'])).toEqual([value])
    await storage.close()
  })

  it('open makes nothing where there is no folder', async () => {
    await expect(openLevelStorage({ location })).rejects.toMatchObject({
      code: 'STORAGE_MISSING',
      message: `there is no store at ${location}`,
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('open makes nothing in a folder without a store', async () => {
    await mkdir(location)
    await expect(openLevelStorage({ location })).rejects.toMatchObject({ code: 'STORAGE_MISSING' })
    await writeFile(join(location, 'notes.txt'), 'not a store')
    await expect(openLevelStorage({ location })).rejects.toMatchObject({ code: 'STORAGE_MISSING' })
    expect(await readdir(location)).toEqual(['notes.txt'])
    await makeStore()
    await expectStore()
  })

  it('start again after a crash in the middle of making a store', async () => {
    // What LevelDB has written before CURRENT makes it a store.
    await mkdir(location)
    for (const name of ['LOCK', 'LOG', 'MANIFEST-000001', '000001.dbtmp']) {
      await writeFile(join(location, name), '')
    }
    await expect(openLevelStorage({ location })).rejects.toMatchObject({ code: 'STORAGE_MISSING' })
    await makeStore()
    await expectStore()
  })

  it('do not start a new store over the records of one that lost its CURRENT', async () => {
    await makeStore()
    const current = join(location, 'CURRENT')
    await rename(current, join(folder, 'CURRENT'))
    const before = await readdir(location)
    for (const open of [createLevelStorage, openLevelStorage]) {
      await expect(open({ location })).rejects.toMatchObject({
        code: 'STORAGE_UNAVAILABLE',
        message: `${current} is missing from the store: restore it`,
      })
    }
    expect(await readdir(location)).toEqual(before)
    await rename(join(folder, 'CURRENT'), current)
    await expectStore()
  })

  it('tell damage, and open again once it is repaired', async () => {
    await makeStore()
    const current = join(location, 'CURRENT')
    await rename(current, join(folder, 'CURRENT'))
    await writeFile(current, 'MANIFEST-999999\n')
    for (const open of [createLevelStorage, openLevelStorage]) {
      const error: unknown = await open({ location }).catch((e: unknown) => e)
      expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
      expect(error).toHaveProperty('cause.code', 'LEVEL_DATABASE_NOT_OPEN')
    }
    await rename(join(folder, 'CURRENT'), current)
    await expectStore()
  })

  it('find the store after the process has changed its folder', async () => {
    const before = process.cwd()
    const elsewhere = join(folder, 'at', 'another', 'depth')
    await mkdir(elsewhere, { recursive: true })
    try {
      const storage = await createLevelStorage({ location: relative(before, location) })
      process.chdir(elsewhere)
      // Enough for LevelDB to open new files.
      for (let n = 0; n < 50; n += 1) {
        await storage.commit({
          guards: [],
          mutations: [{ key: `k${n}`, value: new Uint8Array(131_072) }],
        })
      }
      await put(storage, 'a')
      await storage.close()
      expect(existsSync(join(location, 'CURRENT'))).toBe(true)
    } finally {
      process.chdir(before)
    }
    await expectStore()
  })

  const wrong: readonly (readonly [unknown, string, string])[] = [
    [{}, 'TypeError', 'location must be a string, not undefined'],
    [{ location: 7 }, 'TypeError', 'location must be a string, not number'],
    [{ location: '' }, 'RangeError', 'location must be a path'],
    [{ location: 'a\0b' }, 'RangeError', 'location must be a path'],
    [{ location: 'x', durability: true }, 'TypeError', 'durability must be a string, not boolean'],
    [{ location: 'x', durability: 'none' }, 'RangeError', "must be 'strict' or 'relaxed'"],
    [{ location: 'x', durabilty: 'relaxed' }, 'RangeError', 'options are location and durability'],
  ]

  it.each(wrong)('refuse %j', async (options, name, message) => {
    for (const open of [createLevelStorage, openLevelStorage]) {
      const error: unknown = await open(options as never).catch((e: unknown) => e)
      expect(error).toMatchObject({ name })
      expect(String(error)).toContain(message)
    }
    expect(existsSync('x')).toBe(false)
  })
})

describe('durability', () => {
  const cases = [
    [undefined, true],
    ['strict', true],
    ['relaxed', false],
  ] as const

  it.each(cases)('%s gives LevelDB batches with sync: %s', async (durability, sync) => {
    const given: unknown[] = []
    const prototype = Level.prototype as unknown as WithBatch
    const begin = prototype.batch
    const spy = vi.spyOn(prototype, 'batch').mockImplementation(function (this: unknown) {
      const batch = begin.call(this)
      const write = batch.write.bind(batch)
      batch.write = (how) => {
        given.push(how.sync)
        return write(how)
      }
      return batch
    })
    const options = durability === undefined ? { location } : { location, durability }
    for (const open of [createLevelStorage, openLevelStorage]) {
      const storage = await open(options)
      await put(storage, 'a')
      await storage.close()
    }
    expect(given).toEqual([sync, sync])
    spy.mockRestore()
  })
})

describe('one handle of one process', () => {
  it('refuses a worker thread of the same process too', async () => {
    const storage = await createLevelStorage({ location })
    const program = new URL('children/open-in-thread.mjs', import.meta.url)
    const thread = new Worker(program, { workerData: location })
    const [told] = (await once(thread, 'message')) as [unknown]
    expect(told).toBe('STORAGE_LOCKED')
    await thread.terminate()
    await storage.close()
  })

  it('a second handle is refused, under any name of the folder', async () => {
    const first = await createLevelStorage({ location })
    const link = join(folder, 'link')
    await symlink(location, link)
    const names = [
      location,
      `${location}/`,
      join(folder, 'x', '..', 'store'),
      link,
      relative(process.cwd(), location),
    ]
    for (const name of names) {
      for (const open of [createLevelStorage, openLevelStorage]) {
        await expect(open({ location: name })).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
      }
    }
    await put(first, 'a')
    await first.close()
    await expectStore(link)
  })

  it('of two that open at once one is refused', async () => {
    await makeStore()
    const both = await Promise.allSettled([0, 1].map(() => openLevelStorage({ location })))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    for (const each of both) {
      if (each.status === 'fulfilled') await each.value.close()
      else expect(each.reason).toMatchObject({ code: 'STORAGE_LOCKED' })
    }
    await expectStore()
  })

  it('another process is refused, also after this one was refused a second handle', async () => {
    const storage = await createLevelStorage({ location })
    await expect(openLevelStorage({ location })).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
    // LevelDB by itself would have dropped its lock by now.
    const refused = startChild('hold', [location])
    expect(await nextLine(refused)).toBe('STORAGE_LOCKED')
    await refused.ended
    await put(storage, 'a')
    await storage.close()
    const admitted = startChild('hold', [location])
    expect(await nextLine(admitted)).toBe('open')
    admitted.process.stdin.end()
    await admitted.ended
  })

  it('this process is refused while another one holds the store, and admitted afterwards', async () => {
    await makeStore()
    const holder = startChild('hold', [location])
    expect(await nextLine(holder)).toBe('open')
    for (const open of [createLevelStorage, openLevelStorage]) {
      await expect(open({ location })).rejects.toMatchObject({
        code: 'STORAGE_LOCKED',
        message: `the process ${holder.process.pid} has ${location} open`,
      })
    }
    holder.process.stdin.end()
    await holder.ended
    await expectStore()
  })
})
