/** Reading records: every answer carries the logical time before it was asked for. */

import { VaultError } from '@stagevault/core/errors'
import type { KeyRange } from '@stagevault/core/records/layout'
import { ROOT_KEY } from '@stagevault/core/records/layout'
import { openRoot } from '@stagevault/core/records/vault-root'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import type { StorageKey, StorageEntry } from '@stagevault/storage'
import { STORAGE_READ_KEYS_MAX, scanAll } from '@stagevault/storage'
import { platform } from '#platform'
import type { LogicalTime, StoredRoot } from '../memory/rollback-guard.js'
import type { Session } from '../session/session.js'

/** Records of one point in time. */
export interface Snapshot {
  /** The logical time before they were read: what was seen by then must not be missing. */
  readonly readAt: LogicalTime
  /** The bytes at a key that was read, `null` where there is no record. */
  get(key: StorageKey): Uint8Array | null
}

/**
 * Reads the records at `keys`, at most 128 of them, in one step.
 *
 * Rejects with the signal's reason where it is aborted by the time they are there.
 */
export async function readSnapshot(
  { storage, guard }: Pick<Session, 'storage' | 'guard'>,
  keys: readonly StorageKey[],
  signal: AbortSignalLike | null = null,
): Promise<Snapshot> {
  const readAt = guard.time()
  const values = await storage.read(keys)
  signal?.throwIfAborted()
  return { readAt, get: (key) => values[keys.indexOf(key)] ?? null }
}

/** What {@link epochIn} answers where the vault is open without proof of its root. */
const UNPROVED_EPOCH = Infinity

/**
 * The epoch of the root in a snapshot. After it, every head in the snapshot is one that the vault
 * wrote by then, unless it was put back alone.
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

/** Reads the root, and so notices a store that went back. @throws {@link VaultError} */
export async function checkRoot(session: Session): Promise<void> {
  if (!session.isUnproved) rootIn(session, await readSnapshot(session, [ROOT_KEY]))
}

/**
 * Entries of a page. A page brings no more into memory than the largest read, 16 MiB, although
 * heads and version records may be as long as a store allows.
 */
export const SCAN_PAGE_ENTRIES: number = STORAGE_READ_KEYS_MAX

/** A record that a scan has met. */
export interface ScannedRecord extends StorageEntry {
  /** The logical time before the scan: what was seen by then must not be missing. */
  readonly readAt: LogicalTime
}

/** Keys from `start` to `end`, and how many entries a page of them has. */
export interface ScanRange extends KeyRange {
  /** Of the first page; every other has twice as many as the one before. */
  readonly pageSize?: number
}

/**
 * All records of a range in order of key.
 *
 * Rejects with a `StorageError`, and with the signal's reason once it is aborted.
 */
export async function* scanRecords(
  { storage, guard }: Pick<Session, 'storage' | 'guard'>,
  { start, end, pageSize = SCAN_PAGE_ENTRIES }: ScanRange,
  signal?: AbortSignalLike,
): AsyncGenerator<ScannedRecord, void> {
  const readAt = guard.time()
  const pageSizeMax = Math.max(pageSize, SCAN_PAGE_ENTRIES)
  const entries = scanAll(storage, { start, end, pageSize, pageSizeMax }, { signal })
  for await (const { key, value } of entries) yield { key, value, readAt }
}
