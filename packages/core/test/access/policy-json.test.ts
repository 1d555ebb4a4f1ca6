import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '@stagevault/core/access/policy-json'
import { readPolicyJson } from '@stagevault/core/access/policy-json'

function plain(value: JsonValue): unknown {
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([name, item]) => [name, plain(item as JsonValue)]))
  }
  return Array.isArray(value) ? value.map((item) => plain(item as JsonValue)) : value
}

describe('reading JSON', () => {
  it('gives what JSON.parse gives', () => {
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', maxDepth: 5 },
        fc.constantFrom(null, true, false),
        fc.maxSafeInteger().filter((n) => !Object.is(n, -0)),
        fc.string({ unit: 'grapheme' }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 4 }),
      ),
    })).value
    fc.assert(
      fc.property(json, fc.constantFrom(0, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space)
        expect(plain(readPolicyJson(text))).toEqual(JSON.parse(text))
      }),
      { numRuns: 1_000 },
    )
  })

  it('refuses what JSON.parse refuses', () => {
    const parts = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '-',
      '.5',
      'true',
      'nul',
      ' ',
      '\\',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 9 }), (tokens) => {
        const text = tokens.join('')
        let expected: unknown
        try {
          expected = JSON.parse(text)
        } catch {
          expect(() => readPolicyJson(text)).toThrow(/not JSON|string|integer|twice/)
          return
        }
        let found: unknown
        try {
          found = plain(readPolicyJson(text))
        } catch (error) {
          expect((error as Error).message).toMatch(/twice|integer|levels/)
          return
        }
        expect(found).toEqual(expected)
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    ['{"a":1,"a":2}', 'policy, /a: the member stands there twice'],
    ['{"a":{"b/c":1,"b\\u002fc":2}}', 'policy, /a/b~1c: the member stands there twice'],
    ['[1,2,]', 'policy, /2: not JSON at character 6'],
    ['{"a":1} x', 'policy: not JSON at character 9'],
    ['\uFEFF{}', 'policy: not JSON at character 1'],
    ['["\\ud800"]', 'policy, /0: a string with a lone surrogate'],
    ['["a\nb"]', 'policy, /0: a string that is not JSON'],
    ['[9007199254740993]', 'policy, /0: a number must be an integer within ±2^53'],
    ['[1.5]', 'policy, /0: a number must be an integer within ±2^53'],
    ['[[[[[[[]]]]]]]', 'policy, /0/0/0/0/0/0: more than 6 levels'],
    ['', 'policy: not JSON at character 1'],
    ['"', 'policy: a string that is not JSON'],
  ])('%j: %s', (text, message) => {
    expect(() => readPolicyJson(text)).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER', message }) as Error,
    )
  })

  it('keeps __proto__ as a member like any other', () => {
    const value = readPolicyJson('{"__proto__":{"a":1}}')
    expect(value instanceof Map && value.has('__proto__')).toBe(true)
  })

  it('cuts a long name in the pointer', () => {
    const name = 'x'.repeat(1_000)
    expect(() => readPolicyJson(`{"${name}":1,"${name}":2}`)).toThrow(`/${'x'.repeat(64)}…: `)
  })
})
