import type { Mutation, StorageEntry, StorageKey } from './contract.js'

/**
 * The records that handles of the memory store share. It owns its bytes: handles copy values in
 * both directions.
 */
export interface MemoryData {
  /** The bytes at `key`, or `null`. */
  get(key: StorageKey): Uint8Array | null
  /** The first `limit` entries from `start` (inclusive) to `end` (exclusive), ascending. */
  range(start: StorageKey, end: StorageKey, limit: number): StorageEntry[]
  /** Applies all mutations. */
  apply(mutations: readonly Mutation[]): void
}

/** Creates empty data. It outlives the handles opened on it. */
export function createMemoryData(): MemoryData {
  const values = new Map<StorageKey, Uint8Array>()
  const keys = new SortedKeys()
  return {
    get: (key) => values.get(key) ?? null,

    range(start, end, limit) {
      const entries: StorageEntry[] = []
      for (const key of keys.from(start)) {
        const value = values.get(key)
        if (value === undefined || key >= end || entries.length >= limit) break
        entries.push({ key, value })
      }
      return entries
    },

    apply(mutations) {
      for (const { key, value } of mutations) {
        if (value === null) {
          if (values.delete(key)) keys.remove(key)
        } else {
          if (!values.has(key)) keys.add(key)
          values.set(key, value)
        }
      }
    },
  }
}

/** Few enough that moving them is cheap, and enough to keep the number of rows small. */
const ROW_KEYS_MAX = 256

/** Keys, ascending by code unit. They are kept in rows, so that an insertion moves only one row. */
class SortedKeys {
  /** No row is empty, except the first if there are no keys. */
  readonly #rows: StorageKey[][] = [[]]

  add(key: StorageKey): void {
    const index = this.#rowOf(key)
    const row = this.#rows[index] ?? []
    row.splice(firstNotBelow(row, key), 0, key)
    if (row.length <= ROW_KEYS_MAX) return
    // Rows of ascending insertions are filled instead of split in half.
    const isLast = index === this.#rows.length - 1 && row.at(-1) === key
    this.#rows.splice(index + 1, 0, row.splice(isLast ? -1 : ROW_KEYS_MAX >> 1))
  }

  /** Removes an existing key. */
  remove(key: StorageKey): void {
    const index = this.#rowOf(key)
    const row = this.#rows[index] ?? []
    row.splice(firstNotBelow(row, key), 1)
    if (row.length === 0 && this.#rows.length > 1) this.#rows.splice(index, 1)
  }

  /** The keys that are not smaller than `start`. */
  *from(start: StorageKey): Iterable<StorageKey> {
    let index = this.#rowOf(start)
    let at = firstNotBelow(this.#rows[index] ?? [], start)
    for (let row = this.#rows[index]; row !== undefined; row = this.#rows[(index += 1)]) {
      for (const key of row.slice(at)) yield key
      at = 0
    }
  }

  /** The index of the row that contains a key, or would contain it. */
  #rowOf(key: StorageKey): number {
    const rows = this.#rows
    let low = 0
    let high = rows.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      const first = rows[middle]?.[0]
      if (first !== undefined && first <= key) low = middle
      else high = middle - 1
    }
    return low
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
