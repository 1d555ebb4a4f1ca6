import { assertReadAnswer, assertScanAnswer, toStorageError } from './adapter-answers.js'
import type { Commit, StorageAdapter, StorageEntry, StorageKey, StorageRange } from './contract.js'
import {
  COMMIT_BYTES_MAX,
  COMMIT_GUARDS_MAX,
  COMMIT_MUTATIONS_MAX,
  SCAN_LIMIT_MAX,
  STORAGE_KEY_CHARS_MAX,
  STORAGE_READ_KEYS_MAX,
  STORAGE_VALUE_BYTES_MAX,
} from './limits.js'
import { StorageError } from './storage-error.js'

/**
 * Wraps a store with checks of every argument and every result, so that adapters can rely on valid
 * arguments and callers on well-formed results.
 *
 * A wrong argument rejects with a `TypeError` (type) or a `RangeError` (bound, character,
 * duplicate) that names the argument and never shows bytes; the call does not reach the adapter. A
 * malformed result, or a rejection without a storage code, becomes `STORAGE_UNAVAILABLE`, or
 * `STORAGE_OUTCOME_UNKNOWN` from `commit`.
 */
export function checkedStorage(adapter: StorageAdapter): StorageAdapter {
  assertAdapter(adapter)
  return {
    async read(keys) {
      assertReadKeys(keys)
      const count = keys.length
      let values: (Uint8Array | null)[]
      try {
        values = await adapter.read(keys)
      } catch (error) {
        throw toStorageError(error, 'read', 'STORAGE_UNAVAILABLE')
      }
      assertReadAnswer(values, count)
      return values
    },

    async scan(range) {
      assertRange(range)
      let entries: StorageEntry[]
      try {
        entries = await adapter.scan(range)
      } catch (error) {
        throw toStorageError(error, 'scan', 'STORAGE_UNAVAILABLE')
      }
      assertScanAnswer(entries, range)
      return entries
    },

    async commit(commit) {
      assertCommit(commit)
      let outcome: string
      try {
        outcome = await adapter.commit(commit)
      } catch (error) {
        throw toStorageError(error, 'commit', 'STORAGE_OUTCOME_UNKNOWN')
      }
      if (outcome === 'applied' || outcome === 'conflict') return outcome
      throw new StorageError(
        'STORAGE_OUTCOME_UNKNOWN',
        'commit answered with neither applied nor conflict',
      )
    },

    async close() {
      try {
        await adapter.close()
      } catch (error) {
        throw toStorageError(error, 'close', 'STORAGE_UNAVAILABLE')
      }
    },
  }
}

function assertAdapter(adapter: StorageAdapter): void {
  if (!isObject(adapter)) throw new TypeError(`storage must be an object, not ${kind(adapter)}`)
  for (const method of ['read', 'scan', 'commit', 'close'] as const) {
    const found: unknown = Reflect.get(adapter, method)
    if (typeof found !== 'function') {
      throw new TypeError(`storage.${method} must be a function, not ${kind(found)}`)
    }
  }
}

function assertReadKeys(keys: readonly StorageKey[]): void {
  assertArray(keys, 'keys', STORAGE_READ_KEYS_MAX)
  for (let i = 0; i < keys.length; i += 1) {
    if (!isStorageKey(keys[i])) throw keyError(`keys[${i}]`, keys[i])
  }
}

function assertRange(range: StorageRange): void {
  if (!isObject(range)) throw new TypeError(`range must be an object, not ${kind(range)}`)
  const { start, end, limit } = range
  if (!isStorageKey(start)) throw keyError('range.start', start)
  if (!isStorageKey(end)) throw keyError('range.end', end)
  if (typeof limit !== 'number') {
    throw new TypeError(`range.limit must be a number, not ${kind(limit)}`)
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > SCAN_LIMIT_MAX) {
    throw new RangeError(`range.limit must be an integer from 1 to ${SCAN_LIMIT_MAX}`)
  }
}

function assertCommit(commit: Commit): void {
  if (!isObject(commit)) throw new TypeError(`commit must be an object, not ${kind(commit)}`)
  const bytes =
    countRecords(commit.guards, 'guards', COMMIT_GUARDS_MAX) +
    countRecords(commit.mutations, 'mutations', COMMIT_MUTATIONS_MAX)
  if (bytes > COMMIT_BYTES_MAX) {
    throw new RangeError(
      `commit holds ${bytes} bytes of keys and values; the limit is ${COMMIT_BYTES_MAX}`,
    )
  }
}

/**
 * Checks a list of guards or mutations, which have the same shape, and returns its size in bytes.
 */
function countRecords(records: Commit['mutations'], name: string, max: number): number {
  assertArray(records, name, max)
  const seen = new Set<StorageKey>()
  let bytes = 0
  for (let i = 0; i < records.length; i += 1) {
    const record = records[i]
    if (!isObject(record)) {
      throw new TypeError(`${name}[${i}] must be an object, not ${kind(record)}`)
    }
    const { key, value } = record
    if (!isStorageKey(key)) throw keyError(`${name}[${i}].key`, key)
    bytes += key.length + countValueBytes(value, name, i)
    // etcd refuses the same key twice in one transaction; elsewhere the result would be undefined.
    if (seen.has(key)) throw new RangeError(`${name}[${i}].key repeats the key of an earlier one`)
    seen.add(key)
  }
  return bytes
}

function countValueBytes(value: Uint8Array | null, name: string, index: number): number {
  if (value === null) return 0
  if (!(value instanceof Uint8Array)) {
    throw new TypeError(`${name}[${index}].value must be a Uint8Array or null, not ${kind(value)}`)
  }
  if (value.length > STORAGE_VALUE_BYTES_MAX) {
    throw new RangeError(
      `${name}[${index}].value has ${value.length} bytes; the limit is ${STORAGE_VALUE_BYTES_MAX}`,
    )
  }
  if (value.length === 0 && isDetached(value)) {
    throw new TypeError(`${name}[${index}].value is detached: its buffer was transferred`)
  }
  return value.length
}

/** A detached array looks empty until it is copied. */
function isDetached(value: Uint8Array): boolean {
  try {
    value.slice()
    return false
  } catch {
    return true
  }
}

function assertArray(value: readonly unknown[], name: string, max: number): void {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be an array, not ${kind(value)}`)
  if (value.length > max) {
    throw new RangeError(`${name} has ${value.length} elements; the limit is ${max}`)
  }
}

/**
 * A regular expression is three times as fast as a loop over the characters, and every read runs
 * it.
 */
const OUTSIDE_KEY = /[^!-~]/

function isStorageKey(value: unknown): value is StorageKey {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= STORAGE_KEY_CHARS_MAX &&
    !OUTSIDE_KEY.test(value)
  )
}

/** Separate from {@link isStorageKey}, so that valid keys do not cost a formatted name. */
function keyError(name: string, value: unknown): TypeError | RangeError {
  if (typeof value !== 'string') {
    return new TypeError(`${name} must be a string, not ${kind(value)}`)
  }
  if (value.length === 0 || value.length > STORAGE_KEY_CHARS_MAX) {
    return new RangeError(
      `${name} has ${value.length} characters; a key has 1 to ${STORAGE_KEY_CHARS_MAX}`,
    )
  }
  return new RangeError(`${name} contains a character that is not printable ASCII (0x21 to 0x7E)`)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** The type of a value, for a message that must not show its content. */
function kind(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : typeof value
}
