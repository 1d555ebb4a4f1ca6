import type { StorageAdapter } from '@stagevault/storage'
import { StorageError } from '@stagevault/storage'
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
  putHeld: (key: string) => put(heldStorage(), key, 5),
  /** So many bytes at `key`, by the handle that is held. */
  putBytesHeld: ({ key, size }: Omit<PutOrder, 'name'>) => put(heldStorage(), key, size),
  clearUnderLoad,
}

function heldStorage(): StorageAdapter {
  if (held === null) throw new Error('no handle is held')
  return held
}

/** How long the browser may take to notify every connection. */
const SETTLE_MS = 20_000

/**
 * Two write and one reads, by the handle that is held, while everything that the origin stored is
 * cleared.
 *
 * @returns how each ended: by the code of an error, or `never`
 */
async function clearUnderLoad(): Promise<Readonly<Record<string, string>>> {
  const storage = heldStorage()
  const write = (key: string): Promise<string> => untilItFails(() => put(storage, key, 2_000))
  const ends = Promise.all([write('a'), write('b'), untilItFails(() => storage.read(['a', 'b']))])
  await new Promise((resolve) => {
    setTimeout(resolve, 50)
  })
  await fetch('/clear-site-data')
  const [first, second, reader] = await ends
  const closing = storage.close().then(() => 'done')
  return { first, second, reader, close: await Promise.race([closing, never()]) }
}

function untilItFails(step: () => Promise<unknown>): Promise<string> {
  async function repeat(): Promise<string> {
    try {
      for (;;) await step()
    } catch (error) {
      return error instanceof StorageError ? error.code : String(error)
    }
  }
  return Promise.race([repeat(), never()])
}

function never(): Promise<string> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve('never')
    }, SETTLE_MS)
  })
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
