import type { StorageAdapter, StorageKey } from '../contract.js'
import { STORAGE_KEY_CHARS_MAX, STORAGE_VALUE_BYTES_MAX } from '../limits.js'
import { rejects, same, sameEntries, sameValue, sameValues } from './expect.js'
import { bytes, entry, EVERYTHING, numberedKeys, write, writeKeys } from './samples.js'
import type { ConformanceCase } from './subject.js'

/** Reading written records, the ownership of buffers, and the lifecycle of a handle. */
export const contractCases: readonly ConformanceCase[] = [
  {
    name: 'a new store is empty',
    async run({ open }) {
      const storage = await open()
      sameEntries(await storage.scan(EVERYTHING), [], 'scan of a new store')
      sameValues(await storage.read(['a', '~']), [null, null], 'read of a new store')
    },
  },
  {
    name: 'read returns values in the order of the keys, null for a missing entry',
    async run({ open }) {
      const storage = await open()
      await write(storage, entry('a', '1'), entry('b', '2'), entry('c', '3'))
      const values = await storage.read(['c', 'x', 'a', 'b', '!'])
      sameValues(values, [bytes('3'), null, bytes('1'), bytes('2'), null], 'values')
    },
  },
  {
    name: 'read takes no keys, repeated keys and 128 keys',
    async run({ open }) {
      const storage = await open()
      const keys = numberedKeys(128)
      await writeKeys(
        storage,
        keys.filter((_, i) => i % 2 === 0),
      )
      sameValues(await storage.read([]), [], 'read of no keys')
      const expected = keys.map((key, i) => (i % 2 === 0 ? bytes(key) : null))
      sameValues(await storage.read(keys), expected, 'read of 128 keys')
      sameValues(
        await storage.read(['k0000', 'k0001', 'k0000', 'k0001']),
        [bytes('k0000'), null, bytes('k0000'), null],
        'read of repeated keys',
      )
    },
  },
  {
    name: 'every character of a key counts, and none is special',
    run: ({ open }) =>
      keepsApart(open, [
        ...Array.from({ length: 0x7f - 0x21 }, (_, i) => String.fromCharCode(0x21 + i)),
        'a/b',
        'a//b',
        'a/b/',
        '/a/b',
        './a',
        'a/./b',
        '../a',
        'a/../b',
        'A/B',
        'a\\b',
        'a%2Fb',
        'k?q=1',
        'k?q=2',
        'k#1',
        'k#2',
        '__proto__',
        'constructor',
        'toString',
        'null',
        'undefined',
      ]),
  },
  {
    name: 'keys of 512 characters that differ only in the last',
    run: ({ open }) => {
      const stem = 'k'.repeat(STORAGE_KEY_CHARS_MAX - 1)
      return keepsApart(open, [`${stem}!`, `${stem}A`, `${stem}a`, `${stem}~`, stem])
    },
  },
  {
    name: 'values of no bytes, of every byte, and of 131,072 bytes come back as they were',
    async run({ open }) {
      const storage = await open()
      const every = Uint8Array.from({ length: 256 }, (_, i) => i)
      const largest = Uint8Array.from({ length: STORAGE_VALUE_BYTES_MAX }, (_, i) => (i * 7) % 251)
      await write(
        storage,
        { key: 'empty', value: new Uint8Array(0) },
        { key: 'every', value: every },
        { key: 'largest', value: largest },
      )
      sameValues(
        await storage.read(['empty', 'every', 'largest']),
        [new Uint8Array(0), every, largest],
        'values',
      )
      // The comparison above covers only both ends of a value.
      const [stored] = await storage.read(['largest'])
      same(
        stored?.findIndex((byte, i) => byte !== largest[i]),
        -1,
        'first byte that differs',
      )
    },
  },
  {
    name: 'a part of a larger buffer is stored as that part',
    async run({ open }) {
      const storage = await open()
      const value = bytes('....part....').subarray(4, 8)
      await write(storage, { key: 'a', value })
      sameValues(await storage.read(['a']), [bytes('part')], 'value')
      const commit = { guards: [{ key: 'a', value }], mutations: [] }
      same(await storage.commit(commit), 'applied', 'outcome of a guard that is a part')
    },
  },
  {
    name: 'returned buffers belong to the caller',
    async run({ open }) {
      const storage = await open()
      await write(storage, entry('a', 'kept'))
      const [read] = await storage.read(['a'])
      read?.fill(0)
      const [first, second] = await storage.read(['a', 'a'])
      first?.fill(0)
      sameValue(second, bytes('kept'), 'repeated key, after a change to its first value')
      const [scanned] = await storage.scan(EVERYTHING)
      scanned?.value.fill(0)
      sameValues(await storage.read(['a']), [bytes('kept')], 'value after changes to answers')
    },
  },
  {
    name: 'buffers passed in may be reused once the commit settles',
    async run({ open }) {
      const storage = await open()
      const value = bytes('kept')
      await write(storage, { key: 'a', value })
      value.fill(0)
      sameValues(await storage.read(['a']), [bytes('kept')], 'value after reuse of its buffer')
      const guard = bytes('kept')
      const next = bytes('next')
      const guards = [{ key: 'a', value: guard }]
      await storage.commit({ guards, mutations: [{ key: 'a', value: next }] })
      guard.fill(0)
      next.fill(0)
      sameValues(await storage.read(['a']), [bytes('next')], 'value after reuse of all buffers')
    },
  },
  {
    name: 'arguments are left as they are',
    async run({ open }) {
      const storage = await open()
      const record = Object.freeze({ key: 'b', value: bytes('1') })
      const other = Object.freeze({ key: 'a', value: null })
      const records = Object.freeze([record, other])
      const first = Object.freeze({ guards: Object.freeze([other]), mutations: records })
      same(await storage.commit(first), 'applied', 'outcome')
      const second = Object.freeze({ guards: records, mutations: Object.freeze([]) })
      same(await storage.commit(second), 'applied', 'outcome')
      sameValue(record.value, bytes('1'), 'value passed in')
      sameValues(await storage.read(Object.freeze(['b', 'a'])), [bytes('1'), null], 'values')
      await storage.scan(Object.freeze({ ...EVERYTHING }))
    },
  },
  {
    name: 'a commit that resolved is seen by every later read and scan',
    async run({ open, openBeside }) {
      const storage = await open()
      const handles = [storage, (await openBeside()) ?? storage]
      for (let i = 0; i < 20; i += 1) {
        await write(storage, entry('a', `${i}`))
        for (const handle of handles) {
          sameValues(await handle.read(['a']), [bytes(`${i}`)], `read after commit ${i}`)
          sameEntries(await handle.scan(EVERYTHING), [entry('a', `${i}`)], `scan after ${i}`)
        }
      }
    },
  },
  {
    name: 'records outlive the handle that wrote them',
    async run({ open }) {
      const writer = await open()
      await writeKeys(writer, ['a', 'b', 'c'])
      await writer.commit({ guards: [], mutations: [{ key: 'b', value: null }] })
      await writer.close()
      const reader = await open()
      sameEntries(await reader.scan(EVERYTHING), [entry('a', 'a'), entry('c', 'c')], 'records')
    },
  },
  {
    name: 'close finishes the commits already issued',
    async run({ open }) {
      const storage = await open()
      const keys = numberedKeys(20)
      const commits: Promise<string>[] = []
      for (const key of keys) {
        const guards = [{ key, value: null }]
        commits.push(storage.commit({ guards, mutations: [entry(key, key)] }))
        // When close is called, the first commits are under way and the last are waiting.
        if (commits.length < 15) await Promise.resolve()
      }
      const closing = storage.close()
      for (const outcome of await Promise.all(commits)) same(outcome, 'applied', 'outcome')
      await closing
      const reader = await open()
      sameEntries(
        await reader.scan(EVERYTHING),
        keys.map((key) => entry(key, key)),
        'records',
      )
    },
  },
  {
    name: 'after close every call rejects with STORAGE_CLOSED, and close may be repeated',
    async run({ openBare }) {
      const storage = await openBare()
      await Promise.all([storage.close(), storage.close()])
      await storage.close()
      const mutations = [entry('a', '1')]
      await rejects(storage.read(['a']), ['STORAGE_CLOSED'], 'read')
      await rejects(storage.read([]), ['STORAGE_CLOSED'], 'read of no keys')
      await rejects(storage.scan(EVERYTHING), ['STORAGE_CLOSED'], 'scan')
      await rejects(storage.commit({ guards: [], mutations }), ['STORAGE_CLOSED'], 'commit')
      await rejects(
        storage.commit({ guards: [], mutations: [] }),
        ['STORAGE_CLOSED'],
        'empty commit',
      )
      const reader = await openBare()
      sameValues(await reader.read(['a']), [null], 'what a refused commit wrote')
    },
  },
]

async function keepsApart(
  open: () => Promise<StorageAdapter>,
  keys: readonly StorageKey[],
): Promise<void> {
  const storage = await open()
  for (const key of keys) sameValues(await storage.read([key]), [null], `${key} before`)
  await write(storage, ...keys.map((key, i) => entry(key, `${i}`)))
  for (const [i, key] of keys.entries()) {
    sameValues(await storage.read([key]), [bytes(`${i}`)], key)
  }
  same((await storage.scan(EVERYTHING)).length, keys.length, 'number of entries')
  await storage.commit({ guards: [], mutations: keys.slice(0, 1).map(toDeletion) })
  sameValues(await storage.read(keys.slice(0, 2)), [null, bytes('1')], 'after a deletion')
}

function toDeletion(key: StorageKey): { readonly key: StorageKey; readonly value: null } {
  return { key, value: null }
}
