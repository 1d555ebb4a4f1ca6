import { clearInterval, setInterval } from 'node:timers'
import { isStorageError, StorageError, withAsyncDispose } from '@stagevault/storage'
import type {
  DisposableStorage,
  StorageAdapter,
  StorageEntry,
  StorageKey,
  StorageRange,
} from '@stagevault/storage'
import { createCommitQueue, type Writes } from './commit-queue.js'
import type { FolderWatch } from './folder-watch.js'
import { closeError, readError, writeError } from './level-errors.js'

/** What the adapter uses of an open `Level` with utf8 keys and views as values. */
export interface LevelDatabase {
  getSync(key: string, options?: { readonly snapshot: LevelSnapshot }): Uint8Array | undefined
  snapshot(): LevelSnapshot
  iterator(options: LevelRange): { all(): Promise<[key: string, value: Uint8Array][]> }
  batch(): LevelBatch
  batch(operations: LevelOperation[], options: { readonly sync: boolean }): Promise<void>
  close(): Promise<void>
}

export interface LevelSnapshot {
  close(): Promise<void>
}

export interface LevelRange {
  readonly gte: string
  readonly lt: string
  readonly limit: number
  readonly highWaterMarkBytes: number
}

export type LevelOperation =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string }

/** Operations that are handed over one by one, and written in one atomic step. */
export interface LevelBatch {
  put(key: string, value: Uint8Array): unknown
  del(key: string): unknown
  write(options: { readonly sync: boolean }): Promise<void>
}

export interface LevelAdapterOptions {
  /** Whether batches wait for an fsync. */
  readonly sync: boolean
  readonly watch: FolderWatch
  /** Called once the database is closed. */
  readonly onClosed: () => void
}

/**
 * Bytes that LevelDB's thread collects before it hands them over: by default 16 KiB, which makes
 * several crossings of one page.
 */
const PAGE_BYTES = 1_048_576

/** Bytes of a batch that is handed over operation by operation: see {@link writeAll}. */
const SMALL_BATCH_BYTES_MAX = 131_072

/**
 * How often a handle looks whether its folder is its own still, in ms. A look takes some 14 µs. The
 * next owner waits several times as long: `TAKEOVER_WAIT_MS` in open-location.ts.
 */
const LOOK_MS = 250

/** The storage contract over an open database, which belongs to the adapter from now on. */
export function levelAdapter(
  database: LevelDatabase,
  { sync, watch, onClosed }: LevelAdapterOptions,
): DisposableStorage {
  const guarded = closeWhenLost(database, watch)
  const queue = createCommitQueue({
    findLoss: () => guarded.findLoss(),
    get: (key) => getOne(database, key),
    write: (writes) => writeAll(database, writes, sync),
  })
  const scans = new Set<Promise<unknown>>()
  let isClosed = false
  let closing: Promise<void> | null = null

  /** Why a call does not reach LevelDB. */
  function refusal(method: string): StorageError | null {
    return isClosed
      ? new StorageError('STORAGE_CLOSED', `${method} came after close`)
      : guarded.findLossAtTimes()
  }

  async function close(): Promise<void> {
    await queue.idle()
    await Promise.allSettled(scans)
    try {
      await guarded.closeDatabase()
    } catch (error) {
      closing = null
      throw closeError(error)
    }
    onClosed()
  }

  return withAsyncDispose<StorageAdapter>({
    read(keys) {
      const refused = refusal('read')
      if (refused !== null) return Promise.reject(refused)
      try {
        return Promise.resolve(getAll(database, keys, queue.writing()))
      } catch (error) {
        return Promise.reject(isStorageError(error) ? error : readError(error))
      }
    },

    async scan(range) {
      const refused = refusal('scan')
      if (refused !== null) throw refused
      const scan = scanPage(database, range)
      scans.add(scan)
      try {
        return await scan
      } catch (error) {
        throw guarded.findLossAtTimes() ?? readError(error)
      } finally {
        scans.delete(scan)
      }
    },

    commit(commit) {
      const refused = refusal('commit')
      return refused === null ? queue.add(commit) : Promise.reject(refused)
    },

    close() {
      isClosed = true
      return (closing ??= close())
    },
  })
}

interface GuardedDatabase extends FolderWatch {
  /** Rejects where LevelDB could not close, and can be called again then. */
  closeDatabase(): Promise<void>
}

/**
 * Closes LevelDB as soon as its folder is lost, be it used or not. LevelDB's own thread does not
 * look: it would go on making and deleting tables in a folder that is another handle's by now.
 */
function closeWhenLost(database: LevelDatabase, watch: FolderWatch): GuardedDatabase {
  let closing: Promise<void> | null = null
  const looking = setInterval(() => {
    closeAfter(watch.findLossInPassing())
  }, LOOK_MS).unref()

  function closeDatabase(): Promise<void> {
    return (closing ??= database.close().then(
      () => {
        clearInterval(looking)
      },
      (error: unknown) => {
        closing = null
        throw error
      },
    ))
  }

  function closeAfter(loss: StorageError | null): StorageError | null {
    // What keeps LevelDB from closing may be over at the next look.
    if (loss !== null) closeDatabase().catch(() => undefined)
    return loss
  }

  return {
    findLoss: () => closeAfter(watch.findLoss()),
    findLossInPassing: () => closeAfter(watch.findLossInPassing()),
    findLossAtTimes: () => closeAfter(watch.findLossAtTimes()),
    closeDatabase,
  }
}

/**
 * One crossing per key and none into another thread: an `await get` costs many times as much as a
 * `getSync`. While a batch is under way it may become visible between two of them, so keys that it
 * writes are read from a snapshot, which is dearer and of no use otherwise.
 */
function getAll(
  database: LevelDatabase,
  keys: readonly StorageKey[],
  writing: Writes | null,
): (Uint8Array | null)[] {
  if (writing === null || !changesSeveral(writing, keys)) {
    return keys.map((key) => getOne(database, key))
  }
  const snapshot = database.snapshot()
  try {
    return keys.map((key) => getOne(database, key, { snapshot }))
  } finally {
    // Done at once where nothing else uses it; what it resolves is of no interest.
    void snapshot.close()
  }
}

/** One changed key among unchanged ones is as good as a snapshot: it is before or after. */
function changesSeveral(writing: Writes, keys: readonly StorageKey[]): boolean {
  let changed = 0
  for (const key of keys) {
    if (writing.has(key)) changed += 1
  }
  return changed > 1
}

function getOne(
  database: LevelDatabase,
  key: StorageKey,
  options?: { readonly snapshot: LevelSnapshot },
): Uint8Array | null {
  try {
    const value = database.getSync(key, options)
    return value === undefined ? null : toView(value)
  } catch (error) {
    throw readError(error)
  }
}

async function scanPage(
  database: LevelDatabase,
  { start, end, limit }: StorageRange,
): Promise<StorageEntry[]> {
  // An iterator has a snapshot of its own from the moment it is made.
  const iterator = database.iterator({
    gte: start,
    lt: end,
    limit,
    highWaterMarkBytes: PAGE_BYTES,
  })
  return (await iterator.all()).map(([key, value]) => ({ key, value: toView(value) }))
}

/**
 * LevelDB gives a Node `Buffer` of its own for every value. As the contract says `Uint8Array`, the
 * caller gets one: the `slice` of a `Buffer` shares its memory, where that of the other copies.
 */
function toView(value: Uint8Array): Uint8Array {
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}

/**
 * A batch goes to LevelDB operation by operation or as an array, of which it asks for every
 * property by name: measured, that takes three times as long for the three records of a put. But
 * only the garbage collector frees what was handed over one by one, and it cannot see how much that
 * is: measured, 250 MiB with batches of 1 MiB.
 */
async function writeAll(database: LevelDatabase, writes: Writes, sync: boolean): Promise<void> {
  try {
    if (bytesOf(writes) > SMALL_BATCH_BYTES_MAX) {
      await database.batch(toOperations(writes), { sync })
    } else {
      await toBatch(database, writes).write({ sync })
    }
  } catch (error) {
    throw writeError(error)
  }
}

function bytesOf(writes: Writes): number {
  let bytes = 0
  for (const [key, value] of writes) bytes += key.length + (value?.length ?? 0)
  return bytes
}

function toBatch(database: LevelDatabase, writes: Writes): LevelBatch {
  const batch = database.batch()
  for (const [key, value] of writes) {
    if (value === null) batch.del(key)
    else batch.put(key, value)
  }
  return batch
}

function toOperations(writes: Writes): LevelOperation[] {
  return Array.from(writes, ([key, value]) =>
    value === null ? { type: 'del', key } : { type: 'put', key, value },
  )
}
