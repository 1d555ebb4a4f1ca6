import type { StorageAdapter } from '@stagevault/storage'
import {
  bytes,
  deleteDatabase,
  same,
  uniqueName,
  watchLowerLayer,
} from '@stagevault/browser-engines/page'
import type { LowerLayer } from '@stagevault/browser-engines/page'

/** What a case about one database works with. */
export interface IdbContext {
  readonly name: string
  readonly layer: LowerLayer
  /** Closes a handle when the case ends. */
  readonly keep: (storage: StorageAdapter) => StorageAdapter
}

/** A case on a database of its own, which it leaves closed and which is deleted after it. */
export function withDatabase(run: (context: IdbContext) => Promise<void>): () => Promise<void> {
  return async () => {
    const name = uniqueName()
    const layer = watchLowerLayer(name)
    const handles: StorageAdapter[] = []
    try {
      await run({
        name,
        layer,
        keep: (storage) => {
          handles.push(storage)
          return storage
        },
      })
    } finally {
      layer.restore()
      for (const handle of handles) await handle.close()
      for (const connection of layer.connections) connection.close()
    }
    await deleteDatabase(name)
  }
}

export async function put(storage: StorageAdapter, key: string, value = key): Promise<void> {
  const mutations = [{ key, value: bytes(value) }]
  same(await storage.commit({ guards: [], mutations }), 'applied', `commit of ${key}`)
}

export async function keysOf(storage: StorageAdapter): Promise<string[]> {
  const entries = await storage.scan({ start: '!', end: '~', limit: 1_000 })
  return entries.map(({ key }) => key)
}

/** As soon as no connection has it open any more. */
export function deleteSoon(name: string): Promise<unknown> {
  return new Promise((resolve) => {
    indexedDB.deleteDatabase(name).onsuccess = resolve
  })
}
