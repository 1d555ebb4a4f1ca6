import { StorageError, type StorageErrorCode } from '@stagevault/storage'

/** An error of a read in LevelDB: it says nothing about whether there is an entry. */
export function readError(error: unknown): StorageError {
  const code = isNotOpen(error) ? 'STORAGE_CLOSED' : 'STORAGE_UNAVAILABLE'
  return new StorageError(code, 'LevelDB could not read', { cause: error })
}

/** An error of a batch in LevelDB. What was written of it shows when the store is opened again. */
export function writeError(error: unknown): StorageError {
  return new StorageError(
    isFull(error) ? 'STORAGE_FULL' : 'STORAGE_OUTCOME_UNKNOWN',
    'LevelDB could not write: close the store, open it again, and read what is there',
    { cause: error },
  )
}

export function closeError(error: unknown): StorageError {
  return new StorageError('STORAGE_UNAVAILABLE', 'LevelDB could not close', { cause: error })
}

/** An error while a location was opened: of LevelDB or, before it, of the file system. */
export function openError(error: unknown, location: string): StorageError {
  if (error instanceof StorageError) return error
  const [code, message] = openFailure(error, location)
  return new StorageError(code, message, { cause: error })
}

function openFailure(error: unknown, location: string): readonly [StorageErrorCode, string] {
  if (hasCode(error, 'LEVEL_LOCKED')) {
    return ['STORAGE_LOCKED', `another handle or process holds ${location}`]
  }
  if (isFull(error)) return ['STORAGE_FULL', `no room to open ${location}`]
  return ['STORAGE_UNAVAILABLE', `could not open ${location}`]
}

export function missingError(location: string): StorageError {
  return new StorageError('VAULT_MISSING', `there is no store at ${location}`)
}

function isNotOpen(error: unknown): boolean {
  return hasCode(error, 'LEVEL_DATABASE_NOT_OPEN') || hasCode(error, 'LEVEL_ITERATOR_NOT_OPEN')
}

/** LevelDB passes on what the system calls ENOSPC and EDQUOT, in words; Node gives the code. */
function isFull(error: unknown): boolean {
  return hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT') ||
    hasMessage(error, /no space left|quota exceeded|not enough space/i)
}

function hasCode(error: unknown, code: string): boolean {
  return causesOf(error).some((each) => 'code' in each && each.code === code)
}

function hasMessage(error: unknown, pattern: RegExp): boolean {
  return causesOf(error).some(({ message }) => pattern.test(message))
}

/** The error and what caused it: abstract-level wraps LevelDB's own error when opening fails. */
function causesOf(error: unknown): Error[] {
  const causes: Error[] = []
  for (let at = error; at instanceof Error && causes.length < 8; at = at.cause) causes.push(at)
  return causes
}
