import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemoryData } from '@stagevault/storage/memory'

const START = '!'
const END = '~~~~~~'

describe('the data of the memory store', () => {
  it('keeps its keys in order, whichever come and go', () => {
    // Few enough to meet again, many enough for several rows of 256.
    const key = fc.integer({ min: 0, max: 2_000 }).map((number) => `k${number}`)
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ key, isKept: fc.constant(true) }) },
      { weight: 1, arbitrary: fc.record({ key, isKept: fc.constant(false) }) },
    )
    const property = fc.property(fc.array(step, { minLength: 900, maxLength: 3_000 }), (steps) => {
      const data = createMemoryData()
      const model = new Map<string, number>()
      steps.forEach(({ key: name, isKept }, index) => {
        data.apply([{ key: name, value: isKept ? Uint8Array.of(index & 255) : null }])
        if (isKept) model.set(name, index & 255)
        else model.delete(name)
      })
      const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1))
      const all = data.range(START, END, Infinity)
      expect(all.map(({ key: name, value }) => [name, value[0]])).toEqual(sorted)
      // From each of its keys, and from a place between two.
      for (let i = 0; i < sorted.length; i += 97) {
        const [name = ''] = sorted[i] ?? []
        const from = (start: string): string[] =>
          data.range(start, END, 5).map((entry) => entry.key)
        expect(from(name)).toEqual(sorted.slice(i, i + 5).map(([found]) => found))
        expect(from(`${name}!`)).toEqual(sorted.slice(i + 1, i + 6).map(([found]) => found))
      }
    })
    fc.assert(property, { numRuns: 30 })
  })

  it.each([
    ['ascending', (i: number) => i],
    ['descending', (i: number) => 5_000 - i],
  ])('keeps %s keys in order, and none once all are gone', (_order, place) => {
    const data = createMemoryData()
    const names = Array.from({ length: 5_000 }, (_, i) => `k${String(place(i)).padStart(6, '0')}`)
    for (const name of names) data.apply([{ key: name, value: Uint8Array.of(1) }])
    expect(data.range(START, END, Infinity).map(({ key }) => key)).toEqual(names.toSorted())
    for (const name of names) data.apply([{ key: name, value: null }])
    expect(data.range(START, END, Infinity)).toEqual([])
    data.apply([{ key: 'again', value: Uint8Array.of(1) }])
    expect(data.range(START, END, Infinity)).toHaveLength(1)
  })
})
