import type { StorageAdapter } from '@stagevault/storage'
import { scanAll } from '@stagevault/storage'

const EVERYTHING = { start: '!', end: '~'.repeat(512) }

/** Everything a store holds, by key, in hexadecimal: equal texts are equal stores. */
export async function dumpRecords(storage: StorageAdapter): Promise<ReadonlyMap<string, string>> {
  const records = new Map<string, string>()
  for await (const { key, value } of scanAll(storage, EVERYTHING)) {
    records.set(key, Buffer.from(value).toString('hex'))
  }
  return records
}

/** The keys of the records whose key begins so. */
export async function keysOf(storage: StorageAdapter, prefix: string): Promise<string[]> {
  return [...(await dumpRecords(storage)).keys()].filter((key) => key.startsWith(prefix))
}

/** The stored bytes at a key that must be there. */
export async function recordAt(storage: StorageAdapter, key: string): Promise<Uint8Array> {
  const [value = null] = await storage.read([key])
  if (value === null) throw new Error(`nothing is stored at ${key}`)
  return value
}

/** Writes or, with `null`, deletes a record past the vault, as an attacker with the store can. */
export async function overwrite(
  storage: StorageAdapter,
  key: string,
  value: Uint8Array | null,
): Promise<void> {
  await storage.commit({ guards: [], mutations: [{ key, value }] })
}

/** Everything a store holds now, put back later: a copy of the disk that someone kept. */
export async function keepCopy(storage: StorageAdapter): Promise<() => Promise<void>> {
  const copy = new Map<string, Uint8Array>()
  for await (const { key, value } of scanAll(storage, EVERYTHING)) copy.set(key, value)
  return async () => {
    for (const key of await keysOf(storage, '')) {
      if (!copy.has(key)) await overwrite(storage, key, null)
    }
    for (const [key, value] of copy) await overwrite(storage, key, value)
  }
}
