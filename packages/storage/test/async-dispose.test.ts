import { expect, it } from 'vitest'
import { withAsyncDispose } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'

it('await using closes a store at the end of its block', async () => {
  let seen
  {
    await using storage = createMemoryStorage()
    seen = storage
    await storage.read(['k'])
  }
  await expect(seen.read(['k'])).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
})

it('await using closes it although the block throws, and passes the error on', async () => {
  const error = new Error('why')
  let closes = 0
  const close = () => {
    closes += 1
    return Promise.resolve()
  }
  const use = async () => {
    await using closable = withAsyncDispose({ close })
    expect(closable.close).toBe(close)
    throw error
  }
  await expect(use()).rejects.toBe(error)
  expect(closes).toBe(1)
})

it('a copy of an adapter with other methods does not close the first', () => {
  const storage = createMemoryStorage()
  expect(Symbol.asyncDispose in { ...storage }).toBe(false)
})

it('adds nothing where the runtime lacks the symbol', () => {
  // Node's own cannot be removed, so an object without it stands in for the `Symbol` of Safari.
  const { Symbol: original } = globalThis
  globalThis.Symbol = { iterator: original.iterator } as never
  try {
    const closable = withAsyncDispose({ close: () => Promise.resolve() })
    expect(Reflect.ownKeys(closable)).toEqual(['close'])
  } finally {
    globalThis.Symbol = original
  }
})
