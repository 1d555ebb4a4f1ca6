import { describe, expect, it } from 'vitest'
import type { StorageAdapter } from '@stagevault/storage'
import { faultyStorage } from '@stagevault/storage/faulty'
import type { FaultVerdict, StorageCall } from '@stagevault/storage/faulty'
import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'

const RANGE = { start: '!', end: '~', limit: 10 }

const put = (storage: StorageAdapter, key: string): Promise<unknown> =>
  storage.commit({ guards: [], mutations: [{ key, value: new Uint8Array(1) }] })

/** A faulty store with the given verdicts in turn, and a sound one on the same data. */
function pair(...verdicts: FaultVerdict[]): {
  readonly faulty: StorageAdapter
  readonly calls: StorageCall[]
  readonly keys: () => Promise<string[]>
} {
  const data = createMemoryData()
  const calls: StorageCall[] = []
  const faulty = faultyStorage(createMemoryStorage({ data }), (call) => {
    calls.push(call)
    return verdicts[call.index] ?? 'pass'
  })
  const keys = async (): Promise<string[]> =>
    (await createMemoryStorage({ data }).scan(RANGE)).map(({ key }) => key)
  return { faulty, calls, keys }
}

describe('faultyStorage', () => {
  it('asks the script before every call, in order', async () => {
    const { faulty, calls, keys } = pair()
    await put(faulty, 'a')
    expect(await faulty.read(['a', 'b'])).toEqual([new Uint8Array(1), null])
    expect(await faulty.scan(RANGE)).toHaveLength(1)
    await faulty.close()
    await expect(faulty.read([])).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
    expect(calls).toEqual([
      { method: 'commit', index: 0 },
      { method: 'read', index: 1 },
      { method: 'scan', index: 2 },
      { method: 'close', index: 3 },
      { method: 'read', index: 4 },
    ])
    expect(await keys()).toEqual(['a'])
  })

  it('fail-before makes no call, and the next one is made', async () => {
    const { faulty, keys } = pair('fail-before', 'fail-before', 'fail-before')
    await expect(put(faulty, 'a')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    await expect(faulty.read(['a'])).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    await expect(faulty.scan(RANGE)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    expect(await keys()).toEqual([])
    await put(faulty, 'b')
    expect(await keys()).toEqual(['b'])
  })

  it('fail-after makes the call and loses its answer', async () => {
    const { faulty, keys } = pair('fail-after', 'fail-after')
    await expect(put(faulty, 'a')).rejects.toMatchObject({ code: 'STORAGE_OUTCOME_UNKNOWN' })
    await expect(faulty.read(['a'])).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    expect(await keys()).toEqual(['a'])
    await put(faulty, 'b')
    expect(await keys()).toEqual(['a', 'b'])
  })

  it.each([
    ['stop', ['a']],
    ['stop-after', ['a', 'b']],
  ] as const)('%s ends the store and asks no more', async (verdict, expected) => {
    const { faulty, calls, keys } = pair('pass', verdict)
    await put(faulty, 'a')
    await expect(put(faulty, 'b')).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
    await expect(put(faulty, 'c')).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
    await expect(faulty.read(['a'])).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
    await expect(faulty.scan(RANGE)).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
    await expect(faulty.close()).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
    expect(calls).toHaveLength(2)
    expect(await keys()).toEqual(expected)
  })

  it('lets calls that overlap the stopping one no further', async () => {
    const { faulty, keys } = pair('stop-after')
    const both = await Promise.allSettled([put(faulty, 'a'), put(faulty, 'b')])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await keys()).toEqual(['a'])
  })
})
