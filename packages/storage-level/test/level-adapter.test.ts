import { describe, expect, it } from 'vitest'
import type { FolderWatch } from '../dist/folder-watch.js'
import { levelAdapter } from '../dist/level-adapter.js'
import type {
  LevelBatch,
  LevelDatabase,
  LevelOperation,
  LevelSnapshot,
} from '../dist/level-adapter.js'

const put = (key: string, text: string): { key: string; value: Uint8Array } => ({
  key,
  value: Buffer.from(text),
})
const write = (...mutations: { key: string; value: Uint8Array }[]) => ({ guards: [], mutations })

/** A stand-in for an open `Level` that notes what it is asked for. */
function fakeDatabase(): {
  readonly database: LevelDatabase
  readonly calls: string[]
  readonly stored: Map<string, Buffer>
  /** Ends the batch under way. */
  readonly endBatch: (error?: Error) => void
  /** Ends the page under way. */
  readonly endPage: () => void
} {
  const stored = new Map<string, Buffer>()
  const calls: string[] = []
  const ends: { batch?: (error?: Error) => void; page?: () => void } = {}
  const snapshots = new Map<LevelSnapshot, Map<string, Buffer>>()

  function write(way: string, operations: readonly LevelOperation[], sync: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      calls.push(
        `${way} ${operations.map(({ type, key }) => `${type} ${key}`).join()} sync ${sync}`,
      )
      ends.batch = (error) => {
        if (error !== undefined) {
          reject(error)
          return
        }
        for (const operation of operations) {
          if (operation.type === 'del') stored.delete(operation.key)
          else stored.set(operation.key, Buffer.from(operation.value))
        }
        resolve()
      }
    })
  }

  function batch(): LevelBatch
  function batch(operations: LevelOperation[], options: { sync: boolean }): Promise<void>
  function batch(
    operations?: LevelOperation[],
    options?: { sync: boolean },
  ): LevelBatch | Promise<void> {
    if (operations !== undefined) return write('array', operations, options?.sync === true)
    const own: LevelOperation[] = []
    return {
      put: (key, value) => own.push({ type: 'put', key, value: Buffer.from(value) }),
      del: (key) => own.push({ type: 'del', key }),
      write: ({ sync }) => write('batch', own, sync),
    }
  }

  const database: LevelDatabase = {
    getSync(key, options) {
      calls.push(options === undefined ? `get ${key}` : `get ${key} from snapshot`)
      const from = options === undefined ? stored : snapshots.get(options.snapshot)
      return from?.get(key)
    },
    snapshot() {
      calls.push('snapshot')
      const snapshot = {
        close(): Promise<void> {
          calls.push('close snapshot')
          snapshots.delete(snapshot)
          return Promise.resolve()
        },
      }
      snapshots.set(snapshot, new Map(stored))
      return snapshot
    },
    iterator: ({ gte, lt, limit }) => ({
      all: () =>
        new Promise((resolve) => {
          calls.push(`page ${gte} ${lt} ${limit}`)
          ends.page = () => {
            resolve([...stored])
          }
        }),
    }),
    batch,
    close() {
      calls.push('close')
      return Promise.resolve()
    },
  }
  return {
    database,
    calls,
    stored,
    endBatch: (error) => {
      ends.batch?.(error)
    },
    endPage: () => {
      ends.page?.()
    },
  }
}

async function turns(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await Promise.resolve()
}

const watch: FolderWatch = {
  findLoss: () => null,
  findLossInPassing: () => null,
  findLossAtTimes: () => null,
}
const strict = { sync: true, watch, onClosed: () => undefined }

describe('level adapter', () => {
  it.each([true, false])('passes sync: %s to every batch', async (sync) => {
    const { database, calls, endBatch } = fakeDatabase()
    const storage = levelAdapter(database, { ...strict, sync })
    const both = [
      storage.commit(write(put('a', '1'), put('b', '2'))),
      storage.commit({ guards: [], mutations: [{ key: 'a', value: null }] }),
    ]
    await turns()
    expect(calls).toEqual([`batch del a,put b sync ${sync}`])
    endBatch()
    await expect(Promise.all(both)).resolves.toEqual(['applied', 'applied'])
  })

  it('hands a batch of more than 131,072 bytes over as an array', async () => {
    const { database, calls, endBatch } = fakeDatabase()
    const storage = levelAdapter(database, strict)
    const commit = async (...lengths: number[]): Promise<void> => {
      const mutations = lengths.map((length, i) => ({
        key: `k${i}`,
        value: new Uint8Array(length),
      }))
      const outcome = storage.commit({ guards: [], mutations })
      await turns()
      endBatch()
      await expect(outcome).resolves.toBe('applied')
    }
    await commit(131_070)
    await commit(131_071)
    await commit(65_534, 65_534)
    await commit(65_534, 65_535)
    expect(calls.map((call) => call.slice(0, 5))).toEqual(['batch', 'array', 'batch', 'array'])
  })

  it('makes two batches of 40 commits: one, and one of those that came during the first', async () => {
    const { database, calls, endBatch } = fakeDatabase()
    const storage = levelAdapter(database, strict)
    const first = storage.commit(write(put('k', '1')))
    await turns()
    const others = Array.from({ length: 39 }, (_, i) => storage.commit(write(put(`k${i}`, '1'))))
    await turns()
    endBatch()
    await first
    await turns()
    endBatch()
    await Promise.all(others)
    expect(calls.filter((call) => call.startsWith('batch'))).toHaveLength(2)
  })

  it('reads plainly while nothing is written', async () => {
    const { database, calls, stored } = fakeDatabase()
    stored.set('a', Buffer.from('1'))
    const storage = levelAdapter(database, strict)
    await expect(storage.read(['a', 'b', 'a'])).resolves.toEqual([
      new Uint8Array([49]),
      null,
      new Uint8Array([49]),
    ])
    expect(calls).toEqual(['get a', 'get b', 'get a'])
  })

  it('reads from a snapshot only what a batch under way may change between two keys', async () => {
    const { database, calls, endBatch } = fakeDatabase()
    const storage = levelAdapter(database, strict)
    const commit = storage.commit(write(put('a', '1'), put('b', '1')))
    await turns()
    calls.length = 0
    await storage.read(['a'])
    await storage.read(['a', 'c', 'd'])
    await storage.read(['c', 'd', 'c'])
    expect(calls.filter((call) => call.includes('snapshot'))).toEqual([])
    calls.length = 0
    await storage.read(['a', 'c', 'b'])
    expect(calls).toEqual([
      'snapshot',
      'get a from snapshot',
      'get c from snapshot',
      'get b from snapshot',
      'close snapshot',
    ])
    calls.length = 0
    await storage.read(['a', 'a'])
    expect(calls[0]).toBe('snapshot')
    endBatch()
    await commit
    calls.length = 0
    await expect(storage.read(['a', 'b'])).resolves.toEqual([
      new Uint8Array([49]),
      new Uint8Array([49]),
    ])
    expect(calls).toEqual(['get a', 'get b'])
  })

  it('closes the snapshot of a read that fails', async () => {
    const fake = fakeDatabase()
    const { calls } = fake
    const getSync: LevelDatabase['getSync'] = () => {
      throw new Error('IO error: made to fail')
    }
    const storage = levelAdapter({ ...fake.database, getSync }, strict)
    const commit = storage.commit(write(put('a', '1'), put('b', '1')))
    await turns()
    await expect(storage.read(['a', 'b'])).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    expect(calls.slice(-2)).toEqual(['snapshot', 'close snapshot'])
    fake.endBatch()
    await commit
  })

  it('answers with Uint8Array, not with Buffer, whose slice shares memory', async () => {
    const { database, stored, endPage } = fakeDatabase()
    stored.set('a', Buffer.from('12'))
    const storage = levelAdapter(database, strict)
    const [value] = await storage.read(['a'])
    const page = storage.scan({ start: 'a', end: 'b', limit: 1 })
    endPage()
    for (const found of [value, (await page)[0]?.value]) {
      expect(Object.getPrototypeOf(found)).toBe(Uint8Array.prototype)
      expect(found).toEqual(new Uint8Array([49, 50]))
    }
  })

  it('goes on reading after a failed batch, and refuses to write', async () => {
    const { database, calls, stored, endBatch } = fakeDatabase()
    stored.set('a', Buffer.from('1'))
    const storage = levelAdapter(database, strict)
    const failing = storage.commit(write(put('a', '2')))
    await turns()
    endBatch(
      Object.assign(new Error('IO error: 000003.log: Input/output error'), {
        code: 'LEVEL_IO_ERROR',
      }),
    )
    await expect(failing).rejects.toMatchObject({ code: 'STORAGE_OUTCOME_UNKNOWN' })
    const later = storage.commit(write(put('b', '1')))
    await expect(later).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    await expect(storage.read(['a'])).resolves.toEqual([new Uint8Array([49])])
    expect(calls.filter((call) => call.startsWith('batch'))).toHaveLength(1)
    await storage.close()
    expect(calls.at(-1)).toBe('close')
  })

  it.each([
    'IO error: /x/000003.log: No space left on device',
    'IO error: /x/000003.log: Disk quota exceeded',
    'IO error: C:\\x\\000003.log: There is not enough space on the disk.',
  ])('tells a full disk: %s', async (message) => {
    const { database, endBatch } = fakeDatabase()
    const storage = levelAdapter(database, strict)
    const failing = storage.commit(write(put('a', '1')))
    await turns()
    endBatch(Object.assign(new Error(message), { code: 'LEVEL_IO_ERROR' }))
    await expect(failing).rejects.toMatchObject({ code: 'STORAGE_FULL' })
    const later = storage.commit(write(put('b', '1')))
    await expect(later).rejects.toMatchObject({ code: 'STORAGE_FULL' })
  })

  it('closes once, after the commits and pages under way, and refuses what comes later', async () => {
    const { database, calls, endBatch, endPage } = fakeDatabase()
    let closed = 0
    const storage = levelAdapter(database, {
      ...strict,
      onClosed: () => {
        closed += 1
      },
    })
    const commit = storage.commit(write(put('a', '1')))
    const page = storage.scan({ start: 'a', end: 'b', limit: 1 })
    const closing = [storage.close(), storage.close()]
    await expect(storage.read(['a'])).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
    await expect(storage.scan({ start: 'a', end: 'b', limit: 1 })).rejects.toMatchObject({
      code: 'STORAGE_CLOSED',
    })
    await expect(storage.commit(write())).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
    await turns()
    endBatch()
    await expect(commit).resolves.toBe('applied')
    await turns()
    expect(calls).not.toContain('close')
    endPage()
    await page
    await Promise.all(closing)
    await storage.close()
    expect(calls.filter((call) => call === 'close')).toHaveLength(1)
    expect(closed).toBe(1)
  })

  it('keeps the folder where LevelDB could not close, and closes when it is called again', async () => {
    let closed = 0
    let fails = true
    const { database } = fakeDatabase()
    const close = (): Promise<void> =>
      fails ? Promise.reject(new Error('made to fail')) : database.close()
    const options = {
      ...strict,
      onClosed: () => {
        closed += 1
      },
    }
    const storage = levelAdapter({ ...database, close }, options)
    const both = [storage.close(), storage.close()]
    for (const closing of both) {
      await expect(closing).rejects.toMatchObject({
        code: 'STORAGE_UNAVAILABLE',
        message: 'LevelDB could not close and holds its folder until it can: call close again',
      })
    }
    await expect(storage.read(['a'])).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
    expect(closed).toBe(0)
    fails = false
    await Promise.all([storage.close(), storage.close()])
    expect(closed).toBe(1)
  })
})
