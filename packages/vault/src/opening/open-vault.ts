import { toHex, wipe } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { authenticateDescriptor, parseDescriptor } from '@stagevault/core/records/vault-descriptor'
import { parseHandleLimits } from '@stagevault/core/request/vault-requests'
import type { Fields } from '@stagevault/core/request/request-fields'
import { invalid, optionalFlag, optionalText } from '@stagevault/core/request/request-fields'
import type { Vault } from '../api/vault.js'
import { loadOperations } from './load-operations.js'
import type { HandleOptions } from '../operations/vault-handle.js'
import { readDescriptor, withStore } from './storage-location.js'
import type { SessionKeys, VaultCrypto } from '../keys/vault-keys.js'
import { wipeKeys, openKeys, recordKeys } from '../keys/vault-keys.js'
import { findSlot } from '../keys/find-slot.js'
import type { VaultStore } from './storage-location.js'
import type { OpenVaultOptions, ResolvedOptions } from './vault-options.js'
import { resolveOptions } from './vault-options.js'

const OWN_OPTIONS = ['vaultId', 'limits', 'readOnly', 'unproved'] as const

/**
 * Opens an existing vault; never creates one. Opening also sweeps the secrets whose recovery window
 * has ended.
 *
 * Rejects with {@link VaultError} `VAULT_MISSING` if there is no store at the `location` or it is
 * empty, `UNLOCK_FAILED` for a wrong key or passphrase, `RECORD_MISMATCH` if the store holds
 * another vault than the expected one, `MODULE_UNAVAILABLE` in a page that cannot load the rest of
 * the library, a code of the integrity group for damage, or a `StorageError`. If opening fails, a
 * store that was opened at a `location` is closed again.
 */
export async function openVault(options: OpenVaultOptions): Promise<Vault> {
  const resolved = resolveOptions('openVault', options, OWN_OPTIONS)
  const own = parseOwnOptions(resolved.own)
  return withStore(resolved.place, 'open', (store) => openIn(store, resolved, own))
}

async function openIn(
  store: VaultStore,
  resolved: ResolvedOptions,
  { expectedVaultId, ...handle }: OwnOptions,
): Promise<Vault> {
  const { unlock } = resolved
  const { storage } = store
  const descriptorRecord = await readDescriptor(storage)
  if (descriptorRecord === null) {
    throw new VaultError('VAULT_MISSING', 'the store holds no vault')
  }
  const descriptor = parseDescriptor(resolved.primitives, descriptorRecord)
  const { vaultId, suite } = descriptor
  if (expectedVaultId !== null && expectedVaultId !== toHex(vaultId)) {
    throw new VaultError('RECORD_MISMATCH', 'the store does not hold the expected vault')
  }
  const operations = loadOperations()
  const primitives = await resolved.primitivesOf(suite)
  const crypto: VaultCrypto = { primitives, vaultId, suite }
  const { keyring, rootKey } = await findSlot(storage, crypto, unlock)
  const records = recordKeys(crypto, rootKey)
  let keys: SessionKeys | null = null
  try {
    authenticateDescriptor(records, descriptorRecord)
    const { startVault } = await operations
    keys = openKeys(crypto, records, rootKey, keyring.state)
    return await startVault({ options: resolved, store, descriptor, keys }, handle)
  } catch (error) {
    wipe(records.macKey)
    if (keys !== null) wipeKeys(keys)
    throw error
  } finally {
    wipe(rootKey)
  }
}

interface OwnOptions extends HandleOptions {
  readonly expectedVaultId: string | null
}

function parseOwnOptions(fields: Fields): OwnOptions {
  const isReadOnly = optionalFlag(fields, 'readOnly')
  const isUnproved = optionalFlag(fields, 'unproved')
  if (isUnproved && !isReadOnly) throw invalid('unproved requires readOnly')
  return {
    expectedVaultId: parseVaultId(optionalText(fields, 'vaultId')),
    limits: parseHandleLimits(fields.get('limits')),
    isReadOnly,
    isUnproved,
  }
}

function parseVaultId(vaultId: string | null): string | null {
  if (vaultId === null || /^[0-9a-f]{32}$/.test(vaultId)) return vaultId
  throw invalid('vaultId must be 32 hexadecimal digits in lower case')
}
