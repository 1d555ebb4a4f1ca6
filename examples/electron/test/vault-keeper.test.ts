/** Runs of an application over one folder, and what becomes of the keychain between them. */

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { VaultKeeper } from '@stagevault/electron-vault/vault-keeper'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { createVault, generateKey, rawKey } from 'stagevault'
import type { Application } from './application.js'
import { WORDS, codeOf, newFolder, startApplication, usedFolder } from './application.js'

const UNLOCKED = { state: 'unlocked', problem: null }

/** The secret is there, and nothing of the vault is damaged. */
async function expectWhole({ keeper, slots }: Application): Promise<void> {
  const { secretData } = await keeper.use((vault) => vault.getSecretValue({ secretName: 'S' }))
  expect(secretData).toBe('one')
  expect((await keeper.use((vault) => vault.verify())).isClean).toBe(true)
  expect([...(await slots())].sort()).toEqual(['passphrase', 'provider'])
}

async function unlockByWords(keeper: VaultKeeper): Promise<void> {
  expect(await keeper.unlockWithPassphrase(WORDS)).toMatchObject({ state: 'unlocked' })
}

describe('the first run', () => {
  it('finds no vault, and makes one that passphrase and keychain open', async () => {
    const folder = newFolder()
    const first = startApplication(folder)
    expect(await first.keeper.unlock()).toEqual({ state: 'new', problem: null })
    expect(await first.keeper.create(WORDS)).toEqual(UNLOCKED)
    expect(await first.slots()).toEqual(['passphrase', 'provider'])
    await first.keeper.use((vault) => vault.createSecret({ secretName: 'S', secretData: 'one' }))
    await first.keeper.end()

    const byKeychain = startApplication(folder)
    expect(await byKeychain.keeper.unlock()).toEqual(UNLOCKED)
    await expectWhole(byKeychain)
    await byKeychain.keeper.end()

    const byWords = startApplication(folder)
    expect(await byWords.keeper.unlockWithPassphrase(WORDS)).toEqual(UNLOCKED)
    await expectWhole(byWords)
  })

  it('goes without a keychain where there is none, and takes it up once there is', async () => {
    const folder = newFolder()
    const first = startApplication(folder)
    first.safeStorage.lose()
    expect(await first.keeper.create(WORDS)).toEqual({
      state: 'unlocked',
      problem: 'KEYRING_UNAVAILABLE',
    })
    expect(await first.slots()).toEqual(['passphrase'])
    await first.keeper.use((vault) => vault.createSecret({ secretName: 'S', secretData: 'one' }))
    await first.keeper.end()

    // Another instance makes the key file again.
    const second = startApplication(folder)
    expect(await second.keeper.unlock()).toEqual({ state: 'locked', problem: 'UNLOCK_FAILED' })
    expect(await second.keeper.unlockWithPassphrase(WORDS)).toEqual(UNLOCKED)
    await expectWhole(second)
  })

  it('makes nothing of a passphrase that is none', async () => {
    const { keeper } = startApplication(newFolder())
    for (const words of ['', 'a\0b', 'x'.repeat(1025)]) {
      expect(await codeOf(keeper.create(words))).toBe('INVALID_PARAMETER')
    }
    expect(await keeper.unlock()).toEqual({ state: 'new', problem: null })
  })

  it('that crashed before it noted the id leaves a vault that opens', async () => {
    const folder = await usedFolder()
    rmSync(join(folder, 'vault', 'vault-id'))
    const again = startApplication(folder)
    expect(await again.keeper.unlock()).toEqual(UNLOCKED)
    await again.keeper.end()
    rmSync(join(folder, 'vault', 'records'), { recursive: true })
    expect(await startApplication(folder).keeper.unlock()).toMatchObject({ state: 'lost' })
  })

  it('that crashed between store and vault leaves room for one', async () => {
    const folder = newFolder()
    mkdirSync(join(folder, 'vault'))
    await (await createLevelStorage({ location: join(folder, 'vault', 'records') })).close()
    const { keeper } = startApplication(folder)
    expect(await keeper.unlock()).toEqual({ state: 'new', problem: null })
    expect(await keeper.create(WORDS)).toEqual(UNLOCKED)
  })
})

describe('a later run', () => {
  it('refuses a wrong passphrase, and closes the store again', async () => {
    const { keeper } = startApplication(await usedFolder())
    expect(await codeOf(keeper.unlockWithPassphrase('wrong'))).toBe('UNLOCK_FAILED')
    expect(keeper.status().state).toBe('locked')
    await unlockByWords(keeper)
  })

  it('makes no vault in the place of one that exists or is lost', async () => {
    const folder = await usedFolder()
    const { keeper } = startApplication(folder)
    expect(await codeOf(keeper.create(WORDS))).toBe('VAULT_EXISTS')
    await keeper.unlock()
    expect(await codeOf(keeper.create(WORDS))).toBe('VAULT_EXISTS')
    await keeper.lock()

    const records = join(folder, 'vault', 'records')
    renameSync(records, `${records}-elsewhere`)
    expect(await keeper.unlock()).toEqual({ state: 'lost', problem: 'VAULT_MISSING' })
    expect(await codeOf(keeper.create(WORDS))).toBe('VAULT_EXISTS')
    renameSync(`${records}-elsewhere`, records)
    expect(await keeper.unlock()).toEqual(UNLOCKED)
  })

  it('refuses another vault in the place of its own', async () => {
    const folder = await usedFolder()
    const location = join(folder, 'vault', 'records')
    rmSync(location, { recursive: true })
    const storage = await createLevelStorage({ location })
    await (await createVault({ storage, unlock: rawKey(generateKey()) })).close()
    await storage.close()
    const { keeper } = startApplication(folder)
    expect(await keeper.unlock()).toEqual({ state: 'locked', problem: 'RECORD_MISMATCH' })
    expect(await codeOf(keeper.unlockWithPassphrase(WORDS))).toBe('RECORD_MISMATCH')
  })

  it('takes a damaged id for none', async () => {
    const folder = await usedFolder()
    writeFileSync(join(folder, 'vault', 'vault-id'), '')
    expect(await startApplication(folder).keeper.unlock()).toEqual(UNLOCKED)
  })

  it('finds the store in use by another process, and says so', async () => {
    const folder = await usedFolder()
    const storage = await openLevelStorage({ location: join(folder, 'vault', 'records') })
    const { keeper } = startApplication(folder)
    expect(await keeper.unlock()).toEqual({ state: 'locked', problem: 'STORAGE_LOCKED' })
    await storage.close()
    expect(await keeper.unlock()).toEqual(UNLOCKED)
  })
})

describe('a keychain', () => {
  it('that is locked asks for the passphrase, and keeps its slot', async () => {
    const application = startApplication(await usedFolder())
    const { keeper, safeStorage } = application
    safeStorage.isLocked = true
    expect(await keeper.unlock()).toEqual({ state: 'locked', problem: 'KEYRING_UNAVAILABLE' })
    expect(await keeper.unlockWithPassphrase(WORDS)).toEqual({
      state: 'unlocked',
      problem: 'KEYRING_UNAVAILABLE',
    })
    await expectWhole(application)
    await keeper.lock()
    safeStorage.isLocked = false
    expect(await keeper.unlock()).toEqual(UNLOCKED)
    await expectWhole(application)
  })

  it('that is lost asks for the passphrase', async () => {
    const folder = await usedFolder()
    const first = startApplication(folder)
    first.safeStorage.lose()
    expect(await first.keeper.unlock()).toEqual({ state: 'locked', problem: 'KEYRING_UNAVAILABLE' })
    await unlockByWords(first.keeper)
    await first.keeper.end()

    // There is one again, but another one.
    const second = startApplication(folder)
    expect(await second.keeper.unlock()).toEqual({ state: 'locked', problem: 'UNLOCK_FAILED' })
    expect(await second.keeper.unlockWithPassphrase(WORDS)).toEqual(UNLOCKED)
    await expectWhole(second)
    await second.keeper.lock()
    expect(await second.keeper.unlock()).toEqual(UNLOCKED)
  })

  it('that was reset time and again leaves one slot', async () => {
    const folder = await usedFolder()
    for (let i = 0; i < 3; i++) {
      const application = startApplication(folder)
      application.safeStorage.reset()
      expect(await application.keeper.unlock()).toMatchObject({ problem: 'UNLOCK_FAILED' })
      expect(await application.keeper.unlockWithPassphrase(WORDS)).toEqual(UNLOCKED)
      await expectWhole(application)
      await application.keeper.end()
    }
  })

  it('with a newer key gets its slot wrapped again, once', async () => {
    const application = startApplication(await usedFolder())
    const { keeper, safeStorage } = application
    const first = await unlockedSlot(keeper)
    safeStorage.rotate()
    const second = await unlockedSlot(keeper)
    expect(second).not.toBe(first)
    expect(await unlockedSlot(keeper)).toBe(second)
    safeStorage.forgetOldKeys()
    expect(await keeper.unlock()).toEqual(UNLOCKED)
    await expectWhole(application)
  })

  it('that asks to wrap again, and fails at that, still opens the vault', async () => {
    const application = startApplication(await usedFolder())
    const { keeper, safeStorage } = application
    // The key that the slot needs can be had, one to encrypt with cannot.
    safeStorage.rotate()
    safeStorage.encryptStringAsync = () => Promise.reject(new Error('Error while encrypting'))
    expect(await keeper.unlock()).toEqual({ state: 'unlocked', problem: 'KEYRING_UNAVAILABLE' })
    await expectWhole(application)
  })
})

/** The id of the keychain's slot, once the keychain has opened the vault; it is locked again. */
async function unlockedSlot(keeper: VaultKeeper): Promise<string | undefined> {
  expect(await keeper.unlock()).toEqual(UNLOCKED)
  const { slots } = await keeper.use((vault) => vault.listUnlockSlots())
  await keeper.lock()
  return slots.find(({ kind }) => kind === 'provider')?.slotId
}
