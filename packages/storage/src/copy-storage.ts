import { equalBytes } from './bytes.js'
import { checkedStorage } from './checked-storage.js'
import type { StorageAdapter, StorageEntry, StorageKey } from './contract.js'
import {
  COMMIT_BYTES_MAX,
  COMMIT_GUARDS_MAX,
  COMMIT_MUTATIONS_MAX,
  STORAGE_KEY_CHARS_MAX,
  STORAGE_READ_KEYS_MAX,
} from './limits.js'
import { scanAll, type ScanSignal } from './scan-all.js'

/** The progress of a copy. */
export interface CopyProgress {
  /** Records written so far. */
  readonly copied: number
  /** Records that the destination already had, with equal bytes. */
  readonly present: number
  /** Records compared on both sides after the copy. */
  readonly verified: number
}

/** What `copyStorage` takes besides the two stores. */
export interface CopyStorageOptions {
  /** Checked before every call to either store. Records copied by then stay. */
  readonly signal?: ScanSignal | undefined
  /** Called after every commit and every page. If it throws, the copy ends with its error. */
  readonly onProgress?: ((progress: CopyProgress) => void) | undefined
}

/**
 * The only error code of the copy itself; every other error is a `StorageError` of either store.
 */
export type CopyErrorCode = 'COPY_DIFFERS'

/**
 * The stores differ: the destination holds a record that the source lacks or holds with other
 * bytes, or, at the end, lacks a record of the source. The error shows no bytes.
 */
export class CopyError extends Error {
  /** Always `CopyError`. */
  override readonly name = 'CopyError'
  /** Always `COPY_DIFFERS`. */
  readonly code: CopyErrorCode
  /** The key of the record. */
  readonly key: StorageKey

  constructor(key: StorageKey, message: string) {
    super(message)
    this.code = 'COPY_DIFFERS'
    this.key = key
  }
}

/**
 * Copies every record of `from` to `to`, and then compares both stores.
 *
 * Nothing is overwritten or deleted. If the destination holds a record that the source does not,
 * the copy is refused before anything is written. An interrupted copy continues when it is called
 * again with the same stores: equal records are skipped. No caller should write to either store
 * during the copy (the comparison would detect it), and the destination should not be used before
 * the copy has resolved.
 *
 * If the source was written to after an interruption, the stores differ: empty the destination and
 * start again.
 *
 * Returns the counts of the copy. Rejects with a {@link CopyError} if the stores differ, with the
 * error of either store, with the signal's reason once it is aborted, and with a `TypeError` for
 * wrong options, before anything is read.
 */
export async function copyStorage(
  from: StorageAdapter,
  to: StorageAdapter,
  options: CopyStorageOptions = {},
): Promise<CopyProgress> {
  requireOptions(options)
  const copy: Copy = {
    from: checkedStorage(from),
    to: checkedStorage(to),
    progress: { copied: 0, present: 0, verified: 0 },
    signal: options.signal,
    onProgress: options.onProgress,
  }
  await refuseForeign(copy)
  await copyMissing(copy)
  await verifyEqual(copy)
  return { ...copy.progress }
}

function requireOptions({ signal, onProgress, ...others }: CopyStorageOptions): void {
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw new TypeError(`copyStorage has no option ${unknown}`)
  if (signal !== undefined && typeof signal.throwIfAborted !== 'function') {
    throw new TypeError('signal must be an AbortSignal')
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new TypeError('onProgress must be a function')
  }
}

interface Copy {
  readonly from: StorageAdapter
  readonly to: StorageAdapter
  readonly progress: { copied: number; present: number; verified: number }
  readonly signal: ScanSignal | undefined
  readonly onProgress: CopyStorageOptions['onProgress']
}

function report({ onProgress, progress }: Copy): void {
  onProgress?.({ ...progress })
}

/** Runs before anything is written: other records show that this is not a copy of this source. */
async function refuseForeign(copy: Copy): Promise<void> {
  for await (const page of pagesOf(copy.to, copy)) {
    const values = await readKeys(copy.from, page, copy)
    for (const [i, { key, value }] of page.entries()) requireEqual(key, values[i] ?? null, value)
  }
}

async function copyMissing(copy: Copy): Promise<void> {
  let batch: StorageEntry[] = []
  let bytes = 0
  for await (const page of pagesOf(copy.from, copy)) {
    for (const entry of await missingOf(copy, page)) {
      // The key counts twice in the commit: in the guard for absence and in the mutation.
      const more = 2 * entry.key.length + entry.value.length
      if (batch.length === BATCH_MAX || bytes + more > COMMIT_BYTES_MAX) {
        await writeBatch(copy, batch)
        batch = []
        bytes = 0
      }
      batch.push(entry)
      bytes += more
    }
    report(copy)
  }
  await writeBatch(copy, batch)
}

/** The entries that the destination lacks. Those that it has must be equal. */
async function missingOf(copy: Copy, entries: readonly StorageEntry[]): Promise<StorageEntry[]> {
  const values = await readKeys(copy.to, entries, copy)
  const missing = entries.filter(({ key, value }, i) => {
    const found = values[i] ?? null
    if (found !== null) requireEqual(key, value, found)
    return found === null
  })
  copy.progress.present += entries.length - missing.length
  return missing
}

/** Guarded by absence, so that a record written concurrently is not overwritten. */
async function writeBatch(copy: Copy, entries: readonly StorageEntry[]): Promise<void> {
  const [first] = entries
  if (first === undefined) return
  copy.signal?.throwIfAborted()
  const outcome = await copy.to.commit({
    guards: entries.map(({ key }) => ({ key, value: null })),
    mutations: entries,
  })
  if (outcome === 'applied') {
    copy.progress.copied += entries.length
    report(copy)
    return
  }
  // A concurrent copy from the same source may have written some of the records.
  const missing = await missingOf(copy, entries)
  if (missing.length === entries.length) {
    throw new CopyError(first.key, 'another writer is writing to the destination')
  }
  await writeBatch(copy, missing)
}

/** Compares page by page: if the stores are equal, so are their pages. */
async function verifyEqual(copy: Copy): Promise<void> {
  const copies = pagesOf(copy.to, copy)
  for await (const page of pagesOf(copy.from, copy)) {
    const { value } = await copies.next()
    const copied = value ?? []
    for (const [i, entry] of page.entries()) {
      const found = copied[i]
      if (found?.key !== entry.key) throw differsError(leastKey(entry, found))
      requireEqual(entry.key, entry.value, found.value)
    }
    const extra = copied[page.length]
    if (extra !== undefined) throw differsError(extra.key)
    copy.progress.verified += page.length
    report(copy)
  }
  const { value: rest } = await copies.next()
  const extra = rest?.[0]
  if (extra !== undefined) throw differsError(extra.key)
}

/** Guards and mutations of a commit, and keys of a read, have the same bound. */
const BATCH_MAX = Math.min(COMMIT_GUARDS_MAX, COMMIT_MUTATIONS_MAX, STORAGE_READ_KEYS_MAX)

const FIRST_KEY = '!'
/** No range includes it: it is the greatest key, and the end of a range is exclusive. */
const LAST_KEY = '~'.repeat(STORAGE_KEY_CHARS_MAX)

/** All records of a store, in pages of equal size except the last. */
async function* pagesOf(
  storage: StorageAdapter,
  { signal }: Copy,
): AsyncGenerator<StorageEntry[], undefined, undefined> {
  let page: StorageEntry[] = []
  const range = { start: FIRST_KEY, end: LAST_KEY, pageSize: BATCH_MAX }
  for await (const entry of scanAll(storage, range, signal === undefined ? {} : { signal })) {
    page.push(entry)
    if (page.length < BATCH_MAX) continue
    yield page
    page = []
  }
  signal?.throwIfAborted()
  const [last = null] = await storage.read([LAST_KEY])
  if (last !== null) page.push({ key: LAST_KEY, value: last })
  if (page.length > 0) yield page
  return undefined
}

function readKeys(
  storage: StorageAdapter,
  entries: readonly StorageEntry[],
  { signal }: Copy,
): Promise<(Uint8Array | null)[]> {
  signal?.throwIfAborted()
  return storage.read(entries.map(({ key }) => key))
}

function requireEqual(key: StorageKey, source: Uint8Array | null, copied: Uint8Array): void {
  if (source === null || !equalBytes(source, copied)) throw differsError(key)
}

function leastKey(entry: StorageEntry, other: StorageEntry | undefined): StorageKey {
  return other !== undefined && other.key < entry.key ? other.key : entry.key
}

function differsError(key: StorageKey): CopyError {
  return new CopyError(key, 'the destination and the source differ in a record')
}
