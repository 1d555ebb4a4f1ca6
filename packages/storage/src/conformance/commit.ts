import type { Commit, StorageAdapter, StorageEntry } from '../contract.js'
import {
  COMMIT_BYTES_MAX,
  COMMIT_GUARDS_MAX,
  COMMIT_MUTATIONS_MAX,
  STORAGE_VALUE_BYTES_MAX,
} from '../limits.js'
import { same, sameEntries, sameValues } from './expect.js'
import { bytes, entry, EVERYTHING, filled, numberedKeys, write, writeKeys } from './samples.js'
import type { ConformanceCase } from './subject.js'

const absent = (key: string): { key: string; value: null } => ({ key, value: null })

/** One commit at a time: what guards compare, what mutations do, and that a commit is atomic. */
export const commitCases: readonly ConformanceCase[] = [
  {
    name: 'guards that hold let every mutation through',
    async run({ open }) {
      const storage = await open()
      await write(storage, entry('a', '1'), entry('b', '2'))
      await commits(storage, 'applied', {
        guards: [entry('a', '1'), absent('c'), entry('b', '2')],
        mutations: [entry('a', '10'), absent('b'), entry('c', '30')],
      })
      sameEntries(await storage.scan(EVERYTHING), [entry('a', '10'), entry('c', '30')], 'records')
    },
  },
  {
    name: 'guards compare every byte and the length',
    async run({ open }) {
      const storage = await open()
      await write(storage, entry('a', 'value'), entry('empty', ''))
      const differing = ['', 'v', 'valu', 'value!', 'valuE', 'Value', 'vaXue', 'valuevalue']
      for (const value of differing) await conflicts(storage, [entry('a', value)])
      await conflicts(storage, [entry('empty', 'x')])
      await commits(storage, 'applied', { guards: [entry('a', 'value')], mutations: [] })
      await commits(storage, 'applied', { guards: [entry('empty', '')], mutations: [] })
    },
  },
  {
    name: 'guards distinguish an entry without bytes from no entry',
    async run({ open }) {
      const storage = await open()
      await write(storage, entry('empty', ''), entry('full', 'x'))
      await conflicts(storage, [absent('empty')])
      await conflicts(storage, [absent('full')])
      await conflicts(storage, [entry('none', '')])
      await conflicts(storage, [entry('none', 'x')])
      await commits(storage, 'applied', { guards: [absent('none')], mutations: [] })
    },
  },
  {
    name: 'guards compare values of 131,072 bytes to the last',
    async run({ open }) {
      const storage = await open()
      await write(storage, { key: 'a', value: filled(STORAGE_VALUE_BYTES_MAX, 7) })
      const other = filled(STORAGE_VALUE_BYTES_MAX, 7)
      other[STORAGE_VALUE_BYTES_MAX - 1] = 8
      await conflicts(storage, [{ key: 'a', value: other }])
      other[STORAGE_VALUE_BYTES_MAX - 1] = 7
      await commits(storage, 'applied', { guards: [{ key: 'a', value: other }], mutations: [] })
    },
  },
  {
    name: 'one guard of 128 that does not hold is a conflict, wherever it stands',
    async run({ open }) {
      const storage = await open()
      const keys = numberedKeys(COMMIT_GUARDS_MAX)
      await writeKeys(storage, keys)
      for (const wrong of [0, 64, 127]) {
        await conflicts(
          storage,
          keys.map((key, i) => entry(key, i === wrong ? 'other' : key)),
        )
      }
    },
  },
  {
    name: '128 guards and 128 mutations',
    async run({ open }) {
      const storage = await open()
      const keys = numberedKeys(COMMIT_MUTATIONS_MAX)
      await commits(storage, 'applied', {
        guards: keys.map(absent),
        mutations: keys.map((key) => entry(key, '1')),
      })
      await commits(storage, 'applied', {
        guards: keys.map((key) => entry(key, '1')),
        mutations: keys.map((key, i) => (i % 2 === 0 ? absent(key) : entry(key, '2'))),
      })
      const rest = keys.filter((_, i) => i % 2 === 1).map((key) => entry(key, '2'))
      sameEntries(await storage.scan(EVERYTHING), rest, 'records')
    },
  },
  {
    name: 'a commit of exactly 1,048,576 bytes',
    async run({ open }) {
      const storage = await open()
      const full = COMMIT_BYTES_MAX / STORAGE_VALUE_BYTES_MAX
      const keys = numberedKeys(full)
      const keyBytes = keys.join('').length
      const mutations = keys.map((key, i) => ({
        key,
        value: filled(STORAGE_VALUE_BYTES_MAX - (i === 0 ? keyBytes : 0), i + 1),
      }))
      await commits(storage, 'applied', { guards: [], mutations })
      sameEntries(await storage.scan(EVERYTHING), mutations, 'records')
    },
  },
  {
    name: 'guards alone are checked and write nothing',
    async run({ open }) {
      const storage = await open()
      await write(storage, entry('a', '1'))
      await commits(storage, 'applied', { guards: [entry('a', '1')], mutations: [] })
      await commits(storage, 'conflict', { guards: [entry('a', '2')], mutations: [] })
      await commits(storage, 'applied', { guards: [], mutations: [] })
      sameEntries(await storage.scan(EVERYTHING), [entry('a', '1')], 'records')
    },
  },
  {
    name: 'guards may be on keys that are not written, and the other way round',
    async run({ open }) {
      const storage = await open()
      await write(storage, entry('lock', 'mine'))
      const mutations = [entry('data', '1')]
      await commits(storage, 'conflict', { guards: [entry('lock', 'other')], mutations })
      sameValues(await storage.read(['data']), [null], 'after the conflict')
      await commits(storage, 'applied', { guards: [entry('lock', 'mine')], mutations })
      sameValues(await storage.read(['data', 'lock']), [bytes('1'), bytes('mine')], 'afterwards')
    },
  },
  {
    name: 'deletes, even if there is no entry',
    async run({ open }) {
      const storage = await open()
      await writeKeys(storage, ['a', 'ab', 'b'])
      await commits(storage, 'applied', { guards: [], mutations: [absent('a'), absent('none')] })
      await commits(storage, 'applied', { guards: [absent('a')], mutations: [absent('a')] })
      sameValues(await storage.read(['a', 'ab', 'b']), [null, bytes('ab'), bytes('b')], 'values')
      await commits(storage, 'applied', { guards: [absent('a')], mutations: [entry('a', 'new')] })
      sameValues(await storage.read(['a']), [bytes('new')], 'entry written after its deletion')
    },
  },
  {
    name: 'overwrites with shorter, longer, equal and no bytes',
    async run({ open }) {
      const storage = await open()
      for (const value of ['middle', 'a longer value', 'short', 'short', '', 'again']) {
        await write(storage, entry('a', value))
        sameValues(await storage.read(['a']), [bytes(value)], `after writing '${value}'`)
      }
    },
  },
]

async function commits(
  storage: StorageAdapter,
  outcome: 'applied' | 'conflict',
  commit: Commit,
): Promise<void> {
  const guards = commit.guards
    .slice(0, 3)
    .map(({ key }) => key)
    .join(', ')
  same(await storage.commit(commit), outcome, `outcome of a commit guarded by ${guards || 'none'}`)
}

/** Makes a commit that must conflict, and checks that it has written and deleted nothing. */
async function conflicts(storage: StorageAdapter, guards: Commit['guards']): Promise<void> {
  const before = await storage.scan(EVERYTHING)
  const overwritten = before.slice(0, 2).map(({ key }): StorageEntry => entry(key, 'overwritten'))
  const deleted = before.slice(2, 4).map(({ key }) => absent(key))
  const mutations = [...overwritten, ...deleted, entry('written', 'by a conflict')]
  await commits(storage, 'conflict', { guards, mutations })
  sameEntries(await storage.scan(EVERYTHING), before, 'records after a conflict')
}
