import type { StorageAdapter } from '@stagevault/storage'
import { Level } from 'level'
import { levelAdapter, type LevelDatabase } from './level-adapter.js'
import { missingError, openError } from './level-errors.js'
import { claimLocation, createFolder, syncFolder } from './location.js'

/**
 * When a commit counts as applied. `strict`: once it is on the disk (fsync). `relaxed`: once the
 * operating system has it, so that a crash of the process loses nothing, but a crash of the machine
 * may lose the latest commits, though never a part of one.
 */
export type LevelDurability = 'strict' | 'relaxed'

export interface LevelStorageOptions {
  /** The folder of the store. It should hold nothing else. */
  readonly location: string
  /** `strict` by default. */
  readonly durability?: LevelDurability
}

/**
 * Opens the store in a folder, and makes folder and store where they are missing.
 *
 * Takes a location and not a database: two adapters over one database would have two queues and
 * lose each other's commits.
 *
 * Rejects with `STORAGE_LOCKED` where another process or handle has it open, `STORAGE_FULL` where
 * there is no room for LevelDB's files (opening needs some), `STORAGE_UNAVAILABLE` where it is
 * damaged or cannot be reached, and with a `TypeError` or `RangeError` for wrong options.
 */
export async function createLevelStorage(options: LevelStorageOptions): Promise<StorageAdapter> {
  const { location, sync } = checkOptions(options)
  try {
    await createFolder(location)
    return await openLocation(location, sync, true)
  } catch (error) {
    throw openError(error, location)
  }
}

/**
 * Opens the store in a folder and makes nothing.
 *
 * Rejects with `VAULT_MISSING` where there is none, otherwise as {@link createLevelStorage}.
 */
export async function openLevelStorage(options: LevelStorageOptions): Promise<StorageAdapter> {
  const { location, sync } = checkOptions(options)
  try {
    return await openLocation(location, sync, false)
  } catch (error) {
    throw openError(error, location)
  }
}

async function openLocation(
  location: string, sync: boolean, create: boolean,
): Promise<StorageAdapter> {
  const { path, exists, release } = await claimLocation(location)
  try {
    // LevelDB would leave a LOCK and a LOG behind before it says that there is nothing.
    if (!exists && !create) throw missingError(location)
    const database = await openDatabase(path, exists)
    return levelAdapter(database, { sync, onClosed: release })
  } catch (error) {
    release()
    throw error
  }
}

async function openDatabase(path: string, exists: boolean): Promise<LevelDatabase> {
  const database = new Level<string, Uint8Array>(path, {
    keyEncoding: 'utf8',
    valueEncoding: 'view',
    // Records are ciphertext.
    compression: false,
    // Threads that share a database would each have a queue.
    multithreading: false,
    // Never over a store that was there a moment ago.
    createIfMissing: !exists,
  })
  await database.open()
  try {
    // LevelDB has renamed CURRENT and deleted what it pointed to before, and synced neither.
    await syncFolder(path)
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

function checkOptions(
  { location, durability = 'strict', ...others }: LevelStorageOptions,
): { readonly location: string, readonly sync: boolean } {
  if (Object.keys(others).length > 0) throw new RangeError('options are location and durability')
  if (typeof location !== 'string') {
    throw new TypeError(`location must be a string, not ${typeof location}`)
  }
  // Node and LevelDB would each cut it at another place, or make another character of a lone
  // surrogate, which then names a folder that has another name.
  if (location === '' || location.includes('\0') || !location.isWellFormed()) {
    throw new RangeError('location must be a path')
  }
  if (typeof durability !== 'string') {
    throw new TypeError(`durability must be a string, not ${typeof durability}`)
  }
  if (!['strict', 'relaxed'].includes(durability)) {
    throw new RangeError("durability must be 'strict' or 'relaxed'")
  }
  return { location, sync: durability === 'strict' }
}
