import { isStorageError, StorageError } from '@stagevault/storage'

function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : ''
}

/** What the browser said, also where it is the cause of an error of ours. */
function reasonOf(error: unknown): unknown {
  return isStorageError(error) ? error.cause : error
}

/**
 * A refusal that is of the connection or of the moment: it was closed under us, as Safari does with
 * pages in the background and every browser does when site data is cleared; or, in Firefox, the
 * write before this one found no room.
 */
export function isRefusal(error: unknown): boolean {
  return nameOf(reasonOf(error)) === 'InvalidStateError'
}

/**
 * What a connection that is being taken away makes of a read, before the browser says why: an abort
 * that nobody here asked for or, in Safari, an error that it calls unknown.
 */
export function isInterruption(error: unknown): boolean {
  return ['AbortError', 'UnknownError'].includes(nameOf(reasonOf(error)))
}

/** An error of a read: it says nothing about whether there is an entry. */
export function readError(error: unknown): StorageError {
  return toStorageError(error, 'IndexedDB could not read')
}

/** An error of a commit that has written nothing: it ended before its writes were let go. */
export function unwrittenError(error: unknown): StorageError {
  return toStorageError(error, 'IndexedDB ended a commit before it wrote anything')
}

/**
 * An error of a transaction that was left to complete and did not. One that found no room has
 * written nothing; of any other the browser may have lost the answer, not the writes.
 */
export function lostCommitError(error: unknown): StorageError {
  if (nameOf(error) === 'QuotaExceededError') return fullError(error)
  const message = 'IndexedDB ended a commit: read what is there before writing again'
  return new StorageError('STORAGE_OUTCOME_UNKNOWN', message, { cause: error })
}

/** An error while a database was opened. */
export function openError(error: unknown, name: string): StorageError {
  return toStorageError(error, `could not open ${name}`)
}

/** `damage` is what the browser says of a store that it deleted, where it did. */
export function missingError(name: string, damage: string | null = null): StorageError {
  const why = damage === null ? '' : `: the browser found it damaged and deleted it (${damage})`
  return new StorageError('STORAGE_MISSING', `there is no store named ${name}${why}`)
}

export function blockedError(name: string): StorageError {
  const message = `another tab holds an older version of ${name}: close it and try again`
  return new StorageError('STORAGE_BLOCKED', message)
}

export function foreignError(name: string): StorageError {
  const message = `the database ${name} is somebody else's: it is no store of records`
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
  const message = 'the browser has no room left for this origin'
  return new StorageError('STORAGE_FULL', message, { cause: error })
}
