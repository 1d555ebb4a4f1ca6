import { toHex, wipe } from '@stagevault/core/bytes'
import { VaultError, isIntegrityError } from '@stagevault/core/errors'
import { SLOTS_MAX } from '@stagevault/core/limits'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import { openKeyring } from '@stagevault/core/records/keyring-record'
import { DESCRIPTOR_KEY, EVERY_KEY, KEYRING_KEY, SLOT_KEYS } from '@stagevault/core/records/layout'
import type { UnlockSlot } from '@stagevault/core/records/unlock-slot'
import { openSlot, parseSlot, slotAccepts } from '@stagevault/core/records/unlock-slot'
import { authenticateDescriptor, parseDescriptor } from '@stagevault/core/records/vault-descriptor'
import { optionalText } from '@stagevault/core/request/request-fields'
import type { StorageAdapter } from '@stagevault/storage'
import type { Vault } from './api/vault.js'
import { openSession } from './open-session.js'
import { sweepDue } from './purge.js'
import type { Unlock } from './unlock/unlock.js'
import { deriveSlotKey } from './unlock/unlock.js'
import type { VaultCrypto } from './vault-keys.js'
import { openKeys, recordKeys } from './vault-keys.js'
import type { OpenVaultOptions } from './vault-options.js'
import { resolveOptions } from './vault-options.js'
import { vaultOf } from './vault.js'

/**
 * Opens a vault that is there; never creates one. Secrets whose recovery window has ended are
 * deleted on the way.
 *
 * Rejects with {@link VaultError} `VAULT_MISSING` when the store is empty, `UNLOCK_FAILED` for a
 * wrong key or passphrase, `RECORD_MISMATCH` for another vault than the expected one, codes of
 * the integrity group for damage, or a `StorageError`.
 */
export async function openVault(options: OpenVaultOptions): Promise<Vault> {
  const resolved = resolveOptions('openVault', options, ['vaultId'])
  const { storage, primitives, unlock, own } = resolved
  const expectedVaultId = optionalText(own, 'vaultId')
  const [descriptorRecord = null, keyringRecord = null] = await storage.read([
    DESCRIPTOR_KEY,
    KEYRING_KEY,
  ])
  if (descriptorRecord === null) throw await missingVault(storage)
  const descriptor = parseDescriptor(primitives, descriptorRecord)
  const { vaultId, suite } = descriptor
  if (expectedVaultId !== null && expectedVaultId !== toHex(vaultId)) {
    throw new VaultError('RECORD_MISMATCH', 'the store holds another vault than the expected one')
  }
  const rootKey = await findRootKey(storage, primitives, vaultId, unlock)
  try {
    const crypto: VaultCrypto = { primitives, vaultId, suite }
    const records = recordKeys(crypto, rootKey)
    authenticateDescriptor(records, descriptorRecord)
    if (keyringRecord === null) throw missing('the keyring')
    const keys = openKeys(crypto, records, rootKey, openKeyring(records, keyringRecord))
    const session = openSession(resolved, descriptor, keys)
    await sweepDue(session)
    return vaultOf(session)
  } finally {
    wipe(rootKey)
  }
}

/** An empty store is no vault; one with records but no descriptor has lost it. */
async function missingVault(storage: StorageAdapter): Promise<VaultError> {
  const [stray] = await storage.scan({ ...EVERY_KEY, limit: 1 })
  if (stray !== undefined) return missing('the vault descriptor')
  return new VaultError('VAULT_MISSING', 'the store holds no vault')
}

function missing(what: string): VaultError {
  return new VaultError('RECORD_MISSING', `${what} is missing, though the store holds records`)
}

/** Tries the slots of the unlock's kind; a damaged slot keeps no other from opening. */
async function findRootKey(
  storage: StorageAdapter,
  primitives: Primitives,
  vaultId: Uint8Array,
  unlock: Unlock,
): Promise<Uint8Array> {
  const entries = await storage.scan({ ...SLOT_KEYS, limit: SLOTS_MAX + 1 })
  if (entries.length === 0) throw missing('every unlock slot')
  if (entries.length > SLOTS_MAX) {
    // Planted ones that sort first would hide the genuine slot behind the limit.
    throw new VaultError('RECORD_MISMATCH', 'the vault has more unlock slots than it can have')
  }
  let damage: unknown
  for (const entry of entries) {
    try {
      const slot = parseSlot(primitives, entry.key, entry.value)
      const rootKey = await trySlot(primitives, vaultId, slot, unlock)
      if (rootKey !== null) return rootKey
    } catch (error) {
      if (!isIntegrityError(error)) throw error
      damage = error
    }
  }
  if (damage !== undefined) throw damage as VaultError
  const message = `no unlock slot of the vault opens with this ${describe(unlock)}`
  throw new VaultError('UNLOCK_FAILED', message)
}

async function trySlot(
  primitives: Primitives,
  vaultId: Uint8Array,
  slot: UnlockSlot,
  unlock: Unlock,
): Promise<Uint8Array | null> {
  if (slot.kdf.kind !== unlock.kind) return null
  const key = await deriveSlotKey(unlock, slot.kdf)
  try {
    return slotAccepts(primitives, slot, key) ? openSlot(primitives, vaultId, slot, key) : null
  } finally {
    wipe(key)
  }
}

function describe(unlock: Unlock): string {
  return unlock.kind === 'passphrase' ? 'passphrase' : 'key'
}
