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

/** The part of an open `Level` that the adapter uses, with utf8 keys and views as values. */
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

/** Operations that are passed one by one and written in one atomic step. */
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
 * How many bytes LevelDB's thread collects before it passes them on. The default of 16 KiB would
 * need several thread crossings for one page.
 */
const PAGE_BYTES = 1_048_576

/** The largest batch, in bytes, that is passed operation by operation: see {@link writeAll}. */
const SMALL_BATCH_BYTES_MAX = 131_072

/**
 * How often a handle checks whether it still owns its folder, in ms. A check takes about 14 µs. The
 * next owner waits several times as long: `TAKEOVER_WAIT_MS` in open-location.ts.
 */
const LOOK_MS = 250

/** Implements the storage contract over an open database, which the adapter owns from now on. */
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

  /** The error of a call that must not reach LevelDB, or `null`. */
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
  /** Rejects if LevelDB could not close; it may then be called again. */
  closeDatabase(): Promise<void>
}

/**
 * Closes LevelDB as soon as its folder is lost, even if it is not in use. LevelDB's own thread does
 * not check: it would go on creating and deleting tables in a folder that another handle owns.
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
    // Closing may fail now and succeed at the next check.
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
 * One native call per key and none on another thread: an `await get` costs many times as much as a
 * `getSync`. A batch under way may become visible between two calls. So keys that it writes are
 * read from a snapshot, which costs more and is not needed otherwise.
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
    // Takes effect immediately if nothing else uses the snapshot, so it is not awaited.
    void snapshot.close()
  }
}

/** A single changed key needs no snapshot: the result is from before or after the batch. */
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
  // An iterator has its own snapshot from the moment it is created.
  const iterator = database.iterator({
    gte: start,
    lt: end,
    limit,
    highWaterMarkBytes: PAGE_BYTES,
  })
  return (await iterator.all()).map(([key, value]) => ({ key, value: toView(value) }))
}

/**
 * Converts LevelDB's `Buffer` to a plain `Uint8Array`, as the contract says: the `slice` of a
 * `Buffer` shares its memory, while that of a `Uint8Array` copies.
 */
function toView(value: Uint8Array): Uint8Array {
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}

/**
 * Passes a batch to LevelDB operation by operation or as an array. LevelDB reads every property of
 * an array's elements by name, which takes three times as long for the three records of a put. But
 * only the garbage collector frees operations that were passed one by one, and it cannot see their
 * size: 250 MiB were measured with batches of 1 MiB.
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
