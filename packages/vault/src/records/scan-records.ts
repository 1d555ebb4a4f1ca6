/** Reading many records, page by page. */

import type { KeyRange } from '@stagevault/core/records/layout'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import type { StorageEntry } from '@stagevault/storage'
import { STORAGE_READ_KEYS_MAX, scanAll } from '@stagevault/storage'
import type { Session } from '../session/session.js'

/**
 * Entries of a page. A page brings no more into memory than the largest read, 16 MiB, although
 * heads and version records may be as long as a store allows.
 */
export const SCAN_PAGE_ENTRIES: number = STORAGE_READ_KEYS_MAX

/**
 * All records of a range in order of key.
 *
 * Rejects with a `StorageError`, and with the signal's reason once it is aborted.
 */
export function scanRecords(
  { storage }: Pick<Session, 'storage'>,
  range: KeyRange,
  signal?: AbortSignalLike,
): AsyncIterable<StorageEntry> {
  return scanAll(storage, { ...range, pageSize: SCAN_PAGE_ENTRIES }, { signal })
}
