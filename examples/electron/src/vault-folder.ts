/** Where the vault of this application lies: its records, and its id next to them. */

import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

export interface VaultFolder {
  /** The folder of the records, which holds nothing else. */
  readonly location: string
  /**
   * The id of the vault that was made here, in 32 hexadecimal digits. It tells records that were
   * lost from a vault that never was, and an exchanged vault from the right one.
   */
  readVaultId(): Promise<string | null>
  /** There is a vault: the folder exists. */
  writeVaultId(vaultId: string): Promise<void>
}

/** @param folder - one for the vault alone; made with it */
export function vaultFolder(folder: string): VaultFolder {
  const idPath = join(folder, 'vault-id')
  return {
    location: join(folder, 'records'),
    readVaultId: async () => {
      const text = await readIfThere(idPath)
      return /^[0-9a-f]{32}$/.test(text) ? text : null
    },
    writeVaultId: (vaultId) => replaceFile(idPath, vaultId),
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

/** The file is the old or the new one at any time, also when the power goes. */
async function replaceFile(path: string, text: string): Promise<void> {
  const next = `${path}.next`
  const file = await open(next, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(next, path)
}
