import type { StorageAdapter } from '@stagevault/storage'

/** What was asked of a store. */
export interface StorageCounts {
  calls: number
  /** Keys in all reads. */
  keysRead: number
  /** Entries that scans gave. */
  entriesScanned: number
  commits: number
}

export interface CountingStorage {
  readonly storage: StorageAdapter
  /** Counts since the last call of this function. */
  readonly take: () => StorageCounts
}

const NOTHING: StorageCounts = { calls: 0, keysRead: 0, entriesScanned: 0, commits: 0 }

/** The same store, and how much was asked of it. */
export function countingStorage(inner: StorageAdapter): CountingStorage {
  let counts = { ...NOTHING }
  return {
    storage: {
      read: (keys) => {
        counts.calls += 1
        counts.keysRead += keys.length
        return inner.read(keys)
      },
      scan: async (range) => {
        counts.calls += 1
        const entries = await inner.scan(range)
        counts.entriesScanned += entries.length
        return entries
      },
      commit: (commit) => {
        counts.calls += 1
        counts.commits += 1
        return inner.commit(commit)
      },
      close: () => inner.close(),
    },
    take: () => {
      const taken = counts
      counts = { ...NOTHING }
      return taken
    },
  }
}
