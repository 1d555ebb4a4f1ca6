import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { createVault, openVault, passphrase, type Unlock, type Vault } from 'stagevault'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KeyFileKeychain } from '../../examples/electron/test/key-file-keychain.js'
import { programsOf } from './support/example-programs.js'
import { writeProject } from './support/example-project.js'
import { findPage, readPages } from './support/pages.js'

interface KeychainModule {
  readonly createKeychain: (safeStorage: KeyFileKeychain) => Keychain
  readonly addKeychain: (vault: Vault, words: Unlock, keychain: Unlock) => Promise<void>
}

interface Keychain {
  readonly unlock: Unlock
  readonly isStale: () => boolean
}

const programs = programsOf(findPage(readPages(), 'docs/electron.md'))
const project = writeProject(programs)
const module = programs.find(({ file }) => file.endsWith('/keychain.ts'))
if (module === undefined) throw new Error('the page has no module for the keychain')
const { createKeychain, addKeychain } = (await project.load(module)) as KeychainModule

const words = passphrase('correct horse battery staple', { scryptLogN: 15 })
const storage = createMemoryStorage
let folder: string
let safeStorage: KeyFileKeychain

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stagevault-electron-page-'))
  safeStorage = new KeyFileKeychain(join(folder, 'keychain'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

afterAll(() => {
  project.remove()
})

function kindsOf(vault: Vault): Promise<readonly string[]> {
  return vault.listUnlockSlots().then(({ slots }) => slots.map(({ kind }) => kind))
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : error
}

describe('the keychain of docs/electron.md', () => {
  it('opens the vault, in addition to the passphrase', async () => {
    const place = storage()
    const { unlock } = createKeychain(safeStorage)
    const vault = await createVault({ storage: place, unlock: words })
    await addKeychain(vault, words, unlock)
    await (await openVault({ storage: place, unlock })).close()
    await (await openVault({ storage: place, unlock: words })).close()
    expect(await kindsOf(vault)).toEqual(['passphrase', 'provider'])
  })

  it('is put in place again after it was reset', async () => {
    const place = storage()
    const { unlock } = createKeychain(safeStorage)
    const vault = await createVault({ storage: place, unlock: words })
    await addKeychain(vault, words, unlock)
    safeStorage.reset()
    await expect(openVault({ storage: place, unlock })).rejects.toHaveProperty('code')
    await addKeychain(vault, words, unlock)
    await (await openVault({ storage: place, unlock })).close()
    expect(await kindsOf(vault)).toEqual(['passphrase', 'provider'])
  })

  it('is renewed when it has a newer key', async () => {
    const place = storage()
    const { unlock, isStale } = createKeychain(safeStorage)
    await createVault({ storage: place, unlock })
    safeStorage.rotate()
    const vault = await openVault({ storage: place, unlock })
    expect(isStale()).toBe(true)
    await vault.replaceUnlockSlot({ unlock, newUnlock: unlock })
    safeStorage.forgetOldKeys()
    await openVault({ storage: place, unlock })
    expect(isStale()).toBe(false)
  })

  it('out of reach is KEYRING_UNAVAILABLE, and so is one that is not ready', async () => {
    const place = storage()
    const { unlock } = createKeychain(safeStorage)
    await createVault({ storage: place, unlock })
    safeStorage.isLocked = true
    const unavailable = { code: 'KEYRING_UNAVAILABLE' }
    await expect(openVault({ storage: place, unlock })).rejects.toMatchObject(unavailable)
    safeStorage.isLocked = false
    safeStorage.isReady = false
    await expect(createVault({ storage: storage(), unlock })).rejects.toMatchObject(unavailable)
  })

  it('that every program can open is refused, if its mark says so', async () => {
    safeStorage.lose()
    const { unlock } = createKeychain(safeStorage)
    const outcome = await createVault({ storage: storage(), unlock }).then(() => null, codeOf)
    expect(outcome).toBe(process.platform === 'linux' ? 'KEYRING_UNAVAILABLE' : null)
  })
})

it('the programs for Electron are compiled, not run', () => {
  const main = programs.filter(({ source }) => source.includes("from 'electron'"))
  expect(main.map(({ isRun, isForElectron }) => [isRun, isForElectron])).toEqual([[false, true]])
})
