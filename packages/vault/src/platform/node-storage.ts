/** The storage of Node, Bun and Deno: LevelDB in a folder. */
import { StorageError } from '@stagevault/storage'
import type * as level from '@stagevault/storage-level'
import type { EmbeddedStorage } from './embedded-storage.js'

/**
 * Loaded by the first vault that has a location: it is native, and an application that brings its
 * own storage shall not pay for it, nor fail to start where there is no binary for the machine.
 */
async function loadLevel(): Promise<typeof level> {
  try {
    return await import('@stagevault/storage-level')
  } catch (error) {
    throw new StorageError('STORAGE_UNAVAILABLE', 'LevelDB cannot be loaded', { cause: error })
  }
}

export const embeddedStorage: EmbeddedStorage = {
  create: async (store) => (await loadLevel()).createLevelStorage(store),
  open: async (store) => (await loadLevel()).openLevelStorage(store),
}
