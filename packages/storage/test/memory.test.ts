import { describe, expect, it } from 'vitest'
import { storageConformance } from '@stagevault/storage/conformance'
import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'
import { memorySubject } from './memory-subject.js'

storageConformance({ describe, it, factory: () => Promise.resolve(memorySubject()) })

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('createMemoryStorage', () => {
  it('works with and without await', async () => {
    const awaited = await Promise.resolve(createMemoryStorage())
    expect(await awaited.read(['a'])).toEqual([null])
    expect(await createMemoryStorage().read(['a'])).toEqual([null])
  })

  it('keeps stores apart unless they share data', async () => {
    const data = createMemoryData()
    const first = createMemoryStorage({ data })
    await first.commit({ guards: [], mutations: [{ key: 'a', value: bytes('1') }] })
    await first.close()
    expect(await createMemoryStorage({ data }).read(['a'])).toEqual([bytes('1')])
    expect(await createMemoryStorage().read(['a'])).toEqual([null])
  })

  it('copies a Node Buffer, whose slice is no copy', async () => {
    const storage = createMemoryStorage()
    const value = Buffer.from('kept')
    await storage.commit({ guards: [], mutations: [{ key: 'a', value }] })
    value.fill(0)
    const [stored] = await storage.read(['a'])
    expect(stored).toEqual(bytes('kept'))
    expect(Buffer.isBuffer(stored)).toBe(false)
  })

  it('tells an allocation that fails before writing from one that fails while writing', async () => {
    const full = createMemoryStorage({
      data: {
        ...createMemoryData(),
        apply: () => {
          throw new RangeError('no memory')
        },
      },
    })
    const commit = full.commit({ guards: [], mutations: [{ key: 'a', value: bytes('1') }] })
    await expect(commit).rejects.toMatchObject({ code: 'STORAGE_OUTCOME_UNKNOWN' })
    const unreadable = createMemoryStorage({
      data: {
        ...createMemoryData(),
        get: () => {
          throw new RangeError('no memory')
        },
      },
    })
    const guarded = unreadable.commit({ guards: [{ key: 'a', value: null }], mutations: [] })
    await expect(guarded).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    await expect(unreadable.read(['a'])).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  })
})
