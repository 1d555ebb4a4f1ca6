import { isStorageError, StorageError } from '@stagevault/storage'

function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : ''
}

/** The browser's error, also if it is the cause of a StorageError. */
function reasonOf(error: unknown): unknown {
  return isStorageError(error) ? error.cause : error
}

/**
 * Whether the browser refused because of the connection or a temporary state. The browser closed
 * the connection, as Safari does for background pages and every browser does when site data is
 * cleared; or, in Firefox, the previous write found no space.
 */
export function isRefusal(error: unknown): boolean {
  return nameOf(reasonOf(error)) === 'InvalidStateError'
}

/**
 * Whether a read was interrupted because the connection is being closed, before the browser reports
 * why: an abort that this code did not request or, in Safari, an UnknownError.
 */
export function isInterruption(error: unknown): boolean {
  return ['AbortError', 'UnknownError'].includes(nameOf(reasonOf(error)))
}

/** The error of a failed read, which says nothing about whether an entry exists. */
export function readError(error: unknown): StorageError {
  return toStorageError(error, 'IndexedDB could not read')
}

/** The error of a commit that ended before its writes were released, so it wrote nothing. */
export function unwrittenError(error: unknown): StorageError {
  return toStorageError(error, 'IndexedDB ended a commit before it wrote anything')
}

/**
 * The error of a transaction that was released to complete and did not. If it ran out of space, it
 * wrote nothing. Otherwise the writes may have been made and only the answer lost.
 */
export function lostCommitError(error: unknown): StorageError {
  if (nameOf(error) === 'QuotaExceededError') return fullError(error)
  const message = 'IndexedDB ended a commit: read the stored records before writing again'
  return new StorageError('STORAGE_OUTCOME_UNKNOWN', message, { cause: error })
}

/** The error of opening a database. */
export function openError(error: unknown, name: string): StorageError {
  return toStorageError(error, `could not open ${name}`)
}

/** @param damage - the browser's message about a damaged store that it deleted, or `null` */
export function missingError(name: string, damage: string | null = null): StorageError {
  const why = damage === null ? '' : `: the browser found it damaged and deleted it (${damage})`
  return new StorageError('STORAGE_MISSING', `there is no store named ${name}${why}`)
}

export function blockedError(name: string): StorageError {
  const message = `another tab holds an older version of ${name}: close it and try again`
  return new StorageError('STORAGE_BLOCKED', message)
}

export function foreignError(name: string): StorageError {
  const message = `the database ${name} belongs to another program: it is not a store of records`
  return new StorageError('STORAGE_UNAVAILABLE', message)
}

export function closedError(why: string): StorageError {
  return new StorageError('STORAGE_CLOSED', why)
}

function toStorageError(error: unknown, message: string): StorageError {
  if (isStorageError(error)) return error
  if (nameOf(error) === 'QuotaExceededError') return fullError(error)
  return new StorageError('STORAGE_UNAVAILABLE', message, { cause: error })
}

function fullError(error: unknown): StorageError {
  const message = 'the browser has no space left for this origin'
  return new StorageError('STORAGE_FULL', message, { cause: error })
}
