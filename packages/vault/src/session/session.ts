/** An unlocked vault: the state that every operation uses. */

import type { ArnScope } from '@stagevault/core/arn'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import type { VaultLimits } from '@stagevault/core/limits'
import type { StorageAdapter } from '@stagevault/storage'
import type { EventHub } from '../events/event-hub.js'
import type { SessionKeys } from '../keys/vault-keys.js'
import type { HeadCache } from '../caches/head-cache.js'
import type { RollbackGuard } from '../caches/rollback-guard.js'
import type { VersionCache } from '../caches/version-cache.js'
import type { HashLongData, Turns } from '../platform/platform.js'

/** What an operation needs to read and to commit. */
export interface Session {
  readonly storage: StorageAdapter
  readonly primitives: Primitives
  /** Replaces `primitives.sha256` for long data, if this is faster. */
  readonly hashLongData: HashLongData | null
  readonly vaultId: Uint8Array
  readonly suite: SuiteId
  /** Region and account, against which requests are parsed. */
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
  /** Applies this handle's lower limits to the stored limits. */
  readonly lowerLimits: (stored: VaultLimits) => VaultLimits
  /** How long a change is retried while other writers commit first. */
  readonly commitTimeoutSeconds: number
  readonly turns: Turns
  /** Whether records are trusted by their own MACs alone, because the root is damaged. */
  readonly isUnproved: boolean
}
