/** A KeePass database, which is one file that is read and written as a whole. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from './durable-file.js'
import { loadPeer, PASSPHRASE, type Peer, type PeerKind } from './peer.js'

interface ProtectedValue {
  getText(): string
}

interface Entry {
  readonly fields: Map<string, ProtectedValue | string>
  readonly times: { update(): void }
  pushHistory(): void
}

interface Database {
  createEntry(group: unknown): Entry
  getDefaultGroup(): { readonly entries: readonly Entry[] }
  cleanup(what: { readonly historyRules: boolean }): void
  save(): Promise<ArrayBuffer>
}

interface Kdbxweb {
  readonly Credentials: new (passphrase: ProtectedValue) => object
  readonly ProtectedValue: { fromString(text: string): ProtectedValue }
  readonly Kdbx: {
    create(credentials: object, name: string): Database
    load(file: ArrayBuffer, credentials: object): Promise<Database>
  }
  readonly CryptoEngine: {
    setArgon2Impl(
      derive: (
        password: ArrayBuffer,
        salt: ArrayBuffer,
        memory: number,
        iterations: number,
        length: number,
        parallelism: number,
        type: number,
        version: number,
      ) => Promise<ArrayBuffer>,
    ): void
  }
}

interface NobleArgon2 {
  readonly argon2d: (
    password: Uint8Array,
    salt: Uint8Array,
    options: {
      readonly m: number
      readonly t: number
      readonly p: number
      readonly dkLen: number
      readonly version: number
    },
  ) => Uint8Array
}

/** kdbxweb leaves Argon2 to the application. */
async function loadKdbxweb(): Promise<Kdbxweb> {
  const { default: kdbxweb } = await loadPeer<{ readonly default: Kdbxweb }>('kdbxweb')
  const { argon2d } = await loadPeer<NobleArgon2>('@noble/hashes/argon2.js')
  kdbxweb.CryptoEngine.setArgon2Impl((password, salt, m, t, dkLen, p, _type, version) => {
    const options = { m, t, p, dkLen, version }
    const key = argon2d(new Uint8Array(password), new Uint8Array(salt), options)
    return Promise.resolve(new Uint8Array(key).buffer)
  })
  return kdbxweb
}

const [NAME, VALUE] = ['Title', 'Password']

async function open(folder: string, isNew: boolean): Promise<Peer> {
  const { Credentials, Kdbx, ProtectedValue } = await loadKdbxweb()
  const path = join(folder, 'secrets.kdbx')
  const credentials = new Credentials(ProtectedValue.fromString(PASSPHRASE))
  const database = isNew
    ? Kdbx.create(credentials, 'secrets')
    : await Kdbx.load(new Uint8Array(await readFile(path)).buffer, credentials)
  const entries = new Map(
    database.getDefaultGroup().entries.map((entry) => [entry.fields.get(NAME), entry]),
  )
  const save = async (): Promise<void> => {
    await replaceFile(path, new Uint8Array(await database.save()))
  }
  return {
    fill: async (values) => {
      for (const [name, value] of values) {
        const entry = database.createEntry(database.getDefaultGroup())
        entry.fields.set(NAME, name).set(VALUE, ProtectedValue.fromString(value))
        entries.set(name, entry)
      }
      await save()
    },
    put: async (name, value) => {
      const entry = entries.get(name)
      if (entry === undefined) throw new RangeError(`there is no entry ${name}`)
      entry.pushHistory()
      entry.fields.set(VALUE, ProtectedValue.fromString(value))
      entry.times.update()
      database.cleanup({ historyRules: true })
      await save()
    },
    get: (name) => {
      const value = entries.get(name)?.fields.get(VALUE)
      return typeof value === 'string' ? value : value?.getText()
    },
    close: () => Promise.resolve(),
  }
}

export const kdbxPeer: PeerKind = {
  name: 'kdbxweb',
  encryption: 'AES-256-CBC and HMAC of the whole file; gets are from memory, a history is kept',
  durability: 'whole file saved, fsync of it and of its folder, by the benchmark',
  opening: 'Argon2d, 1 MiB, 2 passes, in JavaScript',
  // A put writes all of them: 10,000 take two seconds and more.
  entriesMax: 1000,
  open,
}
