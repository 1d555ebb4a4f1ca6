import type { StorageAdapter } from '@stagevault/storage'

/**
 * When a write counts as made. `strict`: once it is on the disk. `relaxed`: once the operating
 * system has it, so that a crash of the machine may lose the latest writes, though never a part of
 * one.
 */
export type Durability = 'strict' | 'relaxed'

/** One store, with its name in this environment. */
export interface EmbeddedStore {
  readonly location: string
  readonly durability: Durability
}

/**
 * The storage that an environment has by itself, behind the package import `#embedded-storage`:
 * LevelDB in Node, Bun and Deno, IndexedDB in browsers.
 */
export interface EmbeddedStorage {
  /** Opens the store, and makes it where it is missing. */
  readonly create: (store: EmbeddedStore) => Promise<StorageAdapter>

  /** Opens the store and makes nothing. Rejects with `VAULT_MISSING` where there is none. */
  readonly open: (store: EmbeddedStore) => Promise<StorageAdapter>
}
