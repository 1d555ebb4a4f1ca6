/** An unlocked vault: what every operation works with. */

import type { ArnScope } from '@stagevault/core/arn'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import type { VaultLimits } from '@stagevault/core/limits'
import type { StorageAdapter } from '@stagevault/storage'
import type { EventHub } from '../events/event-hub.js'
import type { SessionKeys } from '../keys/vault-keys.js'
import type { HeadCache } from '../memory/head-cache.js'
import type { RollbackGuard } from '../memory/rollback-guard.js'
import type { VersionCache } from '../memory/version-cache.js'
import type { HashLong, Turns } from '../platform/platform.js'

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
  readonly turns: Turns
  /** Whether records are believed by their own MACs alone, since the root is damaged. */
  readonly isUnproved: boolean
}
