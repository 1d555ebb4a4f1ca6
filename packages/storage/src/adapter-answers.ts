import type { StorageEntry, StorageRange } from './contract.js'
import { StorageError, isStorageError, type StorageErrorCode } from './storage-error.js'

/**
 * The error of an adapter: unchanged if it carries a storage code (another copy of this package may
 * have created it), otherwise the `cause` of a new error with the code `fallback`.
 */
export function toStorageError(error: unknown, method: string, fallback: StorageErrorCode): Error {
  if (isStorageError(error)) return error
  return new StorageError(fallback, `${method} failed in the storage adapter`, { cause: error })
}

/**
 * A result of the wrong length would assign one record's bytes to another key, so it is an error.
 */
export function assertReadAnswer(values: readonly (Uint8Array | null)[], count: number): void {
  if (!Array.isArray(values)) throw malformed('read', 'something other than an array')
  if (values.length !== count) {
    throw malformed('read', `${values.length} values for ${count} keys`)
  }
  for (let i = 0; i < count; i += 1) {
    const value: unknown = values[i]
    // `undefined` is also refused: an adapter that does not convert it may have lost an error.
    if (value !== null && !(value instanceof Uint8Array)) {
      throw malformed('read', `neither bytes nor null at index ${i}`)
    }
  }
}

/** Entries outside the range or out of order would make a paging caller skip or repeat some. */
export function assertScanAnswer(entries: readonly StorageEntry[], range: StorageRange): void {
  if (!Array.isArray(entries)) throw malformed('scan', 'something other than an array')
  if (entries.length > range.limit) {
    throw malformed('scan', `${entries.length} entries for a limit of ${range.limit}`)
  }
  let previous = ''
  for (let i = 0; i < entries.length; i += 1) {
    const entry: unknown = entries[i]
    if (!isEntry(entry)) throw malformed('scan', `something other than an entry at index ${i}`)
    if (entry.key < range.start || entry.key >= range.end) {
      throw malformed('scan', `a key outside the range at index ${i}`)
    }
    if (entry.key <= previous) throw malformed('scan', `a key out of order at index ${i}`)
    previous = entry.key
  }
}

function isEntry(entry: unknown): entry is StorageEntry {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'key' in entry &&
    typeof entry.key === 'string' &&
    'value' in entry &&
    entry.value instanceof Uint8Array
  )
}

function malformed(method: string, what: string): StorageError {
  return new StorageError('STORAGE_UNAVAILABLE', `${method} answered with ${what}`)
}
