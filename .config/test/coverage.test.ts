import { describe, expect, it } from 'vitest'
import {
  findUndocumentedCodes,
  findUntestedCodes,
  findUntestedRules,
  readCodes,
  readRuleIds,
} from './coverage.js'
import { parseSource } from './source-files.js'

function testFile(text: string): ReturnType<typeof parseSource> {
  return parseSource('packages/vault/test/a.test.ts', text)
}

describe('error codes', () => {
  const codes = ['SECRET_EXISTS', 'SECRET_NOT_FOUND']

  it('are the members of the union that do not come later', () => {
    const file = parseSource(
      'packages/core/src/errors.ts',
      [
        'export type Other = "OTHER"',
        'export type Code =',
        '  /** There is one already. */',
        "  | 'SECRET_EXISTS'",
        '  /** Later: policies. */',
        "  | 'ACCESS_DENIED'",
        "  | 'SECRET_NOT_FOUND'",
      ].join('\n'),
    )
    expect(readCodes(file, 'Code')).toEqual(codes)
  })

  it('need a heading each, not a mention', () => {
    const page = '## `SECRET_EXISTS`\n\nNot `SECRET_NOT_FOUND`.\n\n### `SECRET_NOT_FOUND_2`\n'
    expect(findUndocumentedCodes(codes, page)).toEqual(['SECRET_NOT_FOUND'])
  })

  it('need a test that names them in a string, not in a comment', () => {
    const file = testFile("// SECRET_NOT_FOUND\nexpect(error.code).toBe('SECRET_EXISTS')")
    expect(findUntestedCodes(codes, [file])).toEqual(['SECRET_NOT_FOUND'])
  })
})

describe('rules', () => {
  const ids = ['VER-1', 'LBL-1', 'LBL-2']

  it('are the rows that state one rule', () => {
    const page = [
      '| Id | Rule |',
      '|---|---|',
      '| VER-1 | A version is created with its value. |',
      '| EVT-2 | An eviction emits an event; see VER-3. |',
      '| FMT-1 to FMT-6 | encoding of fields | [format](format/README.md) |',
      '| CTX-1 | binding context of records | [envelope](format/envelope.md) |',
    ].join('\n')
    expect(readRuleIds(page)).toEqual(['VER-1', 'EVT-2'])
  })

  it('need a title that carries the whole id', () => {
    const file = testFile("it('VER-1 holds', prove)\nit('LBL-10: LBL-2 holds', prove)")
    expect(findUntestedRules(ids, [file])).toEqual(['LBL-1'])
  })

  it('may be in a template or a table, not in a comment', () => {
    const text = 'it(`VER-1: ${name}`, prove)\nconst cases = [["LBL-2 holds", 1]]\n// LBL-1'
    expect(findUntestedRules(ids, [testFile(text)])).toEqual(['LBL-1'])
  })
})
