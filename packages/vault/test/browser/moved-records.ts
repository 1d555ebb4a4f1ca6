import type { StorageAdapter } from '@stagevault/storage'
import { scanAll } from '@stagevault/storage'

/** A key, and the bytes of its value: what a store is on the wire. */
export type StoredRecord = readonly [key: string, value: readonly number[]]

export async function recordsOf(storage: StorageAdapter): Promise<StoredRecord[]> {
  const records: StoredRecord[] = []
  for await (const { key, value } of scanAll(storage, { start: '!', end: '~~' })) {
    records.push([key, [...value]])
  }
  return records
}

export async function fillStorage(
  storage: StorageAdapter,
  records: readonly StoredRecord[],
): Promise<void> {
  for (const [key, value] of records) {
    const mutations = [{ key, value: Uint8Array.from(value) }]
    await storage.commit({ guards: [], mutations })
  }
}
