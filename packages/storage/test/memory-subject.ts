import type { StorageAdapter } from '@stagevault/storage'
import type { StorageSubject } from '@stagevault/storage/conformance'
import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'
import type { MemoryData } from '@stagevault/storage/memory'

/** Makes an adapter worse. `data` fails on demand as the adapter's own does, `records` never do. */
export type Spoil = (
  storage: StorageAdapter,
  data: MemoryData,
  records: MemoryData,
) => StorageAdapter

/** The memory store over data that fails on demand. */
export function memorySubject(spoil: Spoil = (storage) => storage): StorageSubject {
  const records = createMemoryData()
  let readsFail = false
  let writesFail = false

  function failing<T>(fails: boolean, step: () => T): T {
    if (fails) throw new Error('made to fail')
    return step()
  }

  const data: MemoryData = {
    get: (key) => failing(readsFail, () => records.get(key)),
    range: (start, end, limit) => failing(readsFail, () => records.range(start, end, limit)),
    apply(mutations) {
      failing(writesFail, () => {
        records.apply(mutations)
      })
    },
  }

  return {
    open: () => Promise.resolve(spoil(createMemoryStorage({ data }), data, records)),
    failReads() {
      readsFail = true
    },
    failWrites() {
      writesFail = true
    },
    heal() {
      readsFail = false
      writesFail = false
    },
    dispose: () => Promise.resolve(),
  }
}
