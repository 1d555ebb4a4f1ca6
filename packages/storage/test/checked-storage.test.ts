import { describe, expect, it } from 'vitest'
import {
  checkedStorage,
  COMMIT_BYTES_MAX,
  COMMIT_GUARDS_MAX,
  COMMIT_MUTATIONS_MAX,
  SCAN_LIMIT_MAX,
  STORAGE_KEY_CHARS_MAX,
  STORAGE_READ_KEYS_MAX,
  STORAGE_VALUE_BYTES_MAX,
  StorageError,
} from '@stagevault/storage'
import type {
  Commit,
  CommitOutcome,
  StorageAdapter,
  StorageEntry,
  StorageRange,
} from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'

const CANARY = 'canary-5d1c'

/** A store that must not be reached, and a count of how often it was. */
function untouched(): { readonly storage: StorageAdapter; readonly calls: () => number } {
  let count = 0
  const reached = (): Promise<never> => {
    count += 1
    return Promise.reject(new Error('reached'))
  }
  return {
    storage: checkedStorage({ read: reached, scan: reached, commit: reached, close: reached }),
    calls: () => count,
  }
}

async function refusal(call: (storage: StorageAdapter) => Promise<unknown>): Promise<Error> {
  const { storage, calls } = untouched()
  const error = await call(storage).then(
    () => new Error('was let through'),
    (e: unknown) => e,
  )
  expect(calls()).toBe(0)
  if (!(error instanceof Error)) throw new Error('rejected with something else than an error')
  expect(`${error.message} ${String(error.cause)}`).not.toContain(CANARY)
  return error
}

const oneMutation = (key: unknown, value: unknown): Commit =>
  ({ guards: [], mutations: [{ key, value }] }) as Commit

/** An array whose memory was given away, as `postMessage` does it. */
function detached(): Uint8Array {
  const value = new Uint8Array(5)
  structuredClone(value, { transfer: [value.buffer] })
  return value
}

const keysNumbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `k${i}`)

describe('checkedStorage, arguments', () => {
  const badKeys: readonly (readonly [unknown, string, string])[] = [
    ['', 'RangeError', 'has 0 characters; a key has 1 to 512'],
    ['k'.repeat(STORAGE_KEY_CHARS_MAX + 1), 'RangeError', 'has 513 characters'],
    [`${CANARY} `, 'RangeError', 'printable ASCII'],
    [`\u007f${CANARY}`, 'RangeError', 'printable ASCII'],
    [`${CANARY}\n`, 'RangeError', 'printable ASCII'],
    ['\u0000', 'RangeError', 'printable ASCII'],
    ['é', 'RangeError', 'printable ASCII'],
    ['\ud800', 'RangeError', 'printable ASCII'],
    [undefined, 'TypeError', 'must be a string, not undefined'],
    [null, 'TypeError', 'must be a string, not null'],
    [7, 'TypeError', 'must be a string, not number'],
    [[CANARY], 'TypeError', 'must be a string, not an array'],
    [Buffer.from(CANARY), 'TypeError', 'must be a string, not object'],
    [Object(CANARY), 'TypeError', 'must be a string, not object'],
  ]

  it.each(badKeys)('refuses the key %j wherever a key stands', async (key, name, message) => {
    const bad = key as string
    const places: Readonly<Record<string, (storage: StorageAdapter) => Promise<unknown>>> = {
      'keys[1]': (storage) => storage.read(['a', bad]),
      'range.start': (storage) => storage.scan({ start: bad, end: 'b', limit: 1 }),
      'range.end': (storage) => storage.scan({ start: 'a', end: bad, limit: 1 }),
      'guards[0].key': (storage) =>
        storage.commit({ guards: [{ key: bad, value: null }], mutations: [] }),
      'mutations[0].key': (storage) => storage.commit(oneMutation(bad, null)),
    }
    for (const [place, call] of Object.entries(places)) {
      const error = await refusal(call)
      expect(error.name).toBe(name)
      expect(error.message).toContain(place)
      expect(error.message).toContain(message)
    }
  })

  const badValues: readonly (readonly [unknown, string, string])[] = [
    [undefined, 'TypeError', 'not undefined'],
    [CANARY, 'TypeError', 'not string'],
    [[1, 2], 'TypeError', 'not an array'],
    [new ArrayBuffer(1), 'TypeError', 'not object'],
    [new Uint16Array(1), 'TypeError', 'not object'],
    [new Uint8Array(STORAGE_VALUE_BYTES_MAX + 1), 'RangeError', 'has 131073 bytes'],
    [detached(), 'TypeError', 'was transferred'],
  ]

  it.each(badValues)(
    'refuses the value %o wherever a value stands',
    async (value, name, message) => {
      const bad = oneMutation('a', value).mutations
      for (const call of [
        { guards: bad, mutations: [] },
        { guards: [], mutations: bad },
      ]) {
        const error = await refusal((storage) => storage.commit(call))
        expect(error.name).toBe(name)
        expect(error.message).toContain(
          `${call.guards.length > 0 ? 'guards' : 'mutations'}[0].value`,
        )
        expect(error.message).toContain(message)
      }
    },
  )

  type Call = (s: StorageAdapter) => Promise<unknown>
  const otherCalls: readonly (readonly [name: string, message: string, call: Call])[] = [
    ['TypeError', 'keys must be an array, not string', (s) => s.read('ab' as never)],
    ['TypeError', 'keys must be an array, not object', (s) => s.read({ length: 0 } as never)],
    ['TypeError', 'keys[0] must be a string', (s) => s.read(Array<string>(2))],
    [
      'RangeError',
      'keys has 129 elements; the limit is 128',
      (s) => s.read(keysNumbered(STORAGE_READ_KEYS_MAX + 1)),
    ],
    ['TypeError', 'range must be an object, not undefined', (s) => s.scan(undefined as never)],
    [
      'TypeError',
      'range.limit must be a number, not string',
      (s) => s.scan({ start: 'a', end: 'b', limit: '5' } as never),
    ],
    ...[0, -1, 1.5, NaN, Infinity, SCAN_LIMIT_MAX + 1].map(
      (limit) =>
        [
          'RangeError',
          'range.limit must be an integer from 1 to 1000',
          (s: StorageAdapter) => s.scan({ start: 'a', end: 'b', limit }),
        ] as const,
    ),
    ['TypeError', 'commit must be an object, not null', (s) => s.commit(null as never)],
    ['TypeError', 'guards must be an array, not undefined', (s) => s.commit({} as never)],
    [
      'TypeError',
      'mutations must be an array, not object',
      (s) => s.commit({ guards: [], mutations: new Set() } as never),
    ],
    [
      'TypeError',
      'mutations[0] must be an object, not null',
      (s) => s.commit({ guards: [], mutations: [null] } as never),
    ],
    [
      'RangeError',
      'guards has 129 elements',
      (s) =>
        s.commit({
          guards: keysNumbered(COMMIT_GUARDS_MAX + 1).map((key) => ({ key, value: null })),
          mutations: [],
        }),
    ],
    [
      'RangeError',
      'mutations has 129 elements',
      (s) =>
        s.commit({
          guards: [],
          mutations: keysNumbered(COMMIT_MUTATIONS_MAX + 1).map((key) => ({ key, value: null })),
        }),
    ],
    [
      'RangeError',
      'guards[2].key repeats',
      (s) =>
        s.commit({
          guards: ['a', 'b', 'a'].map((key) => ({ key, value: null })),
          mutations: [],
        }),
    ],
    [
      'RangeError',
      'mutations[1].key repeats',
      (s) => s.commit({ guards: [], mutations: ['a', 'a'].map((key) => ({ key, value: null })) }),
    ],
  ]

  it.each(otherCalls)('refuses with %s: %s', async (name, message, call) => {
    const error = await refusal(call)
    expect(error.name).toBe(name)
    expect(error.message).toContain(message)
    expect(error).not.toHaveProperty('code')
  })

  it('counts the bytes of guards and mutations, keys and values', async () => {
    const value = new Uint8Array(STORAGE_VALUE_BYTES_MAX)
    const half = keysNumbered(4).map((key) => ({ key, value }))
    const shorter = half.map((record, i) =>
      i === 0 ? { ...record, value: value.subarray(16) } : record,
    )
    const storage = checkedStorage(createMemoryStorage())
    await storage.commit({ guards: [], mutations: half })
    const exactly = { guards: half, mutations: shorter }
    expect(exactly.guards.length + exactly.mutations.length).toBe(COMMIT_BYTES_MAX / value.length)
    await expect(storage.commit(exactly)).resolves.toBe('applied')
    const error = await refusal((s) => s.commit({ guards: half, mutations: half }))
    expect(error).toBeInstanceOf(RangeError)
    expect(error.message).toBe(
      'commit holds 1048592 bytes of keys and values; the limit is 1048576',
    )
  })

  it('lets the same key stand among the guards and among the mutations', async () => {
    const storage = checkedStorage(createMemoryStorage())
    const record = { key: 'a', value: null }
    await expect(storage.commit({ guards: [record], mutations: [record] })).resolves.toBe('applied')
  })

  it('lets the widest arguments through', async () => {
    const storage = checkedStorage(createMemoryStorage())
    const key = '!~'.repeat(STORAGE_KEY_CHARS_MAX / 2)
    await expect(
      storage.read(Array<string>(STORAGE_READ_KEYS_MAX).fill(key)),
    ).resolves.toHaveLength(STORAGE_READ_KEYS_MAX)
    await expect(storage.scan({ start: key, end: '!', limit: SCAN_LIMIT_MAX })).resolves.toEqual([])
    await expect(storage.commit({ guards: [], mutations: [] })).resolves.toBe('applied')
  })

  it.each([
    [null, 'storage must be an object, not null'],
    ['leveldb', 'storage must be an object, not string'],
    [{}, 'storage.read must be a function, not undefined'],
    [{ ...createMemoryStorage(), close: 1 }, 'storage.close must be a function, not number'],
  ])('refuses %o as a store', (adapter, message) => {
    expect(() => checkedStorage(adapter as never)).toThrow(new TypeError(message))
  })

  it('calls the adapter as a method', async () => {
    class Held {
      readonly #inner = createMemoryStorage()
      read(keys: readonly string[]): Promise<(Uint8Array | null)[]> {
        return this.#inner.read(keys)
      }
      scan(range: StorageRange): Promise<StorageEntry[]> {
        return this.#inner.scan(range)
      }
      commit(commit: Commit): Promise<CommitOutcome> {
        return this.#inner.commit(commit)
      }
      close(): Promise<void> {
        return this.#inner.close()
      }
    }
    const storage = checkedStorage(new Held())
    expect(await storage.read(['a'])).toEqual([null])
    await storage.close()
    await expect(storage.read(['a'])).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
  })
})

describe('checkedStorage, answers', () => {
  const answering = (answers: Partial<Record<keyof StorageAdapter, unknown>>): StorageAdapter => {
    const answer = (method: keyof StorageAdapter) => () => Promise.resolve(answers[method]) as never
    return checkedStorage({
      read: answer('read'),
      scan: answer('scan'),
      commit: answer('commit'),
      close: answer('close'),
    })
  }
  const value = new Uint8Array(1)

  it.each([
    [undefined, 'something other than an array'],
    [[value], '1 values for 2 keys'],
    [[value, null, null], '3 values for 2 keys'],
    [[value, undefined], 'neither bytes nor null at index 1'],
    [['text', null], 'neither bytes nor null at index 0'],
  ])('does not let %o pass as what was read', async (answer, message) => {
    await expect(answering({ read: answer }).read(['a', 'b'])).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: `read answered with ${message}`,
    })
  })

  it.each([
    [null, 'something other than an array'],
    [[null], 'something other than an entry at index 0'],
    [[{ key: 'b', value: null }], 'something other than an entry at index 0'],
    [[{ key: 'a', value }], 'a key outside the range at index 0'],
    [[{ key: 'd', value }], 'a key outside the range at index 0'],
    [
      [
        { key: 'c', value },
        { key: 'b', value },
      ],
      'a key out of order at index 1',
    ],
    [
      [
        { key: 'c', value },
        { key: 'c', value },
      ],
      'a key out of order at index 1',
    ],
    [['b', 'c', 'c!'].map((key) => ({ key, value })), '3 entries for a limit of 2'],
  ])('does not let %o pass as a page', async (answer, message) => {
    const page = answering({ scan: answer }).scan({ start: 'b', end: 'd', limit: 2 })
    await expect(page).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: `scan answered with ${message}`,
    })
  })

  it.each([undefined, true, 'APPLIED'])('does not let %o pass as an outcome', async (answer) => {
    await expect(
      answering({ commit: answer }).commit({ guards: [], mutations: [] }),
    ).rejects.toMatchObject({ code: 'STORAGE_OUTCOME_UNKNOWN' })
  })
})

describe('checkedStorage, failures of the adapter', () => {
  // An adapter may reject with anything, contrary to the type here.
  const rejecting = (error: Error): StorageAdapter => {
    const reject = (): Promise<never> => Promise.reject(error)
    return checkedStorage({ read: reject, scan: reject, commit: reject, close: reject })
  }
  const calls: readonly (readonly [string, (s: StorageAdapter) => Promise<unknown>])[] = [
    ['STORAGE_UNAVAILABLE', (s) => s.read(['a'])],
    ['STORAGE_UNAVAILABLE', (s) => s.scan({ start: 'a', end: 'b', limit: 1 })],
    ['STORAGE_OUTCOME_UNKNOWN', (s) => s.commit({ guards: [], mutations: [] })],
    ['STORAGE_UNAVAILABLE', (s) => s.close()],
  ]

  it.each(calls)('gives an error without a storage code the code %s', async (code, call) => {
    const systemError = Object.assign(new Error('io'), { code: 'EIO' })
    for (const cause of [new Error('io'), systemError, 'text' as unknown as Error]) {
      const error = await call(rejecting(cause)).catch((e: unknown) => e)
      expect(error).toBeInstanceOf(StorageError)
      expect(error).toMatchObject({ code, cause })
    }
  })

  it.each(calls)(
    'passes an error with a storage code on as it is (%s otherwise)',
    async (_, call) => {
      const own = new StorageError('STORAGE_FULL', 'no room')
      await expect(call(rejecting(own))).rejects.toBe(own)
      // What another copy of the package makes: the same code on another class.
      const foreign = Object.assign(new Error('locked'), { code: 'STORAGE_LOCKED' })
      await expect(call(rejecting(foreign))).rejects.toBe(foreign)
    },
  )

  it('turns an adapter that throws instead of rejecting into a rejection', async () => {
    const storage = checkedStorage({
      ...createMemoryStorage(),
      read: () => {
        throw new Error('thrown')
      },
    })
    await expect(storage.read(['a'])).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  })
})
