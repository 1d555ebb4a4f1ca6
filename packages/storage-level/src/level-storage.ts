import type { DisposableStorage } from '@stagevault/storage'
import { loadLevel } from './level-driver.js'
import { openError } from './level-errors.js'
import { createFolder } from './location.js'
import { openLocation } from './open-location.js'

/**
 * When a commit counts as applied. `strict`: once it is on the disk (fsync). `relaxed`: once the
 * operating system has it, so that a crash of the process loses nothing, but a crash of the machine
 * may lose the latest commits, though never a part of one.
 */
export type LevelDurability = 'strict' | 'relaxed'

/** What `createLevelStorage` and `openLevelStorage` take. */
export interface LevelStorageOptions {
  /** The folder of the store. It should hold nothing else. */
  readonly location: string
  /** `strict` by default. */
  readonly durability?: LevelDurability | undefined
}

/**
 * Opens the store in a folder, and creates a missing folder or store.
 *
 * Takes a location and not a database: two adapters over one database would have two queues and
 * lose each other's commits.
 *
 * Rejects with `STORAGE_LOCKED` if another process, thread or handle has it open, `STORAGE_FULL` if
 * there is no space for LevelDB's files (opening needs some), `STORAGE_UNAVAILABLE` if it is
 * damaged or cannot be reached, `STORAGE_DRIVER_MISSING` if LevelDB cannot be loaded, and with a
 * `TypeError` or `RangeError` for wrong options.
 *
 * Once the folder is replaced or removed, or another process takes it over, every call of the
 * adapter rejects with `STORAGE_CLOSED`: close the adapter and open the store again. A commit
 * detects this before it writes and before it is answered, a read at most 100 ms later. Opening
 * takes a second if an earlier handle may still be alive, so that such a handle can stop.
 */
export async function createLevelStorage(options: LevelStorageOptions): Promise<DisposableStorage> {
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
 * Opens the store in a folder without creating it.
 *
 * Rejects with `STORAGE_MISSING` if it does not exist; otherwise as {@link createLevelStorage}.
 */
export async function openLevelStorage(options: LevelStorageOptions): Promise<DisposableStorage> {
  const { location, sync } = checkOptions(options)
  try {
    return await openLocation(location, { Level: loadLevel(), sync, create: false })
  } catch (error) {
    throw openError(error, location)
  }
}

function checkOptions({ location, durability = 'strict', ...others }: LevelStorageOptions): {
  readonly location: string
  readonly sync: boolean
} {
  if (Object.keys(others).length > 0) throw new RangeError('options are location and durability')
  if (typeof location !== 'string') {
    throw new TypeError(`location must be a string, not ${typeof location}`)
  }
  // Node and LevelDB would cut the path at different places, or replace a lone surrogate by
  // different characters, and so use different folders.
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
