import fc from 'fast-check'
import { expect, it } from 'vitest'
import { changeOfTags, formatTags, parseTags } from '@stagevault/browser-vault/model/tag-text'

it('reads one tag a line, with or without a value', () => {
  expect(parseTags('env = prod\n\n  mail  \nurl=a=b\n= nothing')).toEqual([
    { tagKey: 'env', tagValue: 'prod' },
    { tagKey: 'mail', tagValue: '' },
    { tagKey: 'url', tagValue: 'a=b' },
  ])
})

it('takes the later of two lines with one key', () => {
  expect(parseTags('a = 1\na = 2')).toEqual([{ tagKey: 'a', tagValue: '2' }])
})

/** Tags that can be written on a line: the form cannot express others. */
const word = fc.stringMatching(/^[a-z0-9]{1,8}$/)
const tags = fc.uniqueArray(
  fc.record({ tagKey: word, tagValue: fc.oneof(fc.constant(''), word) }),
  { selector: ({ tagKey }) => tagKey, maxLength: 8 },
)

it('reads what it writes', () => {
  fc.assert(
    fc.property(tags, (some) => {
      expect(parseTags(formatTags(some))).toEqual(some)
    }),
  )
})

it('changes one set of tags into another', () => {
  fc.assert(
    fc.property(tags, tags, (before, after) => {
      const { set, remove } = changeOfTags(before, after)
      const result = new Map(before.map(({ tagKey, tagValue }) => [tagKey, tagValue]))
      for (const key of remove) expect(result.delete(key)).toBe(true)
      for (const { tagKey, tagValue } of set) {
        expect(result.get(tagKey)).not.toBe(tagValue)
        result.set(tagKey, tagValue)
      }
      expect(result).toEqual(new Map(after.map(({ tagKey, tagValue }) => [tagKey, tagValue])))
    }),
  )
})
