import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { createKeychain } from '@stagevault/electron-vault/safe-storage-provider'
import type { KeychainOptions } from '@stagevault/electron-vault/safe-storage-provider'
import { vaultFolder } from '@stagevault/electron-vault/vault-folder'
import type { VaultFolder } from '@stagevault/electron-vault/vault-folder'
import { VaultKeeper } from '@stagevault/electron-vault/vault-keeper'
import type { VaultStatus } from '@stagevault/electron-vault/vault-keeper'
import type { UnlockSlotInfo } from 'stagevault'
import { KeyFileKeychain } from './key-file-keychain.js'

export const WORDS = 'correct horse battery staple'

/** One run of the application without Electron: a keychain, and a vault in a folder. */
export interface Application {
  readonly keeper: VaultKeeper
  readonly safeStorage: KeyFileKeychain
  readonly statuses: readonly VaultStatus[]
  /** Kinds of the ways into the vault, in the order of their making. */
  readonly slots: () => Promise<readonly UnlockSlotInfo['kind'][]>
}

export interface ApplicationOptions extends Partial<KeychainOptions> {
  /** Put between the keeper and its folder. */
  readonly through?: (vault: VaultFolder) => VaultFolder
}

const folders: string[] = []
const running: VaultKeeper[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((keeper) => keeper.end()))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** The folder of an application that was just installed. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stagevault-electron-'))
  folders.push(folder)
  return folder
}

/** Starts in a folder, where it may have run before. It ends with the test. */
export function startApplication(folder: string, options: ApplicationOptions = {}): Application {
  const { through, platform = 'linux', acceptsBasicText = false } = options
  const own = vaultFolder(join(folder, 'vault'))
  const safeStorage = new KeyFileKeychain(join(folder, 'keychain'))
  const statuses: VaultStatus[] = []
  const keeper = new VaultKeeper({
    folder: through?.(own) ?? own,
    keychain: createKeychain(safeStorage, { platform, acceptsBasicText }),
    onChange: (status) => statuses.push(status),
    passphraseOptions: { scryptLogN: 15 },
  })
  running.push(keeper)
  return {
    keeper,
    safeStorage,
    statuses,
    slots: async () => {
      const { slots } = await keeper.use((vault) => vault.listUnlockSlots())
      return slots.map(({ kind }) => kind)
    },
  }
}

/** An application with a vault that holds one secret, ended again; its folder. */
export async function usedFolder(): Promise<string> {
  const folder = newFolder()
  const { keeper } = startApplication(folder)
  await keeper.create(WORDS)
  await keeper.use((vault) => vault.createSecret({ secretName: 'S', secretData: 'one' }))
  await keeper.end()
  return folder
}

/** The code that a promise rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  return error instanceof Error && 'code' in error ? error.code : error
}
