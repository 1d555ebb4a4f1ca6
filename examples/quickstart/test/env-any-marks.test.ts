/** In any marks, no line of a value becomes a name and no half of it is stored. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseEnvFile } from '@stagevault/quickstart/env-file'
import { head, lineEnd, tail as plainTail } from './secret-texts.js'

const RUNS = 5_000
const OTHERS = ['A=1', 'PORT=3000', 'B=x', 'C=y', 'B=#fff', 'C= #y'] as const
const MARK = /^[\p{P}\p{S}]$/u
const marksOf = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => String.fromCodePoint(from + i)).filter((char) =>
    MARK.test(char),
  )

const mark = fc.oneof(
  fc.constantFrom(...marksOf(0x21, 0x7f)),
  fc.constantFrom(...marksOf(0xa0, 0xd800), ...marksOf(0xf900, 0x20000)),
)
const marks = fc.string({ unit: mark, minLength: 1, maxLength: 4 })
const word = fc.stringMatching(/^[A-Za-z]{1,6}$/)
const place = fc.constantFrom('', '\n')

const opener = fc.oneof(
  marks,
  fc.tuple(word, marks).map((parts) => parts.join('')),
  fc.tuple(marks, word, marks).map((parts) => parts.join('')),
)

/** Without what is a value: none, or marks in a pair of quotes. */
const closer = fc
  .oneof(
    marks,
    fc.tuple(marks, word).map((parts) => parts.join(' ')),
    word.map((tag) => `$${tag}$;`),
  )
  .filter((text) => text !== '=' && !/^(["'`]).*\1|=.* /.test(text))

/** Such as could be names: without `+` and `/`. */
const nameLike = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{3,75}$/)
const base64 = fc
  .tuple(
    fc.array(fc.oneof(nameLike, fc.stringMatching(/^[A-Za-z0-9+/]{4,76}$/)), {
      minLength: 1,
      maxLength: 3,
    }),
    nameLike,
    fc.constantFrom('', '=', '=='),
  )
  .map(([lines, last, padding]) => [...lines, last + padding].join('\n'))

const tail = fc.oneof(
  plainTail,
  fc.constantFrom('\nB="#fff"\n', '\nC=" #y"\n', "\n# don't\nB='x'\n", "\nB='#fff'\nC=' #y'"),
)

const file = fc
  .record({ head, opener, text: base64, closer, tail, lineEnd, above: place, below: place })
  // A closing mark on its own line that begins with # is a comment.
  .filter(({ below, closer: end }) => below === '' || !end.startsWith('#'))
  .map((parts) => {
    const value = [parts.opener, parts.above, parts.text, parts.below, parts.closer].join('')
    const whole = `${parts.head}K=${value}${parts.tail}`
    return { text: parts.text, file: whole.replaceAll('\n', parts.lineEnd) }
  })

it('no line is a name, and a value is stored as a whole or not at all', () => {
  fc.assert(
    fc.property(file, ({ text, file: content }) => {
      const { entries } = parseEnvFile(content)
      const wrong = entries
        .filter(({ name, value }) => !(name === 'K' && value.includes(text)))
        .map(({ name, value }) => `${name}=${value}`)
        .filter((statement) => !OTHERS.some((other) => other === statement))
      expect(wrong).toEqual([])
    }),
    { numRuns: RUNS },
  )
})
