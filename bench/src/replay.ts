/** The records of one commit, written over and over by the database alone. */
import type { Mutation } from '@stagevault/storage'
import { check } from './comparison.js'
import { isSameBytes } from './payloads.js'

export interface Replay {
  /** Bytes of keys and values of one batch. */
  readonly bytes: number
  /** The next batch. */
  readonly next: () => Operation[]
  /** Writes the next batch. */
  readonly run: () => Promise<void>
  readonly verify: () => Promise<void>
}

/** A database without a vault. */
export interface ReplayStore {
  readonly write: (batch: Operation[]) => Promise<void>
  readonly read: (key: string) => Promise<Uint8Array | undefined>
}

export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string }

const VERSION_NUMBER = /(?<=^version!.*!)[0-9a-f]{8}$/

/**
 * Batches with the sizes of `mutations`, which are those of a put that evicts a version: in each
 * batch the numbers of versions are one higher, and all other keys are as they were.
 */
export function createReplay(store: ReplayStore, mutations: readonly Mutation[]): Replay {
  let batches = 0

  function next(): Operation[] {
    batches++
    return mutations.map(({ key, value }): Operation => {
      const place = moved(key, batches)
      return value === null ? { type: 'del', key: place } : { type: 'put', key: place, value }
    })
  }

  return {
    bytes: mutations.reduce((sum, { key, value }) => sum + key.length + (value?.length ?? 0), 0),
    next,
    run: () => store.write(next()),
    verify: async () => {
      const versions = mutations.filter(({ key }) => VERSION_NUMBER.test(key))
      const evicted = versions.filter(({ value }) => value === null)
      const isSettled = versions.length === 2 && evicted.length === 1
      check(isSettled, 'a put that settled writes a version and evicts one')
      const batch = next()
      await store.write(batch)
      for (const operation of batch) {
        const stored = await store.read(operation.key)
        check(
          operation.type === 'del' ? stored === undefined : isSameBytes(stored, operation.value),
          'another record than was written',
        )
      }
    },
  }
}

/** The key of a version `by` numbers further on; any other key as it is. */
function moved(key: string, by: number): string {
  return key.replace(VERSION_NUMBER, (number) =>
    (Number.parseInt(number, 16) + by).toString(16).padStart(number.length, '0'),
  )
}
