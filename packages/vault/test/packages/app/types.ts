/** What TypeScript accepts and refuses. Compiled against the packages, never run. */
import { storageConformance } from '@stagevault/storage/conformance'
import { faultyStorage } from '@stagevault/storage/faulty'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { createIdbStorage } from '@stagevault/storage-idb'
import { createLevelStorage } from '@stagevault/storage-level'
import { parsePutSecretValue } from '@stagevault/core/request/value-requests'
import type {
  CreateVaultOptions,
  GetSecretValueResult,
  OpenVaultOptions,
  Vault,
  VaultErrorCode,
} from 'stagevault'
import { createVault, openVault, passphrase, rawKey, VaultError } from 'stagevault'

const unlock = passphrase('x')
const storage = createMemoryStorage()

export const accepted: readonly CreateVaultOptions[] = [
  { location: 'a', unlock },
  { location: 'a', unlock, durability: 'relaxed', cipher: 'aes-256-gcm', region: 'r' },
  { storage, unlock: rawKey(new Uint8Array(32)), limits: { versionsMax: 3 } },
]

export const refused: readonly CreateVaultOptions[] = [
  // @ts-expect-error: neither a location nor a storage
  { unlock },
  // @ts-expect-error: both of them
  { location: 'a', storage, unlock },
  // @ts-expect-error: a given storage has its own durability
  { storage, unlock, durability: 'strict' },
  // @ts-expect-error: no such durability
  { location: 'a', unlock, durability: 'weak' },
  // @ts-expect-error: an option of openVault
  { location: 'a', unlock, vaultId: 'x' },
]

/** Limits of a handle: what may be lowered. */
export const opened: readonly OpenVaultOptions[] = [
  { location: 'a', unlock, limits: { secretsMax: 3 } },
  { location: 'a', unlock, readOnly: true, unproved: true },
  // @ts-expect-error: the versions that are kept are the vault's matter
  { location: 'a', unlock, limits: { versionsMax: 3 } },
]

export async function use(options: CreateVaultOptions): Promise<GetSecretValueResult | null> {
  const created: Vault = await createVault(options)
  await created.close()
  const vault = await openVault({ location: 'a', unlock, vaultId: created.vaultId })
  try {
    return await vault.getSecretValue({ secretName: 'S' })
  } catch (error) {
    const code: VaultErrorCode | null = error instanceof VaultError ? error.code : null
    if (code === 'SECRET_NOT_FOUND') return null
    throw error
  } finally {
    await vault.close()
  }
}

export const stores = [
  createIdbStorage({ name: 'a' }),
  createLevelStorage({ location: 'a', durability: 'strict' }),
]
export const others = [storageConformance, faultyStorage, parsePutSecretValue]
