/** Runs in a page, of which it becomes a part. */
import { createIdbStorage } from '@stagevault/storage-idb'

/** A record as it can be handed to a page. */
export interface PlantedRecord {
  readonly key: string
  readonly value: readonly number[]
}

export type Plant = (location: string, records: readonly PlantedRecord[]) => Promise<void>

const plant: Plant = async (location, records) => {
  const storage = await createIdbStorage({ name: location })
  await storage.commit({
    guards: [],
    mutations: records.map(({ key, value }) => ({ key, value: new Uint8Array(value) })),
  })
  await storage.close()
}

Object.assign(globalThis, { plant })
