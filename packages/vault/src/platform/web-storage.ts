/** The storage of browsers: a database of the origin, in IndexedDB. */
import { createIdbStorage, openIdbStorage } from '@stagevault/storage-idb'
import type { EmbeddedStorage } from './platform.js'

export const embeddedStorage: EmbeddedStorage = {
  create: ({ location, durability }) => createIdbStorage({ name: location, durability }),
  open: ({ location, durability }) => openIdbStorage({ name: location, durability }),
}
