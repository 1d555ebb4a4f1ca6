/** An unlocked vault: what every operation works with. */

import type { Kek } from '@stagevault/core/records/envelope'
import { equalBytes, wipe } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import type { RequestScope } from '@stagevault/core/request/value-requests'
import type { StorageAdapter } from '@stagevault/storage'
import type { EventHub } from '../events/event-hub.js'
import type { HashLong } from '../platform/platform.js'
import type { HeadCache } from '../heads/head-cache.js'
import type { StoreMemory } from '../heads/store-memory.js'
import type { RecordMemory } from '../versions/record-memory.js'
import type { SecretQueue } from './secret-queue.js'

/** The keys of an unlocked vault. Nothing else holds copies of them. */
export interface SessionKeys {
  readonly records: RecordKeys
  readonly digestKey: Uint8Array
  /** Every version of every KEK. */
  readonly keks: readonly Kek[]
  /** Of each KEK the version that wraps new DEKs. */
  readonly primaryKeks: readonly Kek[]
  /** The one among them that new secrets are under. */
  readonly defaultKek: Kek
}

export interface Session {
  readonly storage: StorageAdapter
  /** Closes the store, if it is the vault's own. */
  readonly releaseStorage: () => Promise<void>
  readonly primitives: Primitives
  /** Instead of `primitives.sha256`, for what is long. */
  readonly hashLong: HashLong | null
  readonly vaultId: Uint8Array
  readonly suite: SuiteId
  /** Region, account and limits: what requests are parsed against. */
  readonly scope: RequestScope
  readonly keys: SessionKeys
  /** Milliseconds since 1970; never goes back within a session. */
  readonly now: () => number
  /** Fresh random bytes. */
  readonly random: (length: number) => Uint8Array
  readonly queue: SecretQueue
  readonly heads: HeadCache
  readonly records: RecordMemory
  readonly memory: StoreMemory
  readonly events: EventHub
}

/**
 * The KEK that a record or a secret names.
 *
 * @throws {@link VaultError} `KEY_NOT_FOUND`
 */
export function findKek(session: Session, keyId: Uint8Array, keyVersion: number): Kek {
  const { keks } = session.keys
  const kek = keks.find((each) => each.keyVersion === keyVersion && equalBytes(each.keyId, keyId))
  if (kek !== undefined) return kek
  const message = `the keyring has no version ${String(keyVersion)} of the key a version is under`
  throw new VaultError('KEY_NOT_FOUND', message)
}

/**
 * The version of a KEK that wraps the DEKs of new versions.
 *
 * @throws {@link VaultError} `KEY_NOT_FOUND`
 */
export function primaryKek(session: Session, keyId: Uint8Array): Kek {
  const kek = session.keys.primaryKeks.find((each) => equalBytes(each.keyId, keyId))
  if (kek !== undefined) return kek
  throw new VaultError('KEY_NOT_FOUND', 'the keyring does not have the key that a secret is under')
}

/** Overwrites the keys; the session is unusable afterwards. */
export function wipeKeys(keys: SessionKeys): void {
  wipe(keys.records.macKey, keys.digestKey)
  wipeKeks(keys.keks)
}

export function wipeKeks(keks: readonly Kek[]): void {
  for (const { key, hedgeKey } of keks) wipe(key, hedgeKey)
}
