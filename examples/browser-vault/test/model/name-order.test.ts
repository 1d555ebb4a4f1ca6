import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareNames } from '@stagevault/browser-vault/model/name-order'

it('puts capital letters among the small ones, and numbers by their size', () => {
  const names = ['Zoo', 'item10', 'apple', 'item9', 'Banana', 'zoo', 'Item9/b', 'item1.10']
  expect(names.toSorted(compareNames)).toEqual([
    'apple',
    'Banana',
    'item1.10',
    'item9',
    'Item9/b',
    'item10',
    'zoo',
    'Zoo',
  ])
})

it('has one order for any two names', () => {
  const name = fc.stringMatching(/^[aAbB01_/.-]{1,4}$/)
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(compareNames(a, b) + compareNames(b, a)).toBe(0)
      expect(compareNames(a, b) === 0).toBe(a === b)
    }),
  )
})
