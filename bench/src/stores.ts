/** Vaults and plain databases to measure on. */
import { join } from 'node:path'
import type { Commit, StorageAdapter } from '@stagevault/storage'
import { createLevelStorage, type LevelDurability } from '@stagevault/storage-level'
import { Level } from 'level'
import { createVault, generateKey, rawKey, type Vault } from 'stagevault'

/** A new vault in LevelDB under `folder`. */
export interface LevelVault {
  readonly vault: Vault
  readonly storage: StorageAdapter
  readonly close: () => Promise<void>
}

export async function createLevelVault(
  folder: string, name: string, durability: LevelDurability,
): Promise<LevelVault> {
  const storage = await createLevelStorage({ location: join(folder, name), durability })
  return vaultOver(storage)
}

export async function vaultOver(storage: StorageAdapter): Promise<LevelVault> {
  const vault = await createVault({ storage, unlock: rawKey(generateKey()) })
  return {
    vault,
    storage,
    close: async () => {
      await vault.close()
      await storage.close()
    },
  }
}

export type PlainLevel = Level<string, Uint8Array>

/** A new database without a vault, opened as the vault's is. */
export async function createPlainLevel(folder: string, name: string): Promise<PlainLevel> {
  const database: PlainLevel = new Level<string, Uint8Array>(join(folder, name), {
    keyEncoding: 'utf8',
    valueEncoding: 'view',
    compression: false,
    multithreading: false,
  })
  await database.open()
  return database
}

/** A store that hands over what is committed to it; `watch` is called before each commit. */
export function watchedStorage(
  storage: StorageAdapter, watch: (commit: Commit) => void,
): StorageAdapter {
  return {
    read: (keys) => storage.read(keys),
    scan: (range) => storage.scan(range),
    commit: (commit) => {
      watch(commit)
      return storage.commit(commit)
    },
    close: () => storage.close(),
  }
}

/**
 * Puts values until the secret has as many versions and remembered ids as it ever has: from then
 * on every put evicts a version, and heads keep their size.
 */
export async function settle(
  vault: Vault, secretName: string, secretData: string, puts: number,
): Promise<void> {
  await vault.createSecret({ secretName, secretData })
  for (let i = 0; i < puts; i++) await vault.putSecretValue({ secretName, secretData })
}
