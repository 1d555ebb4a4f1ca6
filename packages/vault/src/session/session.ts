/** An unlocked vault: the state that every operation uses. */

import type { ArnScope } from '@stagevault/core/arn'
import type { Primitives, SuiteId } from '@stagevault/core/crypto/primitives'
import type { VaultLimits } from '@stagevault/core/limits'
import type { StorageAdapter } from '@stagevault/storage'
import type { EventHub } from '../events/event-hub.js'
import type { SessionKeys } from '../keys/vault-keys.js'
import type { AccessCache } from '../caches/access-cache.js'
import type { SecretState } from '@stagevault/core/model/secret-state'
import type { StorageKey } from '@stagevault/storage'
import type { RequestContext } from '@stagevault/core/access/request-facts'
import type { NamedPrincipal } from '@stagevault/core/request/principal-requests'
import type { PolicyCache } from '../caches/policy-cache.js'
import type { HeadCache } from '../caches/head-cache.js'
import type { LogicalTime, RollbackGuard } from '../caches/rollback-guard.js'
import type { VersionCache } from '../caches/version-cache.js'
import type { HashLongData, Turns } from '../platform/platform.js'

/** Who uses a view, and what is known of the request. */
export interface Caller {
  readonly principal: NamedPrincipal
  readonly context: RequestContext
}

/** Records that were read at one point in time. */
export interface ReadRecords {
  /** The logical time before the read. */
  readonly readAt: LogicalTime
  get(key: StorageKey): Uint8Array | null
}

/** Decides whether a view may see what was read. */
export interface ReadGate {
  /** Records that every snapshot also has to hold. */
  readonly keys: readonly StorageKey[]
  /**
   * @param state - of the secret that was read, or `null` if there is none
   * @throws {@link VaultError} `ACCESS_DENIED`
   */
  check(snapshot: ReadRecords, state: SecretState | null): void
}

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
  readonly access: AccessCache
  readonly policies: PolicyCache
  /** Who uses this session through a view; `null` for the owner, who may do everything. */
  readonly caller: Caller | null
  /** Decides on every head that a read comes to; `null` for the owner. */
  readonly gate: ReadGate | null
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
