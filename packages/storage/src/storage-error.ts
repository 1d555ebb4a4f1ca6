/** What a {@link StorageError} can be about. Codes are stable; messages are not. */
export type StorageErrorCode =
  /** Nothing is stored at this location, and opening never creates. */
  | 'VAULT_MISSING'
  /** Another process holds the store. */
  | 'STORAGE_LOCKED'
  /** Another tab holds an older version of the store open. */
  | 'STORAGE_BLOCKED'
  /** The handle was closed, or the platform closed it. */
  | 'STORAGE_CLOSED'
  /** No room: the disk is full or a quota is used up. */
  | 'STORAGE_FULL'
  /** The store cannot be read or written now. Nothing was written. */
  | 'STORAGE_UNAVAILABLE'
  /** A write may or may not have been made. Reopen, read, and repeat it if it is missing. */
  | 'STORAGE_OUTCOME_UNKNOWN'

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
