/**
 * Versions that were read before: the sealed record, and the key of its value. Heads name the
 * records of their versions by hash: one that is still named need not be read, hashed and unwrapped
 * again. While the vault is open its KEKs are in memory, and open whatever this opens.
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
  /** The key of its value, which the cache overwrites when it forgets the version. */
  readonly valueKey: Uint8Array
}

export interface VersionCache {
  /** The version as the head names it, if it is kept. To be used before anything is awaited. */
  getCached(state: SecretState, version: VersionState): CachedVersion | null
  /**
   * @param record - authenticated by the hash in `version`
   * @param valueKey - belongs to the cache from now on
   */
  put(state: SecretState, version: VersionState, record: Uint8Array, valueKey: Uint8Array): void
  /** Forgets a version that this vault deleted. @param key - its storage key */
  delete(key: string): void
  clear(): void
}

interface Known extends CachedVersion {
  readonly hash: Uint8Array
  readonly weight: number
}

/** What an entry takes beside its record, in bytes: arrays, fields and a key, as seen in V8. */
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
      // Copies: both may be windows on something larger, which they would keep alive.
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
