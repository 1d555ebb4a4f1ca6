/**
 * Whether a folder is still the one that a handle opened, and still this handle's. LevelDB does not
 * look: it goes on in files that no path leads to any more, and acknowledges what it writes there.
 */
import { readdirSync, statSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { StorageError } from '@stagevault/storage'
import { isSameFile, type FileIdentity } from './folder-owner.js'

export interface FolderWatch {
  /**
   * Looks at the folder while nothing is being written. What was lost once stays lost:
   * `STORAGE_CLOSED`, with what happened.
   */
  findLoss(): StorageError | null
  /** The same at any time: a log that grows may lose its end again, where a sync fails. */
  findLossInPassing(): StorageError | null
  /** The same for reads, which are too many for a look each: it looks every 100 ms at most. */
  findLossAtTimes(): StorageError | null
}

export interface WatchedFolder extends FileIdentity {
  readonly realPath: string
  /** A link in it may come to lead elsewhere. */
  readonly givenPath: string
  /** For messages. */
  readonly location: string
  readonly ownerFileName: string
}

const READ_LOOK_MS = 100

/**
 * Times of a file system may be coarser than its changes: ticks of up to 10 ms on Linux. A folder
 * that changed less than this ago is looked through again.
 */
const SETTLING_MS = 15

const LOG_NAME = /^(\d+)\.log$/

/** Begins once LevelDB is open: from then on it makes no other `CURRENT` and no `MANIFEST`. */
export function watchFolder(watched: WatchedFolder): FolderWatch {
  const { realPath, givenPath, location, ownerFileName } = watched
  const paths = givenPath === realPath ? [realPath] : [realPath, givenPath]
  const ownerPath = join(realPath, ownerFileName)
  const owner = statOf(ownerPath)
  const contents = watchContents(realPath)
  let modified = Number.NaN
  let loss: StorageError | null = null
  let lookedAt = performance.now()

  function findChange(isAtRest: boolean): string | null {
    for (const path of paths) {
      const folder = statOf(path)
      if (folder === null) return 'was removed or renamed'
      if (!isSameFile(folder, watched)) return 'was replaced'
      if (path !== realPath || folder.mtimeMs === modified) continue
      const changed = contents.findChange(isAtRest)
      if (changed !== null) return changed
      const isSettled = Math.abs(Date.now() - folder.mtimeMs) > SETTLING_MS
      modified = isSettled ? folder.mtimeMs : Number.NaN
    }
    // By its path and not by the descriptor: a hard link to it would outlive its removal.
    const now = statOf(ownerPath)
    if (now === null) return 'was opened by another handle or process, or lost its owner file'
    if (!isUntouched(now, owner)) return 'was written over'
    return contents.findLogChange(isAtRest)
  }

  function look(isAtRest: boolean): StorageError | null {
    if (loss !== null) return loss
    lookedAt = performance.now()
    try {
      const change = findChange(isAtRest)
      if (change !== null) loss = lossError(location, change)
    } catch (error) {
      loss = lossError(location, 'could not be looked at', error)
    }
    return loss
  }

  return {
    findLoss: () => look(true),
    findLossInPassing: () => look(false),
    findLossAtTimes: () =>
      loss !== null || performance.now() - lookedAt < READ_LOOK_MS ? loss : look(false),
  }
}

/** LevelDB's own files, as far as it cannot do without them. */
function watchContents(folder: string): {
  /** Looks through all of them, as the folder has changed: LevelDB may have begun another log. */
  findChange(isAtRest: boolean): string | null
  /** The log alone. */
  findLogChange(isAtRest: boolean): string | null
} {
  const currentPath = join(folder, 'CURRENT')
  const current = statOf(currentPath)
  const manifestPath = join(folder, newestOf(readdirSync(folder), /^MANIFEST-(\d+)$/) ?? '')
  const manifest = statOf(manifestPath)
  let logName = newestOf(readdirSync(folder), LOG_NAME) ?? ''
  let logPath = join(folder, logName)
  let log = statOf(logPath)
  /** What was in the log when nothing was being written. */
  let logBytes = log?.size ?? 0

  function findLogChange(isAtRest: boolean): string | null {
    const now = statOf(logPath)
    if (!isSameFile(now, log)) return `lost its file ${logName}`
    const bytes = now?.size ?? 0
    if (bytes < logBytes) return `lost the end of its file ${logName}`
    if (isAtRest) logBytes = bytes
    return null
  }

  return {
    findLogChange,
    findChange(isAtRest) {
      if (!isUntouched(statOf(currentPath), current)) return 'lost its file CURRENT'
      if (!isSameFile(statOf(manifestPath), manifest)) return 'lost its file MANIFEST'
      const newest = newestOf(readdirSync(folder), LOG_NAME)
      // LevelDB removes a log only when there is one with a higher number.
      if (newest === null || numberOf(newest) <= numberOf(logName)) return findLogChange(isAtRest)
      logName = newest
      logPath = join(folder, logName)
      log = statOf(logPath)
      logBytes = isAtRest ? (log?.size ?? 0) : 0
      return null
    },
  }
}

/** The name with the highest number. */
function newestOf(names: readonly string[], pattern: RegExp): string | null {
  const matching = names.filter((name) => pattern.test(name))
  return matching.sort((a, b) => numberOf(b) - numberOf(a))[0] ?? null
}

function numberOf(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0)
}

/** Neither another file nor written to. Its other times change with links and permissions too. */
function isUntouched(now: Stats | null, before: Stats | null): boolean {
  return isSameFile(now, before) && now?.mtimeMs === before?.mtimeMs && now?.size === before?.size
}

function statOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null
}

function lossError(location: string, change: string, cause?: unknown): StorageError {
  const message = `${location} ${change} while it was open: close the store and open it again`
  return new StorageError('STORAGE_CLOSED', message, cause === undefined ? {} : { cause })
}
