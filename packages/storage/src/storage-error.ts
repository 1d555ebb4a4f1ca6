/** What a {@link StorageError} can be about. Codes are stable; messages are not. */
export type StorageErrorCode =
  /** Nothing is stored at this location, and opening never creates. */
  | 'STORAGE_MISSING'
  /** What the adapter is made over, such as LevelDB, cannot be loaded. */
  | 'STORAGE_DRIVER_MISSING'
  /** Another process holds the store. */
  | 'STORAGE_LOCKED'
  /** Another tab holds an older version of the store open. */
  | 'STORAGE_BLOCKED'
  /** The handle was closed, by its owner or by the platform, or its store was taken away. */
  | 'STORAGE_CLOSED'
  /** No room: the disk is full or a quota is used up. */
  | 'STORAGE_FULL'
  /** The store cannot be read or written now. Nothing was written. */
  | 'STORAGE_UNAVAILABLE'
  /** A write may or may not have been made. Reopen, read, and repeat it if it is missing. */
  | 'STORAGE_OUTCOME_UNKNOWN'

/** A record and not a list, so that the compiler asks for a new code here. */
const CODES: Readonly<Record<StorageErrorCode, true>> = {
  STORAGE_MISSING: true,
  STORAGE_DRIVER_MISSING: true,
  STORAGE_LOCKED: true,
  STORAGE_BLOCKED: true,
  STORAGE_CLOSED: true,
  STORAGE_FULL: true,
  STORAGE_UNAVAILABLE: true,
  STORAGE_OUTCOME_UNKNOWN: true,
}

/**
 * Whether `error` is a failure of a store: of this copy of the package, or of another. With `code`,
 * whether it has that code.
 *
 * @example
 * ```ts
 * const error: unknown = new StorageError('STORAGE_FULL', 'the disk is full')
 * if (isStorageError(error, 'STORAGE_FULL')) console.log('make room, then try again')
 * ```
 */
export function isStorageError<Code extends StorageErrorCode = StorageErrorCode>(
  error: unknown,
  code?: Code,
): error is StorageError & { readonly code: Code } {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false
  const found = String(error.code)
  return code === undefined ? Object.hasOwn(CODES, found) : found === code
}

/**
 * A failure of a store. Check `code`, not `instanceof`: two copies of this package may be loaded.
 * The message and `cause` never hold the bytes of a record.
 */
export class StorageError extends Error {
  /** Always `StorageError`. */
  override readonly name = 'StorageError'
  /** What it is about. */
  readonly code: StorageErrorCode

  constructor(code: StorageErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
