/**
 * Checks whether a folder is still the one that a handle opened, and still owned by this handle.
 * LevelDB does not check: it goes on in files that no path leads to, and acknowledges the writes.
 */
import { readdirSync, statSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { StorageError } from '@stagevault/storage'
import { isSameFile, type FileIdentity } from './folder-owner.js'

export interface FolderWatch {
  /**
   * Checks the folder while nothing is being written. A loss is permanent: `STORAGE_CLOSED`, with
   * what happened.
   */
  findLoss(): StorageError | null
  /**
   * The same check at any time. It ignores growth of the log, whose end may be lost again if a sync
   * fails.
   */
  findLossInPassing(): StorageError | null
  /** The same check for reads, which are too frequent for a check each: at most every 100 ms. */
  findLossAtTimes(): StorageError | null
}

export interface WatchedFolder extends FileIdentity {
  readonly realPath: string
  /** May contain links, which may later lead elsewhere. */
  readonly givenPath: string
  /** Used in messages. */
  readonly location: string
  readonly ownerFileName: string
}

const READ_LOOK_MS = 100

/**
 * Timestamps of a file system may be coarser than its changes: ticks of up to 10 ms on Linux. A
 * folder that changed less than this ago is checked again.
 */
const SETTLING_MS = 15

const LOG_NAME = /^(\d+)\.log$/

/** Call it once LevelDB is open: from then on LevelDB creates no new `CURRENT` or `MANIFEST`. */
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
    // By its path and not by the descriptor: a hard link to the file would outlive its removal.
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
      loss = lossError(location, 'could not be checked', error)
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

/** Watches LevelDB's own files, as far as LevelDB depends on them. */
function watchContents(folder: string): {
  /** Checks all files, because the folder has changed: LevelDB may have started another log. */
  findChange(isAtRest: boolean): string | null
  /** Checks the log only. */
  findLogChange(isAtRest: boolean): string | null
} {
  const currentPath = join(folder, 'CURRENT')
  const current = statOf(currentPath)
  const manifestPath = join(folder, newestOf(readdirSync(folder), /^MANIFEST-(\d+)$/) ?? '')
  const manifest = statOf(manifestPath)
  let logName = newestOf(readdirSync(folder), LOG_NAME) ?? ''
  let logPath = join(folder, logName)
  let log = statOf(logPath)
  /** The size of the log when nothing was being written. */
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
      // LevelDB removes a log only when one with a higher number exists.
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

/**
 * Whether the file was neither replaced nor written. Its ctime is ignored, because links and
 * permissions change it, too.
 */
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
