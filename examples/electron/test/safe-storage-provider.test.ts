/** The keychain as a way to unlock: what it takes, what it refuses, and what it gives away. */

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { KEYCHAIN_PROVIDER, createKeychain } from '@stagevault/electron-vault/safe-storage-provider'
import type { Keychain, KeychainOptions } from '@stagevault/electron-vault/safe-storage-provider'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { createVault, generateKey, openVault, rawKey } from 'stagevault'
import type { SlotKdf } from 'stagevault'
import { codeOf, newFolder } from './application.js'
import { KeyFileKeychain, decryptBasicText } from './key-file-keychain.js'

interface Bench {
  readonly safeStorage: KeyFileKeychain
  readonly keychain: Keychain
}

function setUp(options: Partial<KeychainOptions> = {}): Bench {
  const safeStorage = new KeyFileKeychain(join(newFolder(), 'keychain'))
  return { safeStorage, keychain: createKeychain(safeStorage, { platform: 'linux', ...options }) }
}

/** Key derivation of a new slot; what the keychain wrapped is in it. */
async function newKdf({ unlock }: Keychain): Promise<Extract<SlotKdf, { kind: 'provider' }>> {
  const kdf = await unlock.newKdf(generateKey)
  if (kdf.kind !== 'provider') throw new Error('a keychain makes slots of a provider')
  return kdf
}

function unwrap({ unlock }: Keychain, data: Uint8Array): Promise<Uint8Array | null> {
  return unlock.deriveKey({ kind: 'provider', provider: KEYCHAIN_PROVIDER, data })
}

describe('the keychain', () => {
  it('opens a vault with what it wrapped', async () => {
    const {
      keychain: { unlock },
    } = setUp()
    const storage = createMemoryStorage()
    await (await createVault({ storage, unlock })).close()
    const vault = await openVault({ storage, unlock })
    const {
      slots: [slot],
    } = await vault.listUnlockSlots()
    expect(slot).toMatchObject({ kind: 'provider', provider: 'electron-safe-storage' })
  })

  it('wraps the 32 bytes that it is given, and nothing of them is readable', async () => {
    const { keychain } = setUp()
    const key = generateKey()
    const { data } = (await keychain.unlock.newKdf(() => new Uint8Array(key))) as {
      data: Uint8Array
    }
    expect(await unwrap(keychain, data)).toEqual(key)
    const stored = Buffer.from(data)
    for (const form of ['base64', 'hex', 'latin1'] as const) {
      expect(stored.includes(Buffer.from(key).toString(form))).toBe(false)
    }
  })

  it('gives no key for what is none, though it was sealed here', async () => {
    const { keychain, safeStorage } = setUp()
    for (const text of ['', 'short', Buffer.alloc(31).toString('base64'), 'x'.repeat(1000)]) {
      expect(await unwrap(keychain, await safeStorage.encryptStringAsync(text))).toBeNull()
    }
    expect(await unwrap(keychain, new Uint8Array(0))).toBeNull()
  })

  it('tells a slot of another keychain from a keychain out of reach', async () => {
    const { keychain, safeStorage } = setUp()
    const { data } = await newKdf(keychain)
    safeStorage.isLocked = true
    expect(await codeOf(unwrap(keychain, data))).toBe('KEYRING_UNAVAILABLE')
    safeStorage.isLocked = false
    expect(await unwrap(keychain, data)).toHaveLength(32)
    safeStorage.reset()
    expect(await unwrap(keychain, data)).toBeNull()
  })

  it('that gives back something else than it sealed is out of order', async () => {
    const { keychain, safeStorage } = setUp()
    const { data } = await newKdf(keychain)
    let calls = 0
    safeStorage.decryptStringAsync = () => {
      calls += 1
      if (calls === 1) return Promise.reject(new Error('Error while decrypting the ciphertext'))
      return Promise.resolve({ result: 'something else', shouldReEncrypt: false })
    }
    expect(await codeOf(unwrap(keychain, data))).toBe('KEYRING_UNAVAILABLE')
  })

  it('wants to wrap again after a newer key came, until that was done', async () => {
    const { keychain, safeStorage } = setUp()
    const { data } = await newKdf(keychain)
    await unwrap(keychain, data)
    expect(keychain.wantsRewrap()).toBe(false)
    safeStorage.rotate()
    await unwrap(keychain, data)
    expect(keychain.wantsRewrap()).toBe(true)
    await unwrap(keychain, (await newKdf(keychain)).data)
    expect(keychain.wantsRewrap()).toBe(false)
  })
})

describe('without a real keychain on Linux', () => {
  it('is refused before it is ready', async () => {
    const { keychain, safeStorage } = setUp()
    safeStorage.isReady = false
    expect(await codeOf(newKdf(keychain))).toBe('KEYRING_UNAVAILABLE')
    expect(safeStorage.encryptions).toBe(0)
  })

  it('is refused by the name of the backend, before anything is encrypted', async () => {
    const { keychain, safeStorage } = setUp()
    safeStorage.backend = 'basic_text'
    expect(await codeOf(newKdf(keychain))).toBe('KEYRING_UNAVAILABLE')
    expect(safeStorage.encryptions).toBe(0)
  })

  it('is refused by what it encrypts, when the backend has a good name', async () => {
    const { keychain, safeStorage } = setUp()
    safeStorage.lose()
    expect(await safeStorage.isAsyncEncryptionAvailable()).toBe(true)
    expect(safeStorage.getSelectedStorageBackend()).toBe('gnome_libsecret')
    expect(await codeOf(newKdf(keychain))).toBe('KEYRING_UNAVAILABLE')
  })

  it('opens no slot that anybody could open', async () => {
    const { keychain, safeStorage } = setUp()
    const accepting = createKeychain(safeStorage, { platform: 'linux', acceptsBasicText: true })
    safeStorage.lose()
    const { data } = await newKdf(accepting)
    expect(await unwrap(accepting, data)).toHaveLength(32)
    expect(await unwrap(keychain, data)).toBeNull()
  })

  it('is taken when told so, and then hides nothing', async () => {
    const { keychain, safeStorage } = setUp({ acceptsBasicText: true })
    safeStorage.lose()
    safeStorage.backend = 'basic_text'
    const storage = createMemoryStorage()
    await createVault({ storage, unlock: keychain.unlock })
    const { data } = await newKdf(keychain)
    const key = Buffer.from(decryptBasicText(data), 'base64')
    expect(await unwrap(keychain, data)).toEqual(new Uint8Array(key))
  })
})

describe('elsewhere', () => {
  it.each(['darwin', 'win32'])('on %s v10 is the mark of the real key', async (platform) => {
    const { keychain, safeStorage } = setUp({ platform })
    safeStorage.lose()
    const { data } = await newKdf(keychain)
    expect(Buffer.from(data).subarray(0, 3).toString()).toBe('v10')
    expect(await unwrap(keychain, data)).toHaveLength(32)
  })

  it('is there no name of a backend to ask for', async () => {
    const { safeStorage } = setUp()
    const keychain = createKeychain(
      {
        isAsyncEncryptionAvailable: () => safeStorage.isAsyncEncryptionAvailable(),
        encryptStringAsync: (text) => safeStorage.encryptStringAsync(text),
        decryptStringAsync: (encrypted) => safeStorage.decryptStringAsync(encrypted),
      },
      { platform: 'darwin' },
    )
    expect(await unwrap(keychain, (await newKdf(keychain)).data)).toHaveLength(32)
  })

  it('a keychain that was refused by its owner makes no slot, and no vault', async () => {
    const { keychain, safeStorage } = setUp({ platform: 'darwin' })
    safeStorage.fallsBack = false
    safeStorage.isLocked = true
    const storage = createMemoryStorage()
    expect(await codeOf(createVault({ storage, unlock: keychain.unlock }))).toBe(
      'KEYRING_UNAVAILABLE',
    )
    expect(await codeOf(openVault({ storage, unlock: rawKey(generateKey()) }))).toBe(
      'VAULT_MISSING',
    )
  })
})
