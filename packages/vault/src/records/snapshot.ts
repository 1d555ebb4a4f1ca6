/** Reads records. Every result carries the logical time before its read. */

import { VaultError } from '@stagevault/core/errors'
import type { KeyRange } from '@stagevault/core/records/layout'
import { ROOT_KEY } from '@stagevault/core/records/layout'
import { openRoot } from '@stagevault/core/records/vault-root'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import type { StorageKey, StorageEntry } from '@stagevault/storage'
import { STORAGE_READ_KEYS_MAX, scanAll } from '@stagevault/storage'
import { platform } from '#platform'
import type { LogicalTime, StoredRoot } from '../caches/rollback-guard.js'
import type { Session } from '../session/session.js'

/** Records of one point in time. */
export interface Snapshot {
  /** The logical time before the read. State observed by then must not be missing. */
  readonly readAt: LogicalTime
  /** The bytes at a key that was read, or `null` if there is no record. */
  get(key: StorageKey): Uint8Array | null
}

/**
 * Reads the records at `keys`, at most 128, in one step.
 *
 * Rejects with a `StorageError`, or with the signal's reason if it is aborted when the read ends.
 */
export async function readSnapshot(
  {
    storage,
    guard,
    gate = null,
  }: Pick<Session, 'storage' | 'guard'> & Partial<Pick<Session, 'gate'>>,
  wanted: readonly StorageKey[],
  signal: AbortSignalLike | null = null,
): Promise<Snapshot> {
  const keys = gate === null ? wanted : [...new Set([...wanted, ...gate.keys])]
  const readAt = guard.time()
  const values = await storage.read(keys)
  signal?.throwIfAborted()
  return { readAt, get: (key) => values[keys.indexOf(key)] ?? null }
}

/** The value of {@link epochIn} for a vault that is open without proof of its root. */
const UNPROVED_EPOCH = Infinity

/**
 * The epoch of the root in a snapshot. The vault had reached this epoch when the snapshot was
 * taken, so an older head in it was rolled back alone.
 *
 * @throws {@link VaultError} as {@link rootIn}
 */
export function epochIn(session: Session, snapshot: Snapshot): number {
  return session.isUnproved ? UNPROVED_EPOCH : rootIn(session, snapshot).state.epoch
}

/**
 * The root in a snapshot.
 *
 * @throws {@link VaultError} `RECORD_MISSING`, `ROLLBACK_DETECTED` and other codes of the integrity
 *   group
 */
export function rootIn(
  { guard, keys }: Pick<Session, 'guard' | 'keys'>,
  snapshot: Snapshot,
): StoredRoot {
  const bytes = snapshot.get(ROOT_KEY)
  if (bytes === null) throw new VaultError('RECORD_MISSING', 'the vault root is missing')
  const newest = guard.newestRoot()
  if (newest !== null && platform.isSame(newest.bytes, bytes)) return newest
  const root = { bytes, state: openRoot(keys.records, bytes) }
  guard.requireCurrentRoot(root, snapshot.readAt)
  guard.observeRoot(root)
  return root
}

/**
 * Reads the root, which detects a rolled back store. @throws {@link VaultError} as {@link rootIn}
 */
export async function checkRoot(session: Session): Promise<void> {
  if (!session.isUnproved) rootIn(session, await readSnapshot(session, [ROOT_KEY]))
}

/**
 * Entries of a page. Heads and version records may be as long as a store allows, but a page uses no
 * more memory than the largest read, 16 MiB.
 */
export const SCAN_PAGE_ENTRIES: number = STORAGE_READ_KEYS_MAX

/** Records of a range, read page by page. */
export interface Scan {
  /** The logical time before the scan. State observed by then must not be missing. */
  readonly readAt: LogicalTime
  /** The records, in key order. */
  readonly entries: AsyncIterable<StorageEntry>
}

/** Keys from `start` to `end`, and the page size of the scan. */
export interface ScanRange extends KeyRange {
  /** Entries of the first page; each later page has twice as many as the one before. */
  readonly pageSize?: number
}

/**
 * All records of a range.
 *
 * Reading them rejects with a `StorageError`, and with the signal's reason once it is aborted.
 */
export function scanRecords(
  { storage, guard }: Pick<Session, 'storage' | 'guard'>,
  { start, end, pageSize = SCAN_PAGE_ENTRIES }: ScanRange,
  signal?: AbortSignalLike,
): Scan {
  const pageSizeMax = Math.max(pageSize, SCAN_PAGE_ENTRIES)
  const entries = scanAll(storage, { start, end, pageSize, pageSizeMax }, { signal })
  return { readAt: guard.time(), entries }
}
