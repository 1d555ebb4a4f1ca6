import type { StorageAdapter } from '@stagevault/storage'

/** What was asked of a store: everything that an operation can have learned from it. */
export interface StorageTrace {
  readonly keys: ReadonlySet<string>
  readonly ranges: readonly { readonly start: string; readonly end: string }[]
  readonly commits: number
}

export interface TracedStorage {
  readonly storage: StorageAdapter
  /** The trace since the last call of this function. */
  readonly takeTrace: () => StorageTrace
}

/** The same store, and which of its records were looked at. */
export function tracedStorage(inner: StorageAdapter): TracedStorage {
  let keys = new Set<string>()
  let ranges: { readonly start: string; readonly end: string }[] = []
  let commits = 0
  return {
    storage: {
      read: (wanted) => {
        for (const key of wanted) keys.add(key)
        return inner.read(wanted)
      },
      scan: (range) => {
        ranges.push({ start: range.start, end: range.end })
        return inner.scan(range)
      },
      commit: (commit) => {
        commits += 1
        return inner.commit(commit)
      },
      close: () => inner.close(),
    },
    takeTrace: () => {
      const trace = { keys, ranges, commits }
      keys = new Set()
      ranges = []
      commits = 0
      return trace
    },
  }
}

/** Whether something that left this trace can have seen the record at `key`, or its absence. */
export function isTouched(trace: StorageTrace, key: string): boolean {
  return trace.keys.has(key) || trace.ranges.some(({ start, end }) => start <= key && key < end)
}
