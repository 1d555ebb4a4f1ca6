import { mkdir, open, readdir, realpath, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { StorageError } from '@stagevault/storage'
import { missingError } from './level-errors.js'

/** A location that this handle alone may open in this process, until it is released. */
export interface ClaimedLocation {
  /** Absolute and without links, so that it stays the same folder wherever the process goes. */
  readonly path: string
  /** Whether LevelDB's files are there. */
  readonly exists: boolean
  readonly release: () => void
}

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
    if (isMissing(error)) return false
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
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

/**
 * Rejects with `VAULT_MISSING` where there is no folder, with `STORAGE_LOCKED` where this process
 * has claimed it, and with `STORAGE_UNAVAILABLE` where there are remains of a store.
 *
 * LevelDB locks against other processes, but not reliably within one: it tells locations apart by
 * their spelling, and its refusal of a second handle closes the lock file, which ends the first
 * handle's lock (POSIX). So the second handle must be refused before LevelDB is asked.
 */
export async function claimLocation(location: string): Promise<ClaimedLocation> {
  const path = await realpath(resolve(location)).catch((error: unknown) => {
    throw isMissing(error) ? missingError(location) : error
  })
  const { dev, ino } = await stat(path, { bigint: true })
  const id = `${dev}:${ino}`
  const claimed = claimedLocations()
  if (claimed.has(id)) {
    throw new StorageError('STORAGE_LOCKED', `this process has ${location} open`)
  }
  claimed.add(id)
  const release = (): void => {
    claimed.delete(id)
  }
  try {
    return { path, exists: await hasStore(path, location), release }
  } catch (error) {
    release()
    throw error
  }
}

async function hasStore(path: string, location: string): Promise<boolean> {
  const names = await readdir(path)
  if (names.includes('CURRENT')) return true
  // LevelDB would start a new store here and delete these files.
  if (names.some((name) => RECORD_FILE.test(name))) {
    throw new StorageError(
      'STORAGE_UNAVAILABLE', `${join(location, 'CURRENT')} is missing from the store: restore it`,
    )
  }
  return false
}

/** One set for the process, also where two copies of this package are loaded. */
function claimedLocations(): Set<string> {
  const name = Symbol.for('@stagevault/storage-level/claimed-locations')
  const found: unknown = Reflect.get(globalThis, name)
  if (found instanceof Set) return found as Set<string>
  const created = new Set<string>()
  Reflect.set(globalThis, name, created)
  return created
}
