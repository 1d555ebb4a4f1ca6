import { toHex } from '@stagevault/core/bytes'
import type { VaultDescriptor } from '@stagevault/core/records/vault-descriptor'
import { platform } from '#platform'
import { createEventHub } from '../events/event-hub.js'
import { createHeadCache } from '../heads/head-cache.js'
import { createStoreMemory } from '../heads/store-memory.js'
import { createRecordMemory } from '../versions/record-memory.js'
import { createSecretQueue } from './secret-queue.js'
import type { Session, SessionKeys } from './session.js'
import type { VaultStore } from '../vault-location.js'
import type { ResolvedOptions } from '../vault-options.js'

/** A session over an unlocked vault, with queues, cache and listeners of its own. */
export function openSession(
  options: ResolvedOptions,
  store: VaultStore,
  descriptor: VaultDescriptor,
  keys: SessionKeys,
): Session {
  const { region, accountId, vaultId, suite } = descriptor
  const memory = createStoreMemory()
  return {
    storage: store.storage,
    releaseStorage: store.release,
    primitives: keys.records.primitives,
    hashLong: options.hashLong,
    vaultId,
    suite,
    scope: { region, accountId, limits: options.limits },
    keys,
    now: options.now,
    random: options.random,
    queue: createSecretQueue(),
    heads: createHeadCache(keys.records, memory),
    records: createRecordMemory(),
    memory,
    events: createEventHub(platform.openChannel(toHex(vaultId))),
  }
}
