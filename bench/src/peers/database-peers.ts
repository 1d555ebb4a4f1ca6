/** Databases that encrypt the pages of their files: LMDB and SQLite. */
import { join } from 'node:path'
import { loadPeer, PASSPHRASE, RAW_KEY, type Peer, type PeerKind } from './peer.js'

interface Lmdb {
  readonly open: (options: {
    readonly path: string
    readonly encoding: 'string'
    readonly encryptionKey: string
  }) => {
    get(name: string): string | undefined
    put(name: string, value: string): Promise<boolean>
    readonly flushed: Promise<unknown>
    close(): Promise<void>
  }
}

async function openLmdb(folder: string): Promise<Peer> {
  const { open } = await loadPeer<Lmdb>('lmdb')
  const path = join(folder, 'lmdb')
  // 32 characters: bytes, which its documentation also allows, end the process.
  const encryptionKey = Buffer.from(RAW_KEY).toString('latin1')
  const database = open({ path, encoding: 'string', encryptionKey })
  return {
    fill: async (entries) => {
      let last: Promise<unknown> = Promise.resolve()
      for (const [name, value] of entries) last = database.put(name, value)
      await last
      await database.flushed
    },
    put: async (name, value) => {
      await database.put(name, value)
      // A put resolves once it is committed, which is before the pages are on the disk.
      await database.flushed
    },
    get: (name) => database.get(name),
    close: () => database.close(),
  }
}

export const lmdbPeer: PeerKind = {
  name: 'lmdb',
  encryption: 'ChaCha8 of pages, not authenticated',
  durability: 'fdatasync of the file, waited for with db.flushed',
  opening: 'raw key',
  open: openLmdb,
}

interface Sqlite {
  readonly default: new (path: string) => {
    pragma(text: string): unknown
    exec(sql: string): unknown
    prepare(sql: string): {
      run(...values: readonly string[]): unknown
      get(...values: readonly string[]): { readonly value: string } | undefined
    }
    transaction(work: () => void): () => void
    close(): unknown
  }
}

const UPSERT =
  'INSERT INTO secrets (name, value) VALUES (?, ?) ' +
  'ON CONFLICT (name) DO UPDATE SET value = excluded.value'

async function openSqlite(folder: string, isNew: boolean): Promise<Peer> {
  const { default: Database } = await loadPeer<Sqlite>('better-sqlite3-multiple-ciphers')
  const database = new Database(join(folder, 'secrets.sqlite'))
  database.pragma("cipher = 'chacha20'")
  database.pragma(`key = '${PASSPHRASE}'`)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  if (isNew) database.exec('CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL)')
  const upsert = database.prepare(UPSERT)
  const select = database.prepare('SELECT value FROM secrets WHERE name = ?')
  return {
    fill: (entries) => {
      database.transaction(() => {
        for (const [name, value] of entries) upsert.run(name, value)
      })()
      return Promise.resolve()
    },
    put: (name, value) => {
      upsert.run(name, value)
      return Promise.resolve()
    },
    get: (name) => select.get(name)?.value,
    close: () => {
      database.close()
      return Promise.resolve()
    },
  }
}

export const sqlitePeer: PeerKind = {
  name: 'better-sqlite3-multiple-ciphers',
  encryption: 'ChaCha20-Poly1305 of pages',
  durability: 'fsync of the write-ahead log (synchronous = FULL)',
  opening: 'PBKDF2, 64,007 rounds',
  open: openSqlite,
}
