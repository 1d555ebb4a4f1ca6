/** Opens a folder for one handle: LevelDB reads it once no other handle writes to it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { DisposableStorage } from '@stagevault/storage'
import { claimFolder, type FolderOwner } from './folder-owner.js'
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
 * How long a handle that lost its folder has to close LevelDB before the next one opens it, in ms:
 * four times its check interval. Otherwise its thread would delete tables of the next handle.
 */
const TAKEOVER_WAIT_MS = 1_000

/** Opens the store at a location. `letLoserStop` waits until an earlier owner has stopped. */
export async function openLocation(
  location: string,
  opening: Opening,
  letLoserStop: () => Promise<unknown> = () => sleep(TAKEOVER_WAIT_MS),
): Promise<DisposableStorage> {
  const held: Held = { folder: await openFolder(location), owner: null, database: null }
  try {
    return await openHeld(held, location, opening, letLoserStop)
  } catch (error) {
    const isClosed = await closeDatabase(held)
    // Otherwise LevelDB may still write, so nothing may open the folder before the process ends.
    if (isClosed) release(held)
    throw error
  }
}

/** What a handle has acquired so far, and releases once LevelDB is closed. */
interface Held {
  readonly folder: OpenFolder
  owner: FolderOwner | null
  database: LevelDatabase | null
}

function release({ folder, owner }: Held): void {
  try {
    owner?.release()
  } finally {
    folder.close()
  }
}

/** Whether LevelDB is closed. The error of opening is more useful than that of closing. */
async function closeDatabase({ database }: Held): Promise<boolean> {
  try {
    await database?.close()
    return true
  } catch {
    return false
  }
}

async function openHeld(
  held: Held,
  location: string,
  { Level, sync, create }: Opening,
  letLoserStop: () => Promise<unknown>,
): Promise<DisposableStorage> {
  const { folder } = held
  // LevelDB would leave a LOCK and a LOG behind before it reports that there is no store.
  if (!(await hasStore(folder.path, location)) && !create) throw missingError(location)
  const owner = (held.owner = claimFolder(folder.path, location))
  // The predecessor may be invisible to this process: in another container, or on a system without
  // /proc.
  if (owner.predecessor !== 'none') await requireLock(Level, folder.path, location)
  // Before LevelDB reads: a handle that is alive without its lock must answer no commit from here
  // on.
  owner.removePredecessors()
  if (owner.predecessor === 'unseen') await letLoserStop()
  // During the wait a third handle may have come, which waits for this one.
  if (!owner.isInPlace()) throw lockedError(location)
  const exists = await hasStore(folder.path, location)
  if (!exists && !create) throw missingError(location)
  const database = (held.database = await openDatabase(Level, folder.path, exists))
  // LevelDB has renamed CURRENT and deleted the file it named before, and synced neither.
  await syncFolder(folder.path)
  const watch = watchFolder({ ...folder, location, ownerFileName: owner.fileName })
  const loss = watch.findLoss()
  if (loss !== null) throw lockedError(location, null, { cause: loss })
  const onClosed = (): void => {
    release(held)
  }
  return levelAdapter(database, { sync, watch, onClosed })
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
 * Rejects with `STORAGE_LOCKED` if LevelDB's lock is held. An open with these options always fails
 * after it has taken the lock: it requires a store to exist and forbids it. It releases the lock
 * before it reads any record.
 */
async function requireLock(Level: LevelClass, path: string, location: string): Promise<void> {
  const options = { ...LEVEL_OPTIONS, createIfMissing: false, errorIfExists: true }
  const error: unknown = await new Level(path, options).open().catch((refusal: unknown) => refusal)
  if (isLocked(error)) throw lockedError(location, null, { cause: error })
}

async function openDatabase(
  Level: LevelClass,
  path: string,
  exists: boolean,
): Promise<LevelDatabase> {
  const database = new Level<string, Uint8Array>(path, {
    ...LEVEL_OPTIONS,
    // Never create a store if one existed a moment ago.
    createIfMissing: !exists,
  })
  await database.open()
  return database
}
