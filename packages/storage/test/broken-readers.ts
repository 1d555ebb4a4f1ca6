import type { StorageAdapter, StorageEntry, StorageKey } from '@stagevault/storage'
import { StorageError } from '@stagevault/storage'
import type { BrokenAdapter } from './broken-adapters.js'

const mapKeys = (
  storage: StorageAdapter,
  change: (key: StorageKey) => StorageKey,
): StorageAdapter => ({
  ...storage,
  read: (keys) => storage.read(keys.map(change)),
  commit: ({ guards, mutations }) =>
    storage.commit({
      guards: guards.map(({ key, value }) => ({ key: change(key), value })),
      mutations: mutations.map(({ key, value }) => ({ key: change(key), value })),
    }),
})

const brokenReads: readonly BrokenAdapter[] = [
  {
    mistake: 'answers undefined where there is no entry',
    foundBy: 'a new store is empty',
    wrap: (storage) => ({
      ...storage,
      read: async (keys) =>
        (await storage.read(keys)).map((value) => value ?? undefined) as Uint8Array[],
    }),
  },
  {
    mistake: 'answers in the order of the store',
    foundBy: 'read returns values in the order of the keys, null for a missing entry',
    wrap: (storage) => ({ ...storage, read: (keys) => storage.read([...keys].sort()) }),
  },
  {
    mistake: 'answers a repeated key once',
    foundBy: 'read takes no keys, repeated keys and 128 keys',
    wrap: (storage) => ({ ...storage, read: (keys) => storage.read([...new Set(keys)]) }),
  },
  {
    mistake: 'reads key by key',
    foundBy: 'a read during commits sees each of them wholly or not at all',
    wrap: (storage) => ({
      ...storage,
      async read(keys) {
        const values: (Uint8Array | null)[] = []
        for (const key of keys) values.push(...(await storage.read([key])))
        return values
      },
    }),
  },
  {
    mistake: 'answers with its own buffers',
    foundBy: 'returned buffers belong to the caller',
    wrap: (storage, data) => ({
      ...storage,
      read: (keys) => Promise.resolve(keys.map((key) => data.get(key))),
    }),
  },
  {
    mistake: 'answers a repeated key with one buffer',
    foundBy: 'returned buffers belong to the caller',
    wrap: (storage) => ({
      ...storage,
      async read(keys) {
        const distinct = [...new Set(keys)]
        const values = await storage.read(distinct)
        return keys.map((key) => values[distinct.indexOf(key)] ?? null)
      },
    }),
  },
  {
    mistake: 'answers from a cache that commits of other handles pass by',
    foundBy: 'a commit that resolved is seen by every later read and scan',
    wrap(storage) {
      const cache = new Map<string, Uint8Array | null>()
      return {
        ...storage,
        async read(keys) {
          const values = await storage.read(keys)
          return keys.map((key, i) => {
            const value = cache.get(key) ?? values[i] ?? null
            cache.set(key, value)
            return value && new Uint8Array(value)
          })
        },
      }
    },
  },
  {
    mistake: 'takes an entry without bytes for none',
    foundBy: 'values of no bytes, of every byte, and of 131,072 bytes come back as they were',
    wrap: (storage) => ({
      ...storage,
      read: async (keys) =>
        (await storage.read(keys)).map((value) => (value?.length === 0 ? null : value)),
    }),
  },
  {
    mistake: 'folds case',
    foundBy: 'every character of a key counts, and none is special',
    wrap: (storage) => mapKeys(storage, (key) => key.toLowerCase()),
  },
  {
    mistake: 'tidies paths',
    foundBy: 'every character of a key counts, and none is special',
    wrap: (storage) => mapKeys(storage, (key) => key.replace(/\/+/g, '/')),
  },
  {
    mistake: 'cuts long keys',
    foundBy: 'keys of 512 characters that differ only in the last',
    wrap: (storage) => mapKeys(storage, (key) => key.slice(0, 511)),
  },
  {
    mistake: 'looks keys up in an object that inherits',
    foundBy: 'every character of a key counts, and none is special',
    wrap: (storage) => ({
      ...storage,
      read: async (keys) =>
        (await storage.read(keys)).map((value, i) =>
          keys[i] === 'toString' && value === null ? new Uint8Array(0) : value,
        ),
    }),
  },
]

const brokenScans: readonly BrokenAdapter[] = [
  {
    mistake: 'includes the end',
    foundBy: 'start is inclusive, end is exclusive, and neither needs an entry',
    wrap: (storage) => ({
      ...storage,
      scan: (range) => storage.scan({ ...range, end: range.end + '!' }),
    }),
  },
  {
    mistake: 'excludes the start',
    foundBy: 'start is inclusive, end is exclusive, and neither needs an entry',
    wrap: (storage) => ({
      ...storage,
      scan: (range) => storage.scan({ ...range, start: range.start + '!' }),
    }),
  },
  {
    mistake: 'sorts by locale',
    foundBy: 'entries come in ascending order of code unit, however they were written',
    wrap: (storage) => ({
      ...storage,
      scan: async (range) =>
        (await storage.scan(range)).sort((a, b) => a.key.localeCompare(b.key, 'en')),
    }),
  },
  {
    mistake: 'answers in the order of writing',
    foundBy: 'entries come in ascending order of code unit, however they were written',
    wrap: (storage) => ({
      ...storage,
      scan: async (range) => (await storage.scan(range)).reverse(),
    }),
  },
  {
    mistake: 'answers one entry less than the limit',
    foundBy: 'limit counts from the start of the range',
    wrap: (storage) => ({
      ...storage,
      scan: async (range) => (await storage.scan(range)).slice(0, Math.max(1, range.limit - 1)),
    }),
  },
  {
    mistake: 'forgets the limit',
    foundBy: 'limit counts from the start of the range',
    wrap: (storage) => ({
      ...storage,
      scan: (range) => storage.scan({ ...range, limit: 1_000 }),
    }),
  },
  {
    mistake: 'counts the limit from the start of the store',
    foundBy: 'limit counts from the start of the range',
    wrap: (storage) => ({
      ...storage,
      scan: async (range) =>
        (await storage.scan({ ...range, start: '!' })).filter(({ key }) => key >= range.start),
    }),
  },
  {
    mistake: 'answers at most 256 entries',
    foundBy: 'a page of 1,000 entries, and paging through 1,100',
    wrap: (storage) => ({
      ...storage,
      scan: async (range) => (await storage.scan(range)).slice(0, 256),
    }),
  },
  {
    mistake: 'rejects a range that ends before it starts',
    foundBy: 'ranges that hold nothing, or end before they start, are empty',
    wrap: (storage) => ({
      ...storage,
      scan: (range) =>
        range.start < range.end
          ? storage.scan(range)
          : Promise.reject(new StorageError('STORAGE_UNAVAILABLE', 'not a range')),
    }),
  },
  {
    mistake: 'reads the values of a page one by one',
    foundBy: 'a page during commits sees each of them wholly or not at all',
    wrap: (storage) => ({
      ...storage,
      async scan(range) {
        const entries: StorageEntry[] = []
        for (const { key } of await storage.scan(range)) {
          const [value] = await storage.read([key])
          if (value) entries.push({ key, value })
        }
        return entries
      },
    }),
  },
  {
    mistake: 'walks a page entry by entry',
    foundBy: 'entries moved during a page are in it once',
    wrap: (storage) => ({
      ...storage,
      async scan({ start, end, limit }) {
        const entries: StorageEntry[] = []
        let from = start
        while (entries.length < limit) {
          const [next] = await storage.scan({ start: from, end, limit: 1 })
          if (next === undefined) break
          entries.push(next)
          from = next.key + '!'
        }
        return entries
      },
    }),
  },
  {
    mistake: 'scans with its own buffers',
    foundBy: 'returned buffers belong to the caller',
    wrap: (storage, data) => ({
      ...storage,
      scan: ({ start, end, limit }) => Promise.resolve(data.range(start, end, limit)),
    }),
  },
]

const brokenFailures: readonly BrokenAdapter[] = [
  {
    mistake: 'takes a failed read for no entry',
    foundBy: 'a read that fails rejects: it is not absence',
    wrap: (storage) => ({
      ...storage,
      read: (keys) => storage.read(keys).catch(() => keys.map(() => null)),
    }),
  },
  {
    mistake: 'takes a failed scan for an empty range',
    foundBy: 'a scan that fails rejects: it is not an empty range',
    wrap: (storage) => ({ ...storage, scan: (range) => storage.scan(range).catch(() => []) }),
  },
  {
    mistake: 'takes a failed check for a conflict',
    foundBy: 'a guard that cannot be read rejects: it neither holds nor conflicts',
    wrap: (storage) => ({
      ...storage,
      commit: (commit) => storage.commit(commit).catch(() => 'conflict'),
    }),
  },
  {
    mistake: 'takes a failed write for a written one',
    foundBy: 'a write that fails rejects, and is found made wholly or not at all',
    wrap: (storage) => ({
      ...storage,
      commit: (commit) => storage.commit(commit).catch(() => 'applied'),
    }),
  },
  {
    mistake: 'says that nothing was written when it was',
    foundBy: 'a write that fails rejects, and is found made wholly or not at all',
    wrap: (storage, _, below) => ({
      ...storage,
      commit: (commit) =>
        storage.commit(commit).catch(() => {
          below.apply(commit.mutations)
          throw new StorageError('STORAGE_UNAVAILABLE', 'nothing was written')
        }),
    }),
  },
  {
    mistake: 'leaves half of a failed write behind',
    foundBy: 'a write that fails rejects, and is found made wholly or not at all',
    wrap: (storage, _, below) => ({
      ...storage,
      commit: (commit) =>
        storage.commit(commit).catch((error: unknown) => {
          below.apply(commit.mutations.slice(-1))
          throw error
        }),
    }),
  },
  {
    mistake: 'rejects with errors of the store below',
    foundBy: 'a read that fails rejects: it is not absence',
    wrap: (storage) => ({
      ...storage,
      read: (keys) =>
        storage.read(keys).catch(() => {
          throw Object.assign(new Error('read failed'), { code: 'EIO' })
        }),
    }),
  },
  {
    mistake: 'shows the guard it could not check',
    foundBy: 'errors hold no bytes of a record',
    wrap: (storage) => ({
      ...storage,
      commit: (commit) =>
        storage.commit(commit).catch((error: unknown) => {
          const shown = commit.guards.map(({ value }) => Buffer.from(value ?? []).toString()).join()
          throw new StorageError('STORAGE_OUTCOME_UNKNOWN', `commit failed: ${shown}`, {
            cause: error,
          })
        }),
    }),
  },
]

export const brokenReaders: readonly BrokenAdapter[] = [
  ...brokenReads,
  ...brokenScans,
  ...brokenFailures,
]
