import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { DecryptedString, SafeStorage } from '@stagevault/electron-vault/safe-storage-provider'

interface Key {
  /** The first three bytes of what it encrypts. */
  readonly tag: string
  readonly bytes: Buffer
}

/** What Chromium encrypts with on Linux where no keychain answers. */
const BASIC_TEXT: Key = { tag: 'v10', bytes: pbkdf2Sync('peanuts', 'saltysalt', 1, 16, 'sha1') }
const NONCE = Buffer.alloc(16, ' ')

/**
 * `safeStorage` as Electron has it on Linux, byte for byte, with a file for the keychain: several
 * keys of which the last encrypts, AES-128-CBC, and the publicly known key if there is no
 * other. Another instance over the same file is another run of the application.
 */
export class KeyFileKeychain implements SafeStorage {
  /** Out of reach: it does not answer, and may later. */
  isLocked = false
  isReady = true
  backend = 'gnome_libsecret'
  /** Whether the publicly known key is used as a fallback, as it is on Linux only. */
  fallsBack = true
  encryptions = 0
  readonly #path: string

  constructor(path: string) {
    this.#path = path
    if (!existsSync(path)) this.reset()
  }

  /** Another keychain in place of this one. */
  reset(): void {
    this.#write([{ tag: 'v11', bytes: randomBytes(16) }])
  }

  /** A newer key, in addition to the existing ones. */
  rotate(): void {
    const keys = this.#read()
    this.#write([...keys, { tag: `v${11 + keys.length}`, bytes: randomBytes(16) }])
  }

  /** What the keys before the newest one encrypted is lost. */
  forgetOldKeys(): void {
    this.#write(this.#read().slice(-1))
  }

  /** No keychain any more. */
  lose(): void {
    rmSync(this.#path)
  }

  isAsyncEncryptionAvailable(): Promise<boolean> {
    return Promise.resolve(this.isReady)
  }

  getSelectedStorageBackend(): string {
    return this.backend
  }

  encryptStringAsync(plainText: string): Promise<Buffer> {
    this.encryptions += 1
    const key = this.#encryptionKey()
    if (key === undefined) return Promise.reject(new Error('Error while encrypting the text'))
    const cipher = createCipheriv('aes-128-cbc', key.bytes, NONCE)
    const parts = [Buffer.from(key.tag), cipher.update(plainText, 'utf8'), cipher.final()]
    return Promise.resolve(Buffer.concat(parts))
  }

  decryptStringAsync(encrypted: Buffer): Promise<DecryptedString> {
    if (encrypted.length === 0) return Promise.resolve({ result: '', shouldReEncrypt: false })
    const tag = encrypted.subarray(0, 3).toString()
    if (this.isLocked && tag !== BASIC_TEXT.tag) {
      return Promise.reject(new Error('temporarily unavailable. Please try again.'))
    }
    const key = [...this.#read(), BASIC_TEXT].find((each) => each.tag === tag)
    try {
      if (key === undefined) throw new Error('no key')
      const result = decrypt(key, encrypted)
      return Promise.resolve({ result, shouldReEncrypt: key.tag !== this.#encryptionKey()?.tag })
    } catch {
      return Promise.reject(new Error('Error while decrypting the ciphertext'))
    }
  }

  #encryptionKey(): Key | undefined {
    const own = this.isLocked ? undefined : this.#read().at(-1)
    return own ?? (this.fallsBack ? BASIC_TEXT : undefined)
  }

  #read(): Key[] {
    if (!existsSync(this.#path)) return []
    const stored = JSON.parse(readFileSync(this.#path, 'utf8')) as Record<string, string>
    return Object.entries(stored).map(([tag, hex]) => ({ tag, bytes: Buffer.from(hex, 'hex') }))
  }

  #write(keys: readonly Key[]): void {
    const entries = keys.map(({ tag, bytes }) => [tag, bytes.toString('hex')])
    writeFileSync(this.#path, JSON.stringify(Object.fromEntries(entries)))
  }
}

/** Reads what was encrypted without a keychain, as anybody can. */
export function decryptBasicText(encrypted: Uint8Array): string {
  return decrypt(BASIC_TEXT, Buffer.from(encrypted))
}

function decrypt({ bytes }: Key, encrypted: Buffer): string {
  const decipher = createDecipheriv('aes-128-cbc', bytes, NONCE)
  return decipher.update(encrypted.subarray(3), undefined, 'utf8') + decipher.final('utf8')
}
