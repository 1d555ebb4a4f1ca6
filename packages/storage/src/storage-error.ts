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

/** Whether `error` carries a code of a store: of this copy of the package, or of another. */
export function isStorageError(error: unknown): error is StorageError {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    Object.hasOwn(CODES, String(error.code))
  )
}

/**
 * A failure of a store. Check `code`, not `instanceof`: two copies of this package may be loaded.
 * The message and `cause` never hold the bytes of a record.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code: StorageErrorCode

  constructor(code: StorageErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
