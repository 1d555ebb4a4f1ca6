import { describe, expect, it } from 'vitest'
import type { IdbStorageOptions } from '@stagevault/storage-idb'
import { createIdbStorage, openIdbStorage, requestPersistence } from '@stagevault/storage-idb'

const wrong = (options: unknown): IdbStorageOptions => options as IdbStorageOptions

describe.each([
  ['createIdbStorage', createIdbStorage],
  ['openIdbStorage', openIdbStorage],
])('%s', (_name, open) => {
  it.each([
    [{ name: 7 }, TypeError],
    [{}, TypeError],
    [{ name: '' }, RangeError],
    [{ name: 'vault', durability: 'weak' }, RangeError],
    [{ name: 'vault', durability: true }, TypeError],
    [{ name: 'vault', durabilty: 'relaxed' }, RangeError],
  ])('rejects %j', async (options, type) => {
    await expect(open(wrong(options))).rejects.toThrow(type)
  })

  it('says so where there is no IndexedDB', async () => {
    const opening = open({ name: 'vault' })
    await expect(opening).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  })
})

describe('requestPersistence', () => {
  it('is unsupported where there is no browser', async () => {
    expect(await requestPersistence()).toBe('unsupported')
  })
})
