import type { StorageAdapter } from '@stagevault/storage'
import { openLevelStorage } from '@stagevault/storage-level'

/** A range with every key of a small store. */
export const EVERYTHING = { start: '!', end: '~', limit: 1_000 }

export function put(storage: StorageAdapter, key: string, length = 3): Promise<unknown> {
  return storage.commit({ guards: [], mutations: [{ key, value: new Uint8Array(length) }] })
}

/** The keys of a closed store, in their order. */
export async function keysAt(location: string): Promise<string[]> {
  const storage = await openLevelStorage({ location })
  const found = await storage.scan(EVERYTHING)
  await storage.close()
  return found.map(({ key }) => key)
}
