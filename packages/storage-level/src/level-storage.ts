import type { StorageAdapter } from '@stagevault/storage'
import { claimFolder } from './folder-owner.js'
import { watchFolder } from './folder-watch.js'
import { levelAdapter, type LevelDatabase } from './level-adapter.js'
import { loadLevel, type LevelClass } from './level-driver.js'
import { isLocked, lockedError, missingError, openError } from './level-errors.js'
import { createFolder, hasStore, openFolder, syncFolder, type OpenFolder } from './location.js'

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
 * Rejects with `STORAGE_LOCKED` where another process, thread or handle has it open,
 * `STORAGE_FULL` where there is no room for LevelDB's files (opening needs some),
 * `STORAGE_UNAVAILABLE` where it is damaged or cannot be reached, `STORAGE_DRIVER_MISSING` where
 * LevelDB cannot be loaded, and with a `TypeError` or `RangeError` for wrong options.
 *
 * Once the folder is replaced or removed, or another process takes it over, every call of the
 * adapter rejects with `STORAGE_CLOSED`: close it and open the store again. A commit finds that out
 * before it writes and before it is answered, a read at most 100 ms later.
 */
export async function createLevelStorage(options: LevelStorageOptions): Promise<StorageAdapter> {
  const { location, sync } = checkOptions(options)
  try {
    const Level = loadLevel()
    await createFolder(location)
    return await openLocation(location, { Level, sync, create: true })
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
    return await openLocation(location, { Level: loadLevel(), sync, create: false })
  } catch (error) {
    throw openError(error, location)
  }
}

interface Opening {
  readonly Level: LevelClass
  readonly sync: boolean
  readonly create: boolean
}

async function openLocation(location: string, opening: Opening): Promise<StorageAdapter> {
  const folder = await openFolder(location)
  try {
    // LevelDB would leave a LOCK and a LOG behind before it says that there is nothing.
    if (!await hasStore(folder.path, location) && !opening.create) throw missingError(location)
    return await openOwned(folder, location, opening)
  } catch (error) {
    folder.close()
    throw error
  }
}

async function openOwned(
  folder: OpenFolder, location: string, { Level, sync, create }: Opening,
): Promise<StorageAdapter> {
  const owner = claimFolder(folder.path, location)
  try {
    // One that this process does not see: in another container, or on a system that shows none.
    if (owner.hasPredecessor) await requireLock(Level, folder.path, location)
    // Before LevelDB reads: one that lives without its lock must answer no commit from here on.
    owner.removePredecessors()
    const exists = await hasStore(folder.path, location)
    if (!exists && !create) throw missingError(location)
    const database = await openDatabase(Level, folder.path, exists)
    try {
      // LevelDB has renamed CURRENT and deleted what it pointed to before, and synced neither.
      await syncFolder(folder.path)
      const watch = watchFolder({ ...folder, location, ownerFileName: owner.fileName })
      const loss = watch.findLoss()
      if (loss !== null) throw lockedError(location, null, { cause: loss })
      const onClosed = (): void => {
        owner.release()
        folder.close()
      }
      return levelAdapter(database, { sync, watch, onClosed })
    } catch (error) {
      await database.close()
      throw error
    }
  } catch (error) {
    owner.release()
    throw error
  }
}

const LEVEL_OPTIONS = {
  keyEncoding: 'utf8',
  valueEncoding: 'view',
  // Records are ciphertext.
  compression: false,
  // Threads that share a database would each have a queue.
  multithreading: false,
} as const

/**
 * Rejects with `STORAGE_LOCKED` where LevelDB's lock is held. An open that has to find nothing, or
 * has to find something and may not, takes the lock and gives it back before it reads any record.
 */
async function requireLock(Level: LevelClass, path: string, location: string): Promise<void> {
  const options = { ...LEVEL_OPTIONS, createIfMissing: false, errorIfExists: true }
  const error: unknown = await new Level(path, options).open().catch((refusal: unknown) => refusal)
  if (isLocked(error)) throw lockedError(location, null, { cause: error })
}

async function openDatabase(
  Level: LevelClass, path: string, exists: boolean,
): Promise<LevelDatabase> {
  const database = new Level<string, Uint8Array>(path, {
    ...LEVEL_OPTIONS,
    // Never over a store that was there a moment ago.
    createIfMissing: !exists,
  })
  await database.open()
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
