import {
  databaseExists,
  deleteDatabase,
  uniqueName,
  watchLowerLayer,
} from '@stagevault/browser-engines/page'
import { createIdbStorage, openIdbStorage } from '@stagevault/storage-idb'
import type { Places } from './places.js'

/** Databases of the page's origin. */
export const browserPlaces: Places = {
  withPlace: async (step) => {
    const name = uniqueName()
    const layer = watchLowerLayer(name)
    try {
      await step({
        location: name,
        exists: () => databaseExists(name),
        isOpen: () => Promise.resolve(layer.connections.some(isOpen)),
        durabilities: () => [...new Set(layer.transactions.filter(isWrite).map(durabilityOf))],
        createStorage: () => createIdbStorage({ name }),
        openStorage: () => openIdbStorage({ name }),
      })
    } finally {
      layer.restore()
      for (const connection of layer.connections) connection.close()
    }
    await deleteDatabase(name)
  },
}

/** Nothing tells, but a closed connection opens no transaction. */
function isOpen(connection: IDBDatabase): boolean {
  try {
    connection.transaction('records').abort()
    return true
  } catch {
    return false
  }
}

function isWrite({ mode }: IDBTransaction): boolean {
  return mode === 'readwrite'
}

function durabilityOf({ durability }: IDBTransaction): 'strict' | 'relaxed' {
  if (durability === 'default') throw new Error('a write asked for no durability')
  return durability
}
