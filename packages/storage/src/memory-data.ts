import type { Mutation, StorageEntry, StorageKey } from './contract.js'

/**
 * The records that handles of the memory store share. The bytes in it are its own: handles copy
 * what goes in and what comes out.
 */
export interface MemoryData {
  get(key: StorageKey): Uint8Array | null
  /** The first `limit` entries from `start` (inclusive) to `end` (exclusive), ascending. */
  range(start: StorageKey, end: StorageKey, limit: number): StorageEntry[]
  /** Makes all mutations. */
  apply(mutations: readonly Mutation[]): void
}

/** New, empty data. It outlives the handles opened on it. */
export function createMemoryData(): MemoryData {
  const values = new Map<StorageKey, Uint8Array>()
  /** The keys of `values`, ascending by code unit. */
  const keys: StorageKey[] = []

  function put(key: StorageKey, value: Uint8Array): void {
    if (!values.has(key)) keys.splice(firstNotBelow(keys, key), 0, key)
    values.set(key, value)
  }

  function remove(key: StorageKey): void {
    if (values.delete(key)) keys.splice(firstNotBelow(keys, key), 1)
  }

  return {
    get: (key) => values.get(key) ?? null,

    range(start, end, limit) {
      const entries: StorageEntry[] = []
      for (let i = firstNotBelow(keys, start); i < keys.length && entries.length < limit; i += 1) {
        const key = keys[i]
        const value = key === undefined ? undefined : values.get(key)
        if (key === undefined || value === undefined || key >= end) break
        entries.push({ key, value })
      }
      return entries
    },

    apply(mutations) {
      for (const { key, value } of mutations) {
        if (value === null) remove(key)
        else put(key, value)
      }
    },
  }
}

/** The index of the first of the sorted `keys` that is not smaller than `key`. */
function firstNotBelow(keys: readonly StorageKey[], key: StorageKey): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const found = keys[middle]
    if (found !== undefined && found < key) low = middle + 1
    else high = middle
  }
  return low
}
