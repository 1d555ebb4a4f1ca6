/**
 * Access records that were authenticated before, by storage key and tag. The list of access records
 * names each by its tag, so an entry with the tag that the list names is current, and need not be
 * read again.
 */

import type { AccessEntry } from '@stagevault/core/access/access-entries'
import { equalBytes } from '@stagevault/core/bytes'
import { ACCESS_RECORDS_MAX } from '@stagevault/core/limits'
import type { StorageKey } from '@stagevault/storage'
import { createRecentMap } from './recent-map.js'

export interface AccessCache {
  /** The entry of the record at `key` with this tag, or `null` if it is not cached. */
  entry(key: StorageKey, tag: Uint8Array): AccessEntry | null
  /** @param tag - of the record that the entry was opened from, or that was sealed from it */
  putEntry(key: StorageKey, tag: Uint8Array, entry: AccessEntry): void
  clear(): void
}

interface Known {
  readonly tag: Uint8Array
  readonly entry: AccessEntry
}

export function createAccessCache(): AccessCache {
  // A vault has no more records than these, so a whole vault stays cached.
  const entries = createRecentMap<StorageKey, Known>(ACCESS_RECORDS_MAX)
  return {
    entry: (key, tag) => {
      const known = entries.get(key)
      return known !== undefined && equalBytes(known.tag, tag) ? known.entry : null
    },
    putEntry: (key, tag, entry) => {
      entries.set(key, { tag, entry })
    },
    clear: () => {
      entries.clear()
    },
  }
}
