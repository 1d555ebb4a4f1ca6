/**
 * Versions that were read before: the sealed record and its value key. A head names version records
 * by hash, so a record that the head still names need not be read, hashed and unwrapped again. The
 * cache exposes no more than an open vault does anyway: its KEKs are in memory and open every
 * record.
 */

import { equalBytes, wipe } from '@stagevault/core/bytes'
import { RECORDS_BYTES_MIN } from '@stagevault/core/limits'
import type { SecretState, VersionState } from '@stagevault/core/model/secret-state'
import type { SealedVersion } from '@stagevault/core/records/envelope'
import { parseVersion } from '@stagevault/core/records/envelope'
import { versionKey } from '@stagevault/core/records/layout'
import { createRecentMap } from './recent-map.js'

/** A version record that was authenticated. */
export interface CachedVersion {
  readonly sealed: SealedVersion
  /** The key of the value. The cache overwrites it when it drops the version. */
  readonly valueKey: Uint8Array
}

export interface VersionCache {
  /**
   * The version as the head names it, or `null` if it is not cached. Use it before the next
   * `await`.
   */
  getCached(state: SecretState, version: VersionState): CachedVersion | null
  /**
   * @param record - authenticated by the hash in `version`
   * @param valueKey - owned by the cache from now on
   */
  put(state: SecretState, version: VersionState, record: Uint8Array, valueKey: Uint8Array): void
  /** Drops a version that this vault deleted. @param key - its storage key */
  delete(key: string): void
  clear(): void
}

interface Known extends CachedVersion {
  readonly hash: Uint8Array
  readonly weight: number
}

/** Bytes that an entry uses in addition to its record: arrays, fields and a key, measured in V8. */
const ENTRY_BYTES = 1_536

export function createVersionCache(): VersionCache {
  const known = createRecentMap<string, Known>(
    RECORDS_BYTES_MIN,
    ({ weight }) => weight,
    ({ valueKey }) => {
      wipe(valueKey)
    },
  )
  return {
    getCached: ({ secretId }, { number, recordHash }) => {
      const found = known.get(versionKey(secretId, number))
      return found !== undefined && equalBytes(found.hash, recordHash) ? found : null
    },
    put: ({ secretId }, { number, recordHash }, record, valueKey) => {
      // Copies: both may be views of a larger buffer, which they would keep alive.
      const sealed = parseVersion(new Uint8Array(record))
      const hash = new Uint8Array(recordHash)
      const weight = record.length + ENTRY_BYTES
      known.set(versionKey(secretId, number), { sealed, valueKey, hash, weight })
    },
    delete: (key) => {
      known.delete(key)
    },
    clear: () => {
      known.clear()
    },
  }
}
