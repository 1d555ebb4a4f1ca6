/**
 * Version records that were opened before, sealed as they were read. Heads name the records of
 * their versions by hash: one that is still named need not be read and hashed again.
 */

import { equalBytes } from '@stagevault/core/bytes'
import { RECORDS_BYTES_MIN } from '@stagevault/core/limits'
import type { SecretState, VersionState } from '@stagevault/core/model/secret-state'
import { versionKey } from '@stagevault/core/records/layout'
import { createRecentMap } from '../session/recent-map.js'

export interface RecordMemory {
  /** The record that the head names, if it is remembered. */
  find(state: SecretState, version: VersionState): Uint8Array | null
  /** @param record - authenticated by the hash in `version` */
  keep(state: SecretState, version: VersionState, record: Uint8Array): void
  /** Forgets a record that this process deleted. @param key - its storage key */
  forget(key: string): void
  clear(): void
}

interface Known {
  readonly hash: Uint8Array
  readonly record: Uint8Array
}

/** What an entry takes beside its record, in bytes: two arrays and a key, as seen in V8. */
const ENTRY_BYTES = 1_024

export function createRecordMemory(): RecordMemory {
  const known = createRecentMap<string, Known>(
    RECORDS_BYTES_MIN,
    ({ record }) => record.length + ENTRY_BYTES,
  )
  return {
    find: ({ secretId }, { number, recordHash }) => {
      const found = known.get(versionKey(secretId, number))
      return found !== undefined && equalBytes(found.hash, recordHash) ? found.record : null
    },
    keep: ({ secretId }, { number, recordHash }, record) => {
      // Copies: both may be windows on something larger, which they would keep alive.
      const entry = { hash: new Uint8Array(recordHash), record: new Uint8Array(record) }
      known.set(versionKey(secretId, number), entry)
    },
    forget: (key) => {
      known.delete(key)
    },
    clear: () => {
      known.clear()
    },
  }
}
