/** Files: one for each secret with age, and one for all of them with conf. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from './durable-file.js'
import { loadPeer, PASSPHRASE, type Peer, type PeerKind } from './peer.js'

interface Age {
  readonly generateX25519Identity: () => Promise<string>
  readonly identityToRecipient: (identity: string) => Promise<string>
  readonly Encrypter: new () => {
    setPassphrase(passphrase: string): void
    addRecipient(recipient: string): void
    encrypt(plaintext: string): Promise<Uint8Array>
  }
  readonly Decrypter: new () => {
    addPassphrase(passphrase: string): void
    addIdentity(identity: string): void
    decrypt(file: Uint8Array, format: 'text'): Promise<string>
  }
}

/** The identity lies in a file that the passphrase encrypts, as `age-keygen | age -p` leaves it. */
async function openIdentity(age: Age, path: string, isNew: boolean): Promise<string> {
  if (isNew) {
    const encrypter = new age.Encrypter()
    encrypter.setPassphrase(PASSPHRASE)
    await replaceFile(path, await encrypter.encrypt(await age.generateX25519Identity()))
  }
  const decrypter = new age.Decrypter()
  decrypter.addPassphrase(PASSPHRASE)
  return decrypter.decrypt(await readFile(path), 'text')
}

async function openAge(folder: string, isNew: boolean): Promise<Peer> {
  const age = await loadPeer<Age>('age-encryption')
  const secrets = join(folder, 'secrets')
  if (isNew) await mkdir(secrets)
  const identity = await openIdentity(age, join(folder, 'identity.age'), isNew)
  const encrypter = new age.Encrypter()
  encrypter.addRecipient(await age.identityToRecipient(identity))
  const decrypter = new age.Decrypter()
  decrypter.addIdentity(identity)
  const pathOf = (name: string): string => join(secrets, `${encodeURIComponent(name)}.age`)
  return {
    fill: async (entries) => {
      for (const [name, value] of entries) {
        await writeFile(pathOf(name), await encrypter.encrypt(value))
      }
    },
    put: async (name, value) => {
      await replaceFile(pathOf(name), await encrypter.encrypt(value))
    },
    get: async (name) => decrypter.decrypt(await readFile(pathOf(name)), 'text'),
    close: () => Promise.resolve(),
  }
}

export const agePeer: PeerKind = {
  name: 'age-encryption',
  encryption: 'X25519 and ChaCha20-Poly1305, a file for each secret',
  durability: 'fsync of the file and of its folder, by the benchmark',
  opening: 'identity under scrypt 2^18',
  open: openAge,
}

interface Conf {
  readonly default: new (options: {
    readonly cwd: string
    readonly encryptionKey: string
    readonly encryptionAlgorithm: 'aes-256-gcm'
    readonly accessPropertiesByDotNotation: false
  }) => {
    store: Readonly<Record<string, string>>
    get(name: string): string | undefined
    set(name: string, value: string): void
  }
}

async function openConf(folder: string): Promise<Peer> {
  const { default: Store } = await loadPeer<Conf>('conf')
  const conf = new Store({
    cwd: folder,
    encryptionKey: PASSPHRASE,
    encryptionAlgorithm: 'aes-256-gcm',
    accessPropertiesByDotNotation: false,
  })
  return {
    fill: (entries) => {
      conf.store = Object.fromEntries(entries)
      return Promise.resolve()
    },
    put: (name, value) => {
      conf.set(name, value)
      return Promise.resolve()
    },
    get: (name) => conf.get(name),
    getAll: () => new Map(Object.entries(conf.store)),
    close: () => Promise.resolve(),
  }
}

export const confPeer: PeerKind = {
  name: 'conf',
  encryption: 'AES-256-GCM of the whole file, its key derived for every read and write',
  durability: 'whole new file written, fsynced and renamed; no fsync of the folder',
  opening: 'PBKDF2, 10,000 rounds',
  open: openConf,
}
