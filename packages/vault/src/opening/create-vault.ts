import { parseArnPart } from '@stagevault/core/arn'
import { toHex, wipe } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import type { VaultLimits } from '@stagevault/core/limits'
import { KEY_BYTES } from '@stagevault/core/crypto/primitives'
import { sealKeyring } from '@stagevault/core/records/keyring-record'
import { DESCRIPTOR_KEY, KEYRING_KEY, ROOT_KEY } from '@stagevault/core/records/layout'
import { recordTag } from '@stagevault/core/records/record-frame'
import type { VaultDescriptor } from '@stagevault/core/records/vault-descriptor'
import { sealDescriptor } from '@stagevault/core/records/vault-descriptor'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import { sealRoot } from '@stagevault/core/records/vault-root'
import { parseVaultLimits } from '@stagevault/core/request/vault-requests'
import { optionalText } from '@stagevault/core/request/request-fields'
import type { Mutation } from '@stagevault/storage'
import type { Vault } from '../api/vault.js'
import { loadOperations } from './load-operations.js'
import { readDescriptor, withStore } from './storage-location.js'
import type { SessionKeys, VaultCrypto } from '../keys/vault-keys.js'
import { wipeKeys, newKeyring, openKeys, recordKeys } from '../keys/vault-keys.js'
import { makeSlot } from '../keys/new-slot.js'
import type { VaultStore } from './storage-location.js'
import type { CreateVaultOptions, ResolvedOptions } from './vault-options.js'
import { resolveOptions, suiteOf } from './vault-options.js'

const OWN_OPTIONS = ['cipher', 'region', 'accountId', 'limits'] as const

/**
 * Creates a vault in an empty store and opens it. At a `location`, a missing store is created, and
 * the store belongs to the vault.
 *
 * Rejects with {@link VaultError} `VAULT_EXISTS` if the store holds a vault, `RECORD_MISSING` if it
 * holds other records, `INVALID_PARAMETER`, `RANDOM_FAILED`, `MODULE_UNAVAILABLE` in a page that
 * cannot load the rest of the library, or a `StorageError`. If it rejects, no record was written;
 * only after `STORAGE_OUTCOME_UNKNOWN` the vault may exist, which opening it shows. At a `location`
 * an empty store may remain, in which creation can be repeated.
 */
export async function createVault(options: CreateVaultOptions): Promise<Vault> {
  const resolved = resolveOptions('createVault', options, OWN_OPTIONS)
  const { random, now, own } = resolved
  const vaultId = random(16)
  const descriptor: VaultDescriptor = {
    vaultId,
    createTime: now(),
    suite: suiteOf(own),
    region: parseArnPart('region', optionalText(own, 'region') ?? 'local'),
    accountId: parseArnPart('accountId', optionalText(own, 'accountId') ?? toHex(vaultId)),
  }
  const limits = parseVaultLimits(own.get('limits'))
  return withStore(resolved.place, 'create', (store) =>
    createIn(store, resolved, descriptor, limits),
  )
}

async function createIn(
  store: VaultStore,
  resolved: ResolvedOptions,
  descriptor: VaultDescriptor,
  limits: VaultLimits,
): Promise<Vault> {
  const { random, now, unlock } = resolved
  const { vaultId, suite } = descriptor
  const { storage } = store
  if ((await readDescriptor(storage)) !== null) throw vaultExists()
  const operations = loadOperations()
  const primitives = await resolved.primitivesOf(suite)
  const rootKey = random(KEY_BYTES)
  const crypto: VaultCrypto = { primitives, vaultId, suite }
  const records = recordKeys(crypto, rootKey)
  let keys: SessionKeys | null = null
  try {
    const slot = await makeSlot({ records, suite, random, now }, unlock, '', rootKey)
    const keyring = newKeyring(crypto, rootKey, slot.slotId, random, now())
    const keyringBytes = sealKeyring(records, keyring)
    const state: VaultRoot = {
      epoch: 1,
      secretCount: 0,
      keyringGeneration: keyring.generation,
      keyringTag: recordTag(keyringBytes),
      limits,
      sections: [],
    }
    const root = { bytes: sealRoot(records, state), state }
    const mutations: Mutation[] = [
      { key: DESCRIPTOR_KEY, value: sealDescriptor(records, descriptor) },
      { key: KEYRING_KEY, value: keyringBytes },
      { key: ROOT_KEY, value: root.bytes },
      { key: slot.key, value: slot.value },
    ]
    const guards = mutations.map(({ key }) => ({ key, value: null }))
    // Awaited before the commit, so that a failed load does not leave a vault behind.
    const { startNewVault } = await operations
    if ((await storage.commit({ guards, mutations })) === 'conflict') throw vaultExists()
    keys = openKeys(crypto, records, rootKey, keyring)
    return startNewVault({ options: resolved, store, descriptor, keys }, root)
  } catch (error) {
    wipe(records.macKey)
    if (keys !== null) wipeKeys(keys)
    throw error
  } finally {
    wipe(rootKey)
  }
}

function vaultExists(): VaultError {
  return new VaultError('VAULT_EXISTS', 'the store already holds a vault')
}
