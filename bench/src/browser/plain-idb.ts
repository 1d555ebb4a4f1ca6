/** A database without a vault, used as `idb` says. */
import { openDB, type IDBPDatabase } from 'idb'
import type { IdbDurability } from '@stagevault/storage-idb'
import type { Operation, ReplayStore } from '../replay.js'

const VALUES = 'values'

export interface PlainIdb extends ReplayStore {
  readonly put: (key: string, value: Uint8Array) => Promise<void>
}

export async function createPlainIdb(name: string, durability: IdbDurability): Promise<PlainIdb> {
  const database: IDBPDatabase = await openDB(name, 1, {
    upgrade: (created) => {
      created.createObjectStore(VALUES)
    },
  })
  return {
    read: async (key) => (await database.get(VALUES, key)) as Uint8Array | undefined,
    put: async (key, value) => {
      const transaction = database.transaction(VALUES, 'readwrite', { durability })
      await Promise.all([transaction.store.put(value, key), transaction.done])
    },
    write: async (batch) => {
      const transaction = database.transaction(VALUES, 'readwrite', { durability })
      const requests = batch.map((operation: Operation) =>
        operation.type === 'put'
          ? transaction.store.put(operation.value, operation.key)
          : transaction.store.delete(operation.key),
      )
      await Promise.all([...requests, transaction.done])
    },
  }
}
