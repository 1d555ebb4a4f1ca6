/** Opens a folder for one handle: LevelDB reads it once no other handle writes in it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { StorageAdapter } from '@stagevault/storage'
import { claimFolder } from './folder-owner.js'
import { watchFolder } from './folder-watch.js'
import { levelAdapter, type LevelDatabase } from './level-adapter.js'
import type { LevelClass } from './level-driver.js'
import { isLocked, lockedError, missingError } from './level-errors.js'
import { hasStore, openFolder, syncFolder, type OpenFolder } from './location.js'

export interface Opening {
  readonly Level: LevelClass
  readonly sync: boolean
  readonly create: boolean
}

/**
 * How long a handle that lost its folder has for closing LevelDB before the next one opens it, in
 * ms: four times what passes between two of its looks. Its thread would delete tables of the next.
 */
const TAKEOVER_WAIT_MS = 1_000

/** Opens the store at a location. `letLoserStop` waits until an earlier owner has stopped. */
export async function openLocation(
  location: string, opening: Opening,
  letLoserStop: () => Promise<unknown> = () => sleep(TAKEOVER_WAIT_MS),
): Promise<StorageAdapter> {
  const folder = await openFolder(location)
  try {
    // LevelDB would leave a LOCK and a LOG behind before it says that there is nothing.
    if (!await hasStore(folder.path, location) && !opening.create) throw missingError(location)
    return await openOwned(folder, location, opening, letLoserStop)
  } catch (error) {
    folder.close()
    throw error
  }
}

async function openOwned(
  folder: OpenFolder, location: string, { Level, sync, create }: Opening,
  letLoserStop: () => Promise<unknown>,
): Promise<StorageAdapter> {
  const owner = claimFolder(folder.path, location)
  try {
    // One that this process does not see: in another container, or on a system that shows none.
    if (owner.predecessor !== 'none') await requireLock(Level, folder.path, location)
    // Before LevelDB reads: one that lives without its lock must answer no commit from here on.
    owner.removePredecessors()
    if (owner.predecessor === 'unseen') await letLoserStop()
    // A third one may have come meanwhile, and waits for this one.
    if (!owner.isInPlace()) throw lockedError(location)
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
