import fc from 'fast-check'
import { expect, it } from 'vitest'
import { unseenIn } from '@stagevault/browser-vault/model/unseen-text'

it('asks nothing about a value that is what it looks like', () => {
  for (const value of ['', 'x', 'a value with blanks', 'a\tb']) {
    expect(unseenIn(value, false), value).toBeNull()
    expect(unseenIn(value, true), value).toBeNull()
  }
  expect(unseenIn('one\n\ntwo', true)).toBeNull()
})

it('says what is at either end, and what the value is without it', () => {
  expect(unseenIn('  x\n', false)).toEqual({
    words: 'The value begins with 2 blanks and ends in a line end.',
    marks: '␣␣…↵',
    without: 'x',
    removal: 'Take that out',
  })
  expect(unseenIn('x\t \n\u200b', true)).toEqual({
    words: 'The value ends in a line end, a tab, a blank, and an invisible character.',
    marks: '…⇥␣↵□',
    without: 'x',
    removal: 'Take that out',
  })
  expect(unseenIn(' \n', true)).toMatchObject({
    words: 'The value is nothing but a line end and a blank.',
    without: '',
  })
})

it('says that there are several lines where one is wanted', () => {
  expect(unseenIn('one\ntwo\nthree\n', false)).toEqual({
    words: 'The value has 3 lines and ends in a line end.',
    marks: '…↵',
    without: 'onetwothree',
    removal: 'Make it one line',
  })
  expect(unseenIn('one\ntwo\n', true)).toMatchObject({ without: 'one\ntwo' })
})

it('has nothing to ask about what it leaves', () => {
  const value = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\t', '\u00a0', '\u200d') })
  fc.assert(
    fc.property(value, fc.boolean(), (text, mayHaveLines) => {
      const without = unseenIn(text, mayHaveLines)?.without ?? text
      expect(unseenIn(without, mayHaveLines)).toBeNull()
    }),
  )
})
