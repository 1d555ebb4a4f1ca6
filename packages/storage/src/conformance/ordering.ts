import type { StorageEntry } from '../contract.js'
import { SCAN_LIMIT_MAX, STORAGE_KEY_CHARS_MAX, STORAGE_VALUE_BYTES_MAX } from '../limits.js'
import { scanAll } from '../scan-all.js'
import { same, sameEntries, sameKeys } from './expect.js'
import { entry, EVERYTHING, filled, numberedKeys, randomFrom, write, writeKeys } from './samples.js'
import type { ConformanceCase } from './subject.js'

/** Ascending by code unit, which differs from the order of every natural language. */
const BY_CODE_UNIT = [
  '!',
  '!!',
  '"',
  '#',
  '-',
  '-a',
  '0',
  '00',
  '1',
  '10',
  '2',
  '9',
  ':',
  'A',
  'A!',
  'A0',
  'AB',
  'Aa',
  'B',
  'Z',
  '[',
  '_',
  'a',
  'a!',
  'a-b',
  'a.b',
  'a/b',
  'a0',
  'aB',
  'aa',
  'ab',
  'b',
  'z',
  '{',
  '}',
  '~',
  '~!',
  '~~',
]

/** The results of `scan`: bounds, limits, order. */
export const orderingCases: readonly ConformanceCase[] = [
  {
    name: 'entries come in ascending order of code unit, however they were written',
    async run({ open, seed }) {
      const storage = await open()
      const random = randomFrom(seed)
      const shuffled = BY_CODE_UNIT.map((key) => ({ key, rank: random(1_000_000) })).sort(
        (a, b) => a.rank - b.rank,
      )
      for (const { key } of shuffled) await writeKeys(storage, [key])
      const entries = await storage.scan(EVERYTHING)
      sameEntries(
        entries,
        BY_CODE_UNIT.map((key) => entry(key, key)),
        `scan, seed ${seed}`,
      )
    },
  },
  {
    name: 'start is inclusive, end is exclusive, and neither needs an entry',
    async run({ open }) {
      const storage = await open()
      await writeKeys(storage, ['a', 'b', 'b!', 'c', 'd'])
      const keysFrom = async (start: string, end: string, expected: string[]): Promise<void> => {
        const entries = await storage.scan({ start, end, limit: 10 })
        sameKeys(entries, expected, `scan from ${start} to ${end}`)
      }
      await keysFrom('b', 'd', ['b', 'b!', 'c'])
      await keysFrom('a!', 'c', ['b', 'b!'])
      await keysFrom('b', 'b!', ['b'])
      await keysFrom('b!', 'b~', ['b!'])
      await keysFrom('!', 'a', [])
      await keysFrom('!', 'a!', ['a'])
      await keysFrom('d', '~', ['d'])
      await keysFrom('e', '~', [])
    },
  },
  {
    name: 'ranges that hold nothing, or end before they start, are empty',
    async run({ open }) {
      const storage = await open()
      await writeKeys(storage, ['a', 'b', 'c'])
      sameKeys(await storage.scan({ start: 'b', end: 'b', limit: 10 }), [], 'start at end')
      sameKeys(await storage.scan({ start: 'c', end: 'a', limit: 10 }), [], 'start after end')
      sameKeys(await storage.scan({ start: 'a!', end: 'b', limit: 10 }), [], 'between two keys')
    },
  },
  {
    name: 'limit counts from the start of the range',
    async run({ open }) {
      const storage = await open()
      const keys = numberedKeys(5)
      await writeKeys(storage, keys)
      for (const limit of [1, 2, 4, 5, 6, SCAN_LIMIT_MAX]) {
        const entries = await storage.scan({ ...EVERYTHING, limit })
        sameKeys(entries, keys.slice(0, limit), `scan with limit ${limit}`)
      }
      const tail = await storage.scan({ start: 'k0001', end: 'k0004', limit: 2 })
      sameKeys(tail, ['k0001', 'k0002'], 'scan with limit 2 inside')
    },
  },
  {
    name: 'a page of 1,000 entries, and paging through 1,100',
    async run({ open }) {
      const storage = await open()
      const keys = numberedKeys(1_100)
      await writeKeys(storage, keys)
      sameKeys(await storage.scan(EVERYTHING), keys.slice(0, 1_000), 'largest page')
      for (const pageSize of [100, 999, 1_000]) {
        const visited: StorageEntry[] = []
        const { start, end } = EVERYTHING
        for await (const each of scanAll(storage, { start, end, pageSize })) visited.push(each)
        sameKeys(visited, keys, `scanAll in pages of ${pageSize}`)
      }
    },
  },
  {
    name: 'a page of large values, and of the longest keys',
    async run({ open }) {
      const storage = await open()
      const stem = 'k'.repeat(STORAGE_KEY_CHARS_MAX - 1)
      const entries = ['!', '0', 'A', 'a', '~'].map((last, i) => ({
        key: stem + last,
        value: filled(STORAGE_VALUE_BYTES_MAX, i),
      }))
      await write(storage, ...entries)
      sameEntries(await storage.scan(EVERYTHING), entries, 'page')
    },
  },
  {
    name: 'overwritten entries keep their place, deleted ones leave it',
    async run({ open }) {
      const storage = await open()
      await writeKeys(storage, ['a', 'b', 'c', 'd'])
      await storage.commit({
        guards: [],
        mutations: [entry('b', 'longer than before'), { key: 'c', value: null }, entry('e', '')],
      })
      sameEntries(
        await storage.scan(EVERYTHING),
        [entry('a', 'a'), entry('b', 'longer than before'), entry('d', 'd'), entry('e', '')],
        'scan',
      )
      sameKeys(await storage.scan({ ...EVERYTHING, limit: 3 }), ['a', 'b', 'd'], 'first three')
      await writeKeys(storage, ['c'])
      same((await storage.scan(EVERYTHING)).at(2)?.key, 'c', 'key that was written again')
    },
  },
]
