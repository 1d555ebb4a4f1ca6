import { withAsyncDispose } from './async-dispose.js'
import { equalBytes } from './bytes.js'
import type {
  Commit,
  DisposableStorage,
  Mutation,
  StorageAdapter,
  StorageEntry,
} from './contract.js'
import { createMemoryData, type MemoryData } from './memory-data.js'
import { isStorageError, StorageError } from './storage-error.js'

export { createMemoryData } from './memory-data.js'
export type { MemoryData } from './memory-data.js'

/** What `createMemoryStorage` takes. */
export interface MemoryStorageOptions {
  /**
   * The data to open; new and empty by default. Handles on the same data see each other's commits.
   */
  readonly data?: MemoryData | undefined
}

/**
 * A store in memory, for tests and temporary data. `applied` means only that the data object holds
 * the writes, which last as long as that object.
 *
 * Rejects with `STORAGE_CLOSED` after `close`. If an allocation fails, rejects with
 * `STORAGE_UNAVAILABLE` or, once writing has begun, with `STORAGE_OUTCOME_UNKNOWN`.
 */
export function createMemoryStorage(options: MemoryStorageOptions = {}): DisposableStorage {
  const { data = createMemoryData() } = options
  let closed = false

  /** Runs a step synchronously, so that reads are snapshots and commits are atomic. */
  function run<T>(method: string, step: () => T): Promise<T> {
    if (closed) {
      return Promise.reject(new StorageError('STORAGE_CLOSED', `${method} came after close`))
    }
    try {
      return Promise.resolve(step())
    } catch (error) {
      return Promise.reject(
        isStorageError(error)
          ? error
          : new StorageError('STORAGE_UNAVAILABLE', `${method} failed in memory`, { cause: error }),
      )
    }
  }

  return withAsyncDispose<StorageAdapter>({
    read: (keys) => run('read', () => keys.map((key) => copyOrNull(data.get(key)))),

    scan({ start, end, limit }) {
      return run('scan', () => data.range(start, end, limit).map(copyEntry))
    },

    commit: (commit) =>
      run('commit', () => {
        if (!guardsHold(data, commit)) return 'conflict'
        applyAll(
          data,
          commit.mutations.map(({ key, value }) => ({ key, value: copyOrNull(value) })),
        )
        return 'applied'
      }),

    close() {
      closed = true
      return Promise.resolve()
    },
  })
}

function guardsHold(data: MemoryData, commit: Commit): boolean {
  return commit.guards.every(({ key, value }) => {
    const stored = data.get(key)
    if (stored === null || value === null) return stored === value
    return equalBytes(stored, value)
  })
}

function applyAll(data: MemoryData, mutations: readonly Mutation[]): void {
  try {
    data.apply(mutations)
  } catch (error) {
    throw new StorageError('STORAGE_OUTCOME_UNKNOWN', 'commit failed in memory while writing', {
      cause: error,
    })
  }
}

function copyEntry(entry: StorageEntry): StorageEntry {
  return { key: entry.key, value: copy(entry.value) }
}

function copyOrNull(value: Uint8Array | null): Uint8Array | null {
  return value === null ? null : copy(value)
}

/** Not `slice`, which returns a view of the same memory for a Node `Buffer`. */
function copy(value: Uint8Array): Uint8Array {
  return new Uint8Array(value)
}
