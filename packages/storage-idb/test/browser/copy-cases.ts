import type { StorageAdapter } from '@stagevault/storage'
import { copyStorage } from '@stagevault/storage'
import { faultyStorage } from '@stagevault/storage/faulty'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { createIdbStorage } from '@stagevault/storage-idb'
import type { CaseFrame } from '@stagevault/browser-engines/page'
import { check, same } from '@stagevault/browser-engines/page'
import { withDatabase } from './idb-context.js'

const RECORDS = 300

/** Moving a store into IndexedDB and out of it. */
export function copyCases({ describe, it }: CaseFrame): void {
  describe('copyStorage', () => {
    it(
      'copies in and out, with every call interrupted once',
      withDatabase(async ({ name, keep }) => {
        const source = await filledMemory()
        const storage = keep(await createIdbStorage({ name }))
        let attempts = 0
        // Every attempt finds what the one before has left, and comes one call further.
        for (let isDone = false; !isDone; attempts += 1) {
          const stop = attempts
          const dying = faultyStorage(storage, ({ index }) =>
            index === stop ? 'stop-after' : 'pass',
          )
          isDone = await copyStorage(source, dying).then(
            () => true,
            () => false,
          )
        }
        check(attempts > 10, `${attempts} attempts`)
        const back = createMemoryStorage()
        const { copied } = await copyStorage(storage, back)
        same(copied, RECORDS, 'records copied back')
        same(await page(back), await page(source), 'records')
      }),
    )
  })
}

async function filledMemory(): Promise<StorageAdapter> {
  const storage = createMemoryStorage()
  for (let i = 0; i < RECORDS; i += 1) {
    const value = new Uint8Array(i).fill(i)
    await storage.commit({ guards: [], mutations: [{ key: `k${1_000 + i}`, value }] })
  }
  return storage
}

function page(storage: StorageAdapter): Promise<unknown> {
  return storage.scan({ start: '!', end: '~', limit: 1_000 })
}
