import type { StorageAdapter } from '@stagevault/storage'
import { createIdbStorage, openIdbStorage } from '@stagevault/storage-idb'
import type { CallTable } from '@stagevault/browser-engines/page'

export interface PutOrder {
  readonly name: string
  readonly key: string
  /** Bytes in the value. */
  readonly size: number
}

let held: StorageAdapter | null = null

/** Single steps, for tests that do something to the browser between them. */
export const handleCalls: CallTable = {
  put: async ({ name, key, size }: PutOrder) => {
    const storage = await createIdbStorage({ name })
    try {
      return await put(storage, key, size)
    } finally {
      await storage.close()
    }
  },
  /** The length of the value at `a`, in a database that must be there. */
  openExisting: async (name: string) => {
    const storage = await openIdbStorage({ name })
    const [value] = await storage.read(['a'])
    await storage.close()
    return value?.length ?? null
  },
  /** Opens a handle and keeps it. */
  hold: async (name: string) => {
    held = await createIdbStorage({ name })
  },
  putHeld: (key: string) => {
    if (held === null) throw new Error('no handle is held')
    return put(held, key, 5)
  },
}

function put(storage: StorageAdapter, key: string, size: number): Promise<string> {
  return storage.commit({ guards: [], mutations: [{ key, value: randomBytes(size) }] })
}

/** Chance, so that nothing on the way can make it smaller. */
function randomBytes(size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}
