import { isStorageError, StorageError, type StorageErrorCode } from '@stagevault/storage'

/** The error of a failed read in LevelDB, which says nothing about whether an entry exists. */
export function readError(error: unknown): StorageError {
  const code = isNotOpen(error) ? 'STORAGE_CLOSED' : 'STORAGE_UNAVAILABLE'
  return new StorageError(code, 'LevelDB could not read', { cause: error })
}

/** The error of a failed batch in LevelDB. Reopening the store shows what was written. */
export function writeError(error: unknown): StorageError {
  return new StorageError(
    isFull(error) ? 'STORAGE_FULL' : 'STORAGE_OUTCOME_UNKNOWN',
    'LevelDB could not write: close the store, open it again, and read the stored records',
    { cause: error },
  )
}

/** LevelDB may still hold its files, so nothing else may open them. */
export function closeError(error: unknown): StorageError {
  return new StorageError(
    'STORAGE_UNAVAILABLE',
    'LevelDB could not close and holds its folder until it can: call close again',
    { cause: error },
  )
}

/** The error of opening a location, from LevelDB or, before it, from the file system. */
export function openError(error: unknown, location: string): Error {
  if (isStorageError(error)) return error
  if (isLocked(error)) return lockedError(location, null, { cause: error })
  const [code, message]: readonly [StorageErrorCode, string] = isFull(error)
    ? ['STORAGE_FULL', `no space to open ${location}`]
    : ['STORAGE_UNAVAILABLE', `could not open ${location}`]
  return new StorageError(code, message, { cause: error })
}

/** Another handle has the folder open: one of the process `pid`, if that is known. */
export function lockedError(
  location: string,
  pid: number | null = null,
  options?: { readonly cause: unknown },
): StorageError {
  const holder =
    pid === null
      ? 'another handle or process has'
      : pid === process.pid
        ? 'this process has'
        : `the process ${pid} has`
  return new StorageError('STORAGE_LOCKED', `${holder} ${location} open`, options)
}

/** Whether LevelDB's lock is held. */
export function isLocked(error: unknown): boolean {
  return hasCode(error, 'LEVEL_LOCKED')
}

export function missingError(location: string): StorageError {
  return new StorageError('STORAGE_MISSING', `there is no store at ${location}`)
}

function isNotOpen(error: unknown): boolean {
  return hasCode(error, 'LEVEL_DATABASE_NOT_OPEN') || hasCode(error, 'LEVEL_ITERATOR_NOT_OPEN')
}

/** LevelDB reports ENOSPC and EDQUOT of the system as text; Node reports the code. */
function isFull(error: unknown): boolean {
  return (
    hasCode(error, 'ENOSPC') ||
    hasCode(error, 'EDQUOT') ||
    hasMessage(error, /no space left|quota exceeded|not enough space/i)
  )
}

/** Whether the error, or one of its causes, has this code. */
export function hasCode(error: unknown, code: string): boolean {
  return causesOf(error).some((each) => each.code === code)
}

function hasMessage(error: unknown, pattern: RegExp): boolean {
  return causesOf(error).some(({ message }) => typeof message === 'string' && pattern.test(message))
}

/** The fields of an error. Node's errors are of another realm if tests run in a VM context. */
interface AnyError {
  readonly code?: unknown
  readonly message?: unknown
  readonly cause?: unknown
}

/** The error and its causes: abstract-level wraps LevelDB's own error when opening fails. */
function causesOf(error: unknown): AnyError[] {
  const causes: AnyError[] = []
  let at = error
  while (typeof at === 'object' && at !== null && causes.length < 8) {
    causes.push(at)
    at = 'cause' in at ? at.cause : null
  }
  return causes
}
