/**
 * Version records that were opened before, sealed as they were read. Heads name the records of
 * their versions by hash: one that is still named need not be read and hashed again.
 */

import { equalBytes } from '@stagevault/core/bytes'
import { RECORDS_BYTES_MIN } from '@stagevault/core/limits'
import type { SecretState, VersionState } from '@stagevault/core/model/secret-state'
import { versionKey } from '@stagevault/core/records/layout'
import { createRecentMap } from './recent-map.js'

export interface RecordCache {
  /** The record that the head names, if it is kept. */
  getCached(state: SecretState, version: VersionState): Uint8Array | null
  /** @param record - authenticated by the hash in `version` */
  put(state: SecretState, version: VersionState, record: Uint8Array): void
  /** Forgets a record that this process deleted. @param key - its storage key */
  delete(key: string): void
  clear(): void
}

interface Known {
  readonly hash: Uint8Array
  readonly record: Uint8Array
}

/** What an entry takes beside its record, in bytes: two arrays and a key, as seen in V8. */
const ENTRY_BYTES = 1_024

export function createRecordCache(): RecordCache {
  const known = createRecentMap<string, Known>(
    RECORDS_BYTES_MIN,
    ({ record }) => record.length + ENTRY_BYTES,
  )
  return {
    getCached: ({ secretId }, { number, recordHash }) => {
      const found = known.get(versionKey(secretId, number))
      return found !== undefined && equalBytes(found.hash, recordHash) ? found.record : null
    },
    put: ({ secretId }, { number, recordHash }, record) => {
      // Copies: both may be windows on something larger, which they would keep alive.
      const entry = { hash: new Uint8Array(recordHash), record: new Uint8Array(record) }
      known.set(versionKey(secretId, number), entry)
    },
    delete: (key) => {
      known.delete(key)
    },
    clear: () => {
      known.clear()
    },
  }
}
