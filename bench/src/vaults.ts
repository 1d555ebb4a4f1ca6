/** Vaults to measure, over any storage. */
import type { Commit, StorageAdapter } from '@stagevault/storage'
import { createVault, generateKey, rawKey, type Vault } from 'stagevault'

/** A new vault, and the storage that goes with it. */
export interface NewVault {
  readonly vault: Vault
  readonly storage: StorageAdapter
  readonly close: () => Promise<void>
}

export async function vaultOver(storage: StorageAdapter): Promise<NewVault> {
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

/** A store that hands over what is committed to it; `watch` is called before each commit. */
export function watchedStorage(
  storage: StorageAdapter,
  watch: (commit: Commit) => void,
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
  vault: Vault,
  secretName: string,
  secretData: string,
  puts: number,
): Promise<void> {
  await vault.createSecret({ secretName, secretData })
  for (let i = 0; i < puts; i++) await vault.putSecretValue({ secretName, secretData })
}
