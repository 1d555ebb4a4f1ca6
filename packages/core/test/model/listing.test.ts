import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatPageToken,
  parseSecretToken,
  parseVersionToken,
} from '@stagevault/core/model/listing'
import { expectFailure } from '../support/failures.js'

const unit = fc.constantFrom(...Array.from('AZaz09_/+=.@-'))
const names = fc.string({ unit, minLength: 1, maxLength: 192 })

describe('tokens of pages', () => {
  it('of secrets name any secret', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(parseSecretToken(formatPageToken(name))).toBe(name)
      }),
    )
  })

  it('of versions name any number of a version', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 - 1 }), (number) => {
        expect(parseVersionToken(formatPageToken(number))).toBe(number)
      }),
    )
  })

  it.each(['', 'after', 'after:', 'AFTER:S', ' after:S', 'after:a b', 'after:!', 'S'])(
    '%j is none of secrets',
    (token) => {
      expectFailure(() => parseSecretToken(token), 'INVALID_PARAMETER')
    },
  )

  it.each([
    '',
    'after:',
    'after:0',
    'after:01',
    'after:-1',
    'after:1.5',
    'after:1 ',
    'after:v1',
    '1',
  ])('%j is none of versions', (token) => {
    expectFailure(() => parseVersionToken(token), 'INVALID_PARAMETER')
  })

  it('a name that is too long is named as part of the token', () => {
    const token = formatPageToken('x'.repeat(193))
    expect(() => parseSecretToken(token)).toThrow(/^the name in nextToken /)
  })
})
