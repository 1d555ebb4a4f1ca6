import type { Commit, Mutation } from '@stagevault/storage'
import { StorageError } from '@stagevault/storage'
import type { MemoryData } from '@stagevault/storage/memory'
import type { Spoil } from './memory-subject.js'

/** A mistake that an adapter's author could make, and the case that has to find it. */
export interface BrokenAdapter {
  readonly mistake: string
  readonly foundBy: string
  readonly wrap: Spoil
}

const COUNTING = '40 concurrent guarded increments through one handle lose none'
const COUNTING_BESIDE =
  '40 concurrent guarded increments through two handles lose none, or there is one handle'

const sameBytes = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a === null || b === null ? a === b : Buffer.compare(a, b) === 0

const holds = (data: MemoryData, { guards }: Commit): boolean =>
  guards.every(({ key, value }) => sameBytes(data.get(key), value))

const copies = (mutations: readonly Mutation[]): Mutation[] =>
  mutations.map(({ key, value }) => ({ key, value: value && new Uint8Array(value) }))

/** A pause of a few turns, in which other calls get in between. */
async function pause(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await Promise.resolve()
}

/** Runs one step after the other, as an adapter's queue does. */
function createQueue(): <T>(step: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (step) => {
    const next = last.then(step)
    last = next.catch(() => undefined)
    return next
  }
}

/** Guards, checks and races. */
const brokenCommits: readonly BrokenAdapter[] = [
  {
    mistake: 'ignores guards',
    foundBy: 'guards compare every byte and the length',
    wrap: (storage) => ({
      ...storage,
      commit: ({ mutations }) => storage.commit({ guards: [], mutations }),
    }),
  },
  {
    mistake: 'compares, waits, then writes',
    foundBy: COUNTING,
    wrap: (storage, data) => ({
      ...storage,
      async commit(commit) {
        if (!holds(data, commit)) return 'conflict'
        await pause()
        return storage.commit({ guards: [], mutations: commit.mutations })
      },
    }),
  },
  {
    mistake: 'has one queue for each handle',
    foundBy: COUNTING_BESIDE,
    wrap(storage, data) {
      const enqueue = createQueue()
      return {
        ...storage,
        commit: (commit) =>
          enqueue(async () => {
            if (!holds(data, commit)) return 'conflict'
            await pause()
            return storage.commit({ guards: [], mutations: commit.mutations })
          }),
      }
    },
  },
  {
    mistake: 'checks guards only on keys it writes',
    foundBy: 'two commits that each write what the other guards are not both applied',
    wrap: (storage) => ({
      ...storage,
      commit: ({ guards, mutations }) =>
        storage.commit({
          guards: guards.filter(({ key }) => mutations.some((mutation) => mutation.key === key)),
          mutations,
        }),
    }),
  },
  {
    mistake: 'compares lengths',
    foundBy: 'guards compare every byte and the length',
    wrap: (storage, data) => ({
      ...storage,
      commit: ({ guards, mutations }) =>
        guards.every(({ key, value }) => data.get(key)?.length === value?.length)
          ? storage.commit({ guards: [], mutations })
          : Promise.resolve('conflict'),
    }),
  },
  {
    mistake: 'compares as far as the guard goes',
    foundBy: 'guards compare every byte and the length',
    wrap: (storage, data) => ({
      ...storage,
      commit: ({ guards, mutations }) =>
        guards.every(({ key, value }) =>
          sameBytes(data.get(key)?.slice(0, value?.length) ?? null, value),
        )
          ? storage.commit({ guards: [], mutations })
          : Promise.resolve('conflict'),
    }),
  },
  {
    mistake: 'takes an entry without bytes for no entry',
    foundBy: 'guards distinguish an entry without bytes from no entry',
    wrap: (storage, data) => ({
      ...storage,
      commit: ({ guards, mutations }) =>
        guards.every(({ key, value }) =>
          sameBytes(data.get(key) ?? new Uint8Array(0), value ?? new Uint8Array(0)),
        )
          ? storage.commit({ guards: [], mutations })
          : Promise.resolve('conflict'),
    }),
  },
  {
    mistake: 'checks the first guard only',
    foundBy: 'one guard of 128 that does not hold is a conflict, wherever it stands',
    wrap: (storage) => ({
      ...storage,
      commit: ({ guards, mutations }) => storage.commit({ guards: guards.slice(0, 1), mutations }),
    }),
  },
  {
    mistake: 'lets commits without mutations through unchecked',
    foundBy: 'guards alone are checked and write nothing',
    wrap: (storage) => ({
      ...storage,
      commit: (commit) =>
        commit.mutations.length === 0 ? Promise.resolve('applied') : storage.commit(commit),
    }),
  },
  {
    mistake: 'writes until it meets the guard that does not hold',
    foundBy: 'guards compare every byte and the length',
    wrap: (storage, data) => ({
      ...storage,
      commit(commit) {
        if (!holds(data, commit)) data.apply(copies(commit.mutations.slice(0, 1)))
        return storage.commit(commit)
      },
    }),
  },
  {
    mistake: 'rejects a delete where there is no entry',
    foundBy: 'deletes, even if there is no entry',
    wrap: (storage, data) => ({
      ...storage,
      commit: (commit) =>
        commit.mutations.some(({ key, value }) => value === null && data.get(key) === null)
          ? Promise.reject(new StorageError('STORAGE_UNAVAILABLE', 'nothing to delete'))
          : storage.commit(commit),
    }),
  },
  {
    mistake: 'deletes by writing no bytes',
    foundBy: 'deletes, even if there is no entry',
    wrap: (storage) => ({
      ...storage,
      commit: ({ guards, mutations }) =>
        storage.commit({
          guards,
          mutations: mutations.map(({ key, value }) => ({ key, value: value ?? Buffer.of() })),
        }),
    }),
  },
  {
    mistake: 'has room for 64 mutations',
    foundBy: '128 guards and 128 mutations',
    wrap: (storage) => ({
      ...storage,
      commit: ({ guards, mutations }) =>
        storage.commit({ guards, mutations: mutations.slice(0, 64) }),
    }),
  },
  {
    mistake: 'has room for one million bytes',
    foundBy: 'a commit of exactly 1,048,576 bytes',
    wrap: (storage) => ({
      ...storage,
      commit: (commit) =>
        commit.mutations.reduce((sum, { value }) => sum + (value?.length ?? 0), 0) > 1_000_000
          ? Promise.reject(new StorageError('STORAGE_FULL', 'too much at once'))
          : storage.commit(commit),
    }),
  },
  {
    mistake: 'resolves before the writes are made',
    foundBy: 'a commit that resolved is seen by every later read and scan',
    wrap: (storage, data) => ({
      ...storage,
      commit(commit) {
        if (!holds(data, commit)) return Promise.resolve('conflict')
        void pause()
          .then(pause)
          .then(() => {
            data.apply(copies(commit.mutations))
          })
        return Promise.resolve('applied')
      },
    }),
  },
  {
    mistake: 'writes record by record',
    foundBy: 'a read during commits sees each of them wholly or not at all',
    wrap(storage, data) {
      const enqueue = createQueue()
      return {
        ...storage,
        commit: (commit) =>
          enqueue(async () => {
            if (!holds(data, commit)) return 'conflict'
            for (const mutation of copies(commit.mutations)) {
              data.apply([mutation])
              await Promise.resolve()
            }
            return 'applied'
          }),
      }
    },
  },
]

/** Buffers and the life of a handle. */
const brokenHandles: readonly BrokenAdapter[] = [
  {
    mistake: 'keeps the buffers it is given',
    foundBy: 'buffers passed in may be reused once the commit settles',
    wrap: (storage, data) => ({
      ...storage,
      commit(commit) {
        if (!holds(data, commit)) return Promise.resolve('conflict')
        data.apply(commit.mutations)
        return Promise.resolve('applied')
      },
    }),
  },
  {
    mistake: 'keeps the buffer behind a part of it',
    foundBy: 'a part of a larger buffer is stored as that part',
    wrap: (storage) => ({
      ...storage,
      commit: ({ guards, mutations }) =>
        storage.commit({
          guards,
          mutations: mutations.map(({ key, value }) => ({
            key,
            value: value && new Uint8Array(value.buffer),
          })),
        }),
    }),
  },
  {
    mistake: 'sorts the list it is given',
    foundBy: 'arguments are left as they are',
    wrap: (storage) => ({
      ...storage,
      commit(commit) {
        ;(commit.mutations as Mutation[]).sort((a, b) => (a.key < b.key ? -1 : 1))
        return storage.commit(commit)
      },
    }),
  },
  {
    mistake: 'drops commits that close overtakes',
    foundBy: 'close finishes the commits already issued',
    wrap: (storage) => ({
      ...storage,
      async commit(commit) {
        await pause()
        return storage.commit(commit)
      },
    }),
  },
  {
    mistake: 'goes on after close',
    foundBy: 'after close every call rejects with STORAGE_CLOSED, and close may be repeated',
    wrap: (storage) => ({ ...storage, close: () => Promise.resolve() }),
  },
  {
    mistake: 'closes once',
    foundBy: 'after close every call rejects with STORAGE_CLOSED, and close may be repeated',
    wrap(storage) {
      let closed = false
      return {
        ...storage,
        close() {
          if (closed) return Promise.reject(new StorageError('STORAGE_CLOSED', 'closed already'))
          closed = true
          return storage.close()
        },
      }
    },
  },
  {
    mistake: 'forgets on close',
    foundBy: 'records outlive the handle that wrote them',
    wrap: (storage, data) => ({
      ...storage,
      close() {
        data.apply(data.range('!', '~~~~', 1_000).map(({ key }) => ({ key, value: null })))
        return storage.close()
      },
    }),
  },
]

export const brokenWriters: readonly BrokenAdapter[] = [...brokenCommits, ...brokenHandles]
