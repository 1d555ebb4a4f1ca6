/** An unlocked vault: what every operation works with. */

import type { ArnScope } from '@stagevault/core/arn'
import { equalBytes, wipe } from '@stagevault/core/bytes'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import { VaultError } from '@stagevault/core/errors'
import type { VaultLimits } from '@stagevault/core/limits'
import type { Kek } from '@stagevault/core/records/envelope'
import type { RecordKeys } from '@stagevault/core/records/record-frame'
import type { StorageAdapter } from '@stagevault/storage'
import type { EventHub } from '../events/event-hub.js'
import type { HeadCache } from '../memory/head-cache.js'
import type { RollbackGuard } from '../memory/rollback-guard.js'
import type { VersionCache } from '../memory/version-cache.js'
import type { HashLong, TakeTurn } from '../platform/platform.js'

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

/** What it takes to read, and to commit. */
export interface Session {
  readonly storage: StorageAdapter
  readonly primitives: Primitives
  /** Instead of `primitives.sha256`, for what is long. */
  readonly hashLong: HashLong | null
  readonly vaultId: Uint8Array
  readonly suite: SuiteId
  /** Region and account: what requests are parsed against. */
  readonly scope: ArnScope
  readonly keys: SessionKeys
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Fresh random bytes. */
  readonly random: (length: number) => Uint8Array
  readonly heads: HeadCache
  readonly versions: VersionCache
  readonly guard: RollbackGuard
  readonly events: EventHub
  /** Of the limits that the vault stores, those that hold for this handle. */
  readonly lowerLimits: (stored: VaultLimits) => VaultLimits
  /** How long a change is tried again where other writers are faster. */
  readonly commitTimeoutSeconds: number
  readonly takeTurn: () => ReturnType<TakeTurn>
  /** Whether records are believed by their own MACs alone, since the root is damaged. */
  readonly isUnproved: boolean
}

/**
 * The KEK that a record or a secret names.
 *
 * @throws {@link VaultError} `KEY_NOT_FOUND`
 */
export function findKek(
  { keys: { keks } }: Session,
  keyId: Uint8Array,
  keyVersion: number,
): Kek {
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
export function primaryKek({ keys: { primaryKeks } }: Session, keyId: Uint8Array): Kek {
  const kek = primaryKeks.find((each) => equalBytes(each.keyId, keyId))
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
