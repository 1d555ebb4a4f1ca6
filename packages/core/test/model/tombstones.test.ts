import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Tombstone } from '@stagevault/core/model/tombstones'
import { Tombstones } from '@stagevault/core/model/tombstones'

/** Of few characters and lengths, so that some differ in their first or their last one alone. */
const id = fc.string({ unit: fc.constantFrom('v', '1', '~'), minLength: 1, maxLength: 4 })
const row: fc.Arbitrary<Tombstone> = fc.record(
  {
    versionId: id,
    valueDigest: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  },
  { noNullPrototype: true },
)
const rows = fc.array(row, { maxLength: 40 })

it('is the list that it was made of, found by id, with the first of two that are alike', () => {
  fc.assert(
    fc.property(rows, rows, id, fc.nat({ max: 50 }), (older, younger, wanted, count) => {
      const all = [...older, ...younger]
      const packed = Tombstones.of(older).with(younger)
      expect([...packed]).toEqual(all)
      expect(packed.length).toBe(all.length)
      const found = all.find(({ versionId }) => versionId === wanted)
      expect(packed.digestOf(wanted)).toEqual(found?.valueDigest ?? null)
      for (const { versionId } of all) expect(packed.digestOf(versionId)).not.toBeNull()
      const kept = packed.without(count)
      expect([...kept]).toEqual(all.slice(count))
      expect(kept.length).toBe(all.slice(count).length)
      expect([...packed]).toEqual(all)
    }),
  )
})

it('tells whether an id is there twice', () => {
  fc.assert(
    fc.property(rows, (list) => {
      const isDistinct = new Set(list.map(({ versionId }) => versionId)).size === list.length
      expect(Tombstones.of(list).isDistinct()).toBe(isDistinct)
    }),
  )
  fc.assert(
    fc.property(fc.uniqueArray(row, { selector: (each) => each.versionId }), (list) => {
      expect(Tombstones.of(list).isDistinct()).toBe(true)
      const [first] = list
      if (first !== undefined) expect(Tombstones.of([...list, first]).isDistinct()).toBe(false)
    }),
  )
})
