/** A way to unlock the vault that leaves its key to the keychain of the system. */

import { randomBytes } from 'node:crypto'
import { keyProvider } from 'stagevault'
import type { Unlock } from 'stagevault'

/** The name that stands in the slots which the keychain opens. */
export const KEYCHAIN_PROVIDER = 'electron-safe-storage'

/** The part of Electron's `safeStorage` that is used. */
export interface SafeStorage {
  isAsyncEncryptionAvailable(): Promise<boolean>
  encryptStringAsync(plainText: string): Promise<Buffer>
  decryptStringAsync(encrypted: Buffer): Promise<DecryptedString>
  /** Electron has it on Linux only, contrary to its types. */
  getSelectedStorageBackend?(): string
}

export interface DecryptedString {
  readonly result: string
  readonly shouldReEncrypt: boolean
}

export interface KeychainOptions {
  /** `process.platform`. */
  readonly platform: string
  /**
   * Whether a keychain that hides nothing will do: on a Linux without one Chromium encrypts with a
   * key that stands in its source. Anybody who can read the store can then open the vault.
   */
  readonly acceptsBasicText?: boolean
}

/** The keychain of the system as one more way into a vault. */
export interface Keychain {
  readonly unlock: Unlock
  /** Whether what was unwrapped last should be wrapped again: the keychain has a newer key. */
  wantsRewrap(): boolean
}

/** Where a keychain is not there, or not to be used. */
export class KeychainError extends Error {
  override readonly name = 'KeychainError'
}

const KEY_BYTES = 32

/**
 * Everything that keeps the keychain from being used makes the vault's operation reject with
 * `KEYRING_UNAVAILABLE`; a slot of another keychain, or of this one before it was reset, is passed
 * over.
 */
export function createKeychain(safeStorage: SafeStorage, options: KeychainOptions): Keychain {
  const sealer = createSealer(safeStorage, options)
  let isStale = false
  return {
    wantsRewrap: () => isStale,
    unlock: keyProvider({
      name: KEYCHAIN_PROVIDER,
      wrap: async (key) => new Uint8Array(await sealer.seal(Buffer.from(key).toString('base64'))),
      unwrap: async (wrapped) => {
        const opened = await sealer.open(Buffer.from(wrapped))
        if (opened === null) return null
        isStale = opened.shouldReEncrypt
        return keyOf(opened.result)
      },
    }),
  }
}

function keyOf(text: string): Uint8Array | null {
  const pooled = Buffer.from(text, 'base64')
  const key = new Uint8Array(pooled)
  pooled.fill(0)
  return key.length === KEY_BYTES ? key : null
}

interface Sealer {
  seal(text: string): Promise<Buffer>
  /** `null` for what another keychain sealed. */
  open(sealed: Buffer): Promise<DecryptedString | null>
}

function createSealer(
  safeStorage: SafeStorage,
  { platform, acceptsBasicText = false }: KeychainOptions,
): Sealer {
  const refusesBasicText = platform === 'linux' && !acceptsBasicText

  const requireAvailable = async (): Promise<void> => {
    if (!(await safeStorage.isAsyncEncryptionAvailable())) {
      throw new KeychainError('the system has no keychain to encrypt with')
    }
    if (refusesBasicText && safeStorage.getSelectedStorageBackend?.() === 'basic_text') {
      throw new KeychainError('no keychain was found on this desktop')
    }
  }

  const seal = async (text: string): Promise<Buffer> => {
    await requireAvailable()
    const sealed = await safeStorage.encryptStringAsync(text)
    // The backend is chosen by the name of the desktop. What was used shows in the bytes only:
    // where the chosen one does not answer, Chromium goes on with the key from its source.
    if (refusesBasicText && isBasicText(sealed)) {
      throw new KeychainError('the keychain of this desktop did not answer')
    }
    return sealed
  }

  return {
    seal,
    open: async (sealed) => {
      if (refusesBasicText && isBasicText(sealed)) return null
      await requireAvailable()
      try {
        return await safeStorage.decryptStringAsync(sealed)
      } catch {
        // It rejects alike whether the keychain is out of reach or did not seal this. One that
        // opens what it has just sealed is within reach.
        const probe = randomBytes(KEY_BYTES).toString('base64')
        const { result } = await safeStorage.decryptStringAsync(await seal(probe))
        if (result !== probe) throw new KeychainError('the keychain gives back something else')
        return null
      }
    },
  }
}

/** Chromium's mark on Linux for the publicly known key. Elsewhere `v10` is the real one. */
function isBasicText(sealed: Uint8Array): boolean {
  return Buffer.from(sealed).subarray(0, 3).toString('latin1') === 'v10'
}
