import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs'
import { mkdir, open, readdir, realpath, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { StorageError } from '@stagevault/storage'
import { isSameFile, type FileIdentity } from './folder-owner.js'
import { hasCode, missingError } from './level-errors.js'

/** LevelDB's record files. LevelDB ignores them if `CURRENT`, which leads to them, is missing. */
const RECORD_FILE = /^\d+\.(?:log|ldb|sst)$/

/**
 * Creates a missing folder and its missing parents, accessible only to their owner. Each folder is
 * made durable before anything is created in it, and removed if that fails, so an existing folder
 * is durable. (Node's recursive `mkdir` would not report which folders it created before it failed,
 * and runs forever if a file system denies that a parent exists, as `/proc` does.)
 */
export async function createFolder(location: string): Promise<void> {
  const path = resolve(location)
  if (await isThere(path)) return
  const above = dirname(path)
  if (above !== path) await createFolder(above)
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    // Another process may have created it; otherwise the path has a dead link, or the like.
    if (await isThere(path)) return
    throw error
  }
  try {
    await syncFolder(above)
  } catch (error) {
    await rmdir(path).catch(() => undefined)
    throw error
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

/** Makes the names of the files in a folder durable; an fsync of the files alone does not. */
export async function syncFolder(path: string): Promise<void> {
  // Windows has no such call and cannot open folders.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** A folder that stays the same one even if its path changes. */
export interface OpenFolder extends FileIdentity {
  /** Absolute, so that a change of the working directory does not affect it. */
  readonly givenPath: string
  /** `givenPath` with its links resolved. */
  readonly realPath: string
  /**
   * The path by which to reach its files. On Linux it leads through an open descriptor. LevelDB
   * creates and deletes files in the background, and must not do so in another folder that was put
   * in this one's place.
   */
  readonly path: string
  close(): void
}

/** Rejects with `STORAGE_MISSING` if the folder does not exist. */
export async function openFolder(location: string): Promise<OpenFolder> {
  const givenPath = resolve(location)
  const realPath = await realpath(givenPath).catch((error: unknown) => {
    throw hasCode(error, 'ENOENT') ? missingError(location) : error
  })
  if (process.platform === 'linux') {
    const descriptor = openSync(realPath, constants.O_RDONLY | constants.O_DIRECTORY)
    const close = (): void => {
      closeSync(descriptor)
    }
    const { dev, ino } = fstatSync(descriptor)
    const path = `/proc/self/fd/${descriptor}`
    if (isSameFile(statSync(path, { throwIfNoEntry: false }) ?? null, { dev, ino })) {
      return { givenPath, realPath, path, dev, ino, close }
    }
    close()
  }
  const { dev, ino } = statSync(realPath)
  return { givenPath, realPath, path: realPath, dev, ino, close: () => undefined }
}

/** Whether LevelDB's files exist. Rejects if only a part of a store remains. */
export async function hasStore(folder: string, location: string): Promise<boolean> {
  const names = await readdir(folder)
  if (names.includes('CURRENT')) return true
  // LevelDB would start a new store here and delete these files.
  if (names.some((name) => RECORD_FILE.test(name))) {
    throw new StorageError(
      'STORAGE_UNAVAILABLE',
      `${join(location, 'CURRENT')} is missing from the store: restore it`,
    )
  }
  return false
}
