/** Opens a folder for one handle: LevelDB reads it once no other handle writes in it. */
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
 * How long a handle that lost its folder has for closing LevelDB before the next one opens it, in
 * ms: four times what passes between two of its looks. Its thread would delete tables of the next.
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
    // Else LevelDB may write still, and nothing else may open the folder before the process ends.
    if (isClosed) release(held)
    throw error
  }
}

/** What a handle has taken so far, and gives back once LevelDB is closed. */
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

/** Whether LevelDB is closed. Why it could not be says less than why it could not be opened. */
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
  // LevelDB would leave a LOCK and a LOG behind before it says that there is nothing.
  if (!(await hasStore(folder.path, location)) && !create) throw missingError(location)
  const owner = (held.owner = claimFolder(folder.path, location))
  // One that this process does not see: in another container, or on a system that shows none.
  if (owner.predecessor !== 'none') await requireLock(Level, folder.path, location)
  // Before LevelDB reads: one that lives without its lock must answer no commit from here on.
  owner.removePredecessors()
  if (owner.predecessor === 'unseen') await letLoserStop()
  // During the wait a third one may have come, and waits for this one.
  if (!owner.isInPlace()) throw lockedError(location)
  const exists = await hasStore(folder.path, location)
  if (!exists && !create) throw missingError(location)
  const database = (held.database = await openDatabase(Level, folder.path, exists))
  // LevelDB has renamed CURRENT and deleted what it pointed to before, and synced neither.
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
 * Rejects with `STORAGE_LOCKED` where LevelDB's lock is held. An open that has to find nothing, or
 * has to find something and may not, takes the lock and gives it back before it reads any record.
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
    // Never over a store that was there a moment ago.
    createIfMissing: !exists,
  })
  await database.open()
  return database
}
