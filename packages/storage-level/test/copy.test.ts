import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { StorageAdapter, StorageEntry } from '@stagevault/storage'
import { copyStorage } from '@stagevault/storage'
import { faultyStorage } from '@stagevault/storage/faulty'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { temporaryFolder } from './level-subject.js'

const RECORDS: readonly StorageEntry[] = Array.from({ length: 400 }, (_, i) => ({
  key: `k${String(i).padStart(3, '0')}`,
  value: new Uint8Array(5_000).fill(i),
}))

const shown = ({ key, value }: StorageEntry): string =>
  `${key} ${Buffer.from(value).toString('base64')}`

const EXPECTED = RECORDS.map(shown)

it('copies from memory to LevelDB and back, with every call of LevelDB interrupted once', async () => {
  const source = createMemoryStorage()
  for (let i = 0; i < RECORDS.length; i += 100) {
    await source.commit({ guards: [], mutations: RECORDS.slice(i, i + 100) })
  }
  const folder = await temporaryFolder()
  const location = join(folder, 'store')
  await (await createLevelStorage({ location })).close()

  // Every attempt finds what the one before has left, and comes one call further.
  let attempts = 0
  for (let isDone = false; !isDone; attempts += 1) {
    const level = await openLevelStorage({ location })
    const stop = attempts
    const dying = faultyStorage(level, ({ index }) => (index === stop ? 'stop-after' : 'pass'))
    isDone = await copyStorage(source, dying).then(
      () => true,
      () => false,
    )
    await level.close()
  }
  expect(attempts).toBeGreaterThan(10)

  const level = await openLevelStorage({ location })
  expect(await page(level)).toEqual(EXPECTED)
  const back = createMemoryStorage()
  const { copied } = await copyStorage(level, back)
  expect(copied).toBe(RECORDS.length)
  expect(await page(back)).toEqual(EXPECTED)
  await level.close()
  await rm(folder, { recursive: true })
})

/** As text: comparing megabytes element by element takes minutes. */
async function page(storage: StorageAdapter): Promise<string[]> {
  return (await storage.scan({ start: '!', end: '~', limit: 1_000 })).map(shown)
}
