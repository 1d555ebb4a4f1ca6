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

/** What a put that evicts leaves in the store besides the version it evicts. */
const VERSIONS_KEPT = 10

/**
 * Batches with the sizes of `mutations`, which are those of a put: the head at its key, a version
 * at a key that no batch had before, and the oldest version deleted.
 */
export function createReplay(
  store: ReplayStore, mutations: readonly Mutation[],
): Replay {
  let number = VERSIONS_KEPT

  function next(): Operation[] {
    number++
    return mutations.map(({ key, value }): Operation => {
      const place = moved(key, value === null ? number - VERSIONS_KEPT : number)
      return value === null ? { type: 'del', key: place } : { type: 'put', key: place, value }
    })
  }

  return {
    bytes: mutations.reduce((sum, { key, value }) => sum + key.length + (value?.length ?? 0), 0),
    next,
    run: () => store.write(next()),
    verify: async () => {
      check(mutations.length === 3, 'a put that settled writes head and version and evicts one')
      const batch = next()
      await store.write(batch)
      for (const operation of batch) {
        const stored = await store.read(operation.key)
        check(
          operation.type === 'del'
            ? stored === undefined
            : isSameBytes(stored, operation.value),
          'another record than was written',
        )
      }
    },
  }
}

/** The key of version `number` where `key` is a version's; any other key as it is. */
function moved(key: string, number: number): string {
  return key.replace(/(?<=^version!.*!)[0-9a-f]{8}$/, number.toString(16).padStart(8, '0'))
}
