/** Vaults in LevelDB, and plain databases next to them. */
import { join } from 'node:path'
import { createLevelStorage, type LevelDurability } from '@stagevault/storage-level'
import { Level } from 'level'
import { vaultOver, type NewVault } from './vaults.js'

/** A new vault in LevelDB under `folder`. */
export async function createLevelVault(
  folder: string,
  name: string,
  durability: LevelDurability,
): Promise<NewVault> {
  const storage = await createLevelStorage({ location: join(folder, name), durability })
  return vaultOver(storage)
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
