/** What every peer does, so that all of them can do the same work. */

/** A store that is open. Names and values are text. */
export interface Peer {
  /** Many entries in a new store, in the fastest way there is; durable once it is closed. */
  readonly fill: (entries: ReadonlyMap<string, string>) => Promise<void>
  /** A new value of an entry that is there, as durable as {@link PeerKind.durability} says. */
  readonly put: (name: string, value: string) => Promise<void>
  readonly get: (name: string) => Promise<string | undefined> | string | undefined
  /** Everything at once, where one by one takes minutes. */
  readonly getAll?: () => ReadonlyMap<string, string>
  readonly close: () => Promise<void>
}

export interface PeerKind {
  /** Of the package, and what else it takes. */
  readonly name: string
  readonly encryption: string
  /** What is on the disk once a put has been answered. */
  readonly durability: string
  /** What opening does besides opening files. */
  readonly opening: string
  /** Entries that it can hold where a put writes all of them; no limit by default. */
  readonly entriesMax?: number
  /** Makes the store in an empty folder where it `isNew`. */
  readonly open: (folder: string, isNew: boolean) => Promise<Peer>
}

export const PASSPHRASE = 'correct horse battery staple'

/** For peers that take a key as it is. */
export const RAW_KEY: Uint8Array = new Uint8Array(32).fill(7)

interface PeerLoader {
  readonly loadPeer: (name: string) => Promise<unknown>
}

/** Where the peers are installed: a project of its own. */
export const PEERS_FOLDER: URL = new URL('../../peers/', import.meta.url)

/** The package of that name in the project of the peers; `T` is what is used of it. */
export async function loadPeer<T>(name: string): Promise<T> {
  const loader = (await import(new URL('load-peer.js', PEERS_FOLDER).href)) as PeerLoader
  return (await loader.loadPeer(name)) as T
}
