/** The storage of Node, Bun and Deno: LevelDB in a folder. */
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import type { EmbeddedStorage } from './platform.js'

/** LevelDB itself is native code; the adapter loads it with the first folder that it opens. */
export const embeddedStorage: EmbeddedStorage = {
  create: createLevelStorage,
  open: openLevelStorage,
}
