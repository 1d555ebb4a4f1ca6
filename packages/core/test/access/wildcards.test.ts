import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern, foldCase, matchesPattern } from '@stagevault/core/access/wildcards'
import { matchesByTable } from './reference-wildcards.js'

function matches(pattern: string, text: string): boolean {
  return matchesPattern(compilePattern(pattern), text, { steps: Infinity })
}

describe('wildcards', () => {
  it('match what a table of all prefixes matches, in at most pattern × text steps', () => {
    const piece = fc.constantFrom('a', 'b', '*', '?', 'ab', '/')
    const pattern = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    const text = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 20 })
    fc.assert(
      fc.property(pattern, text, (patternText, characters) => {
        const subject = characters.join('')
        const budget = { steps: 0 }
        const compiled = compilePattern(patternText)
        budget.steps = 1_000_000
        expect(matchesPattern(compiled, subject, budget)).toBe(matchesByTable(patternText, subject))
        const bound = (patternText.length + 1) * (subject.length + 1)
        expect(1_000_000 - budget.steps).toBeLessThanOrEqual(bound)
      }),
      { numRuns: 10_000 },
    )
  })

  it.each([
    ['X*', 'X', true],
    ['*', '', true],
    ['?', '', false],
    ['', '', true],
    ['', 'a', false],
    ['app/*', 'app', false],
    ['app*', 'application', true],
    ['a?c', 'abc', true],
    ['*a', 'ba', true],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
  ])('%j on %j: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected)
  })

  it('stop when the budget is used up', () => {
    const budget = { steps: 1_000 }
    const pattern = compilePattern('*a'.repeat(200))
    expect(matchesPattern(pattern, 'a'.repeat(5_000), budget)).toBe(false)
    expect(budget.steps).toBeLessThan(0)
  })

  it('fold the case of ASCII letters and of nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const expected = text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
        expect(foldCase(text)).toBe(expected)
      }),
    )
    expect(foldCase('\u212A\u0130')).toBe('\u212A\u0130')
  })
})
