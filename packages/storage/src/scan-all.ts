import type { StorageAdapter, StorageEntry, StorageKey } from './contract.js'
import { SCAN_LIMIT_MAX, STORAGE_KEY_CHARS_MAX } from './limits.js'

/** The keys from `start` (inclusive) to `end` (exclusive), read in pages. */
export interface ScanAllRange {
  /** The first key of the range. */
  readonly start: StorageKey
  /** The key behind the range. */
  readonly end: StorageKey
  /** Entries per page, 1 to 1,000; 256 by default. */
  readonly pageSize?: number | undefined
  /**
   * Doubles the page size after each page, up to this number of entries, `pageSize` to 1,000.
   * Useful for callers that usually need one page. By default all pages have the same size.
   */
  readonly pageSizeMax?: number | undefined
}

/** The used part of `AbortSignal`, without the types of a browser or of Node. */
export interface ScanSignal {
  /** Throws the reason if the signal is aborted. */
  throwIfAborted(): void
}

/** What `scanAll` takes besides the store and the range. */
export interface ScanAllOptions {
  /** Looked at before every page. */
  readonly signal?: ScanSignal | undefined
}

const PAGE_SIZE = 256

/**
 * All entries of a range in ascending key order, one page at a time.
 *
 * Each page is from one point in time, but the next may be from a later one. An entry that exists
 * throughout appears exactly once; one that is written or deleted during the scan may or may not
 * appear.
 *
 * Rejects with the error of `storage.scan`, with a `RangeError` for a wrong page size, and with the
 * signal's reason once it is aborted.
 */
export async function* scanAll(
  storage: StorageAdapter,
  range: ScanAllRange,
  options: ScanAllOptions = {},
): AsyncGenerator<StorageEntry, void, undefined> {
  const { start, end, pageSize = PAGE_SIZE, pageSizeMax = pageSize } = range
  const { signal } = options
  requireInteger('pageSize', pageSize, 1)
  requireInteger('pageSizeMax', pageSizeMax, pageSize)
  let limit = pageSize
  let from: StorageKey | null = start
  while (from !== null) {
    signal?.throwIfAborted()
    const page: StorageEntry[] = await storage.scan({ start: from, end, limit })
    for (const entry of page) {
      signal?.throwIfAborted()
      yield entry
    }
    const last = page.at(-1)
    from = last === undefined || page.length < limit ? null : keyAfter(last.key)
    limit = Math.min(2 * limit, pageSizeMax)
  }
}

function requireInteger(name: string, value: number, min: number): void {
  if (Number.isInteger(value) && value >= min && value <= SCAN_LIMIT_MAX) return
  throw new RangeError(`${name} must be an integer from ${min} to ${SCAN_LIMIT_MAX}`)
}

/** The smallest key greater than `key`, or `null` if `key` is the greatest possible key. */
function keyAfter(key: StorageKey): StorageKey | null {
  if (key.length < STORAGE_KEY_CHARS_MAX) return key + '!'
  // A key of full length cannot be extended: raise the last character that is not the greatest.
  const prefix = key.replace(/~+$/, '')
  if (prefix === '') return null
  const last = prefix.length - 1
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1)
}
