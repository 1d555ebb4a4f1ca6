import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs'
import { mkdir, open, readdir, realpath, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { StorageError } from '@stagevault/storage'
import { isSameFile, type FileIdentity } from './folder-owner.js'
import { hasCode, missingError } from './level-errors.js'

/** What LevelDB keeps records in. Without `CURRENT`, which leads to them, it ignores them. */
const RECORD_FILE = /^\d+\.(?:log|ldb|sst)$/

/**
 * Makes the folder where it is missing, and those above it, for their owner alone. Each is durable
 * before anything is made in it, and taken back where it cannot be, so that what is there is
 * durable. (The recursive `mkdir` of Node would not say which ones it made before it failed, and
 * runs for ever where a file system denies that a parent exists, as `/proc` does.)
 */
export async function createFolder(location: string): Promise<void> {
  const path = resolve(location)
  if (await isThere(path)) return
  const above = dirname(path)
  if (above !== path) await createFolder(above)
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    // Another process was faster; otherwise a link leads nowhere, or the like.
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

/** Makes the names of the files in a folder durable, as an fsync of the files alone does not. */
export async function syncFolder(path: string): Promise<void> {
  // Windows has no such call, and opens no folders.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** A folder that stays the same one whatever becomes of its path. */
export interface OpenFolder extends FileIdentity {
  /** Absolute, so that it is the same folder wherever the process goes. */
  readonly givenPath: string
  /** Without links, where `givenPath` has some. */
  readonly realPath: string
  /**
   * What to reach its files by. On Linux it leads through an open descriptor, so that LevelDB,
   * which makes and deletes files in the background, never does so in another folder that was put
   * in this one's place.
   */
  readonly path: string
  close(): void
}

/** Rejects with `STORAGE_MISSING` where there is no folder. */
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

/** Whether LevelDB's files are there. Rejects where there are remains of a store. */
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
