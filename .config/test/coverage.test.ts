import { describe, expect, it } from 'vitest'
import {
  findUndocumentedCodes,
  findUntestedCodes,
  findUntestedRules,
  readCodes,
  RULE_IDS,
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
  it('are the sixteen that the service model numbers', () => {
    expect(RULE_IDS).toHaveLength(16)
  })

  it('need a title that carries the whole id', () => {
    const titles = RULE_IDS.map((id) => (id === 'LBL-1' ? 'LBL-10' : id))
    const file = testFile(titles.map((id) => `it('${id} holds', prove)`).join('\n'))
    expect(findUntestedRules([file])).toEqual(['LBL-1'])
  })

  it('may be in a template or a table, not in a comment', () => {
    const text = 'it(`VER-1: ${name}`, prove)\nconst cases = [["VER-2 holds", 1]]\n// VER-3'
    const untested = findUntestedRules([testFile(text)])
    expect(untested).toEqual(RULE_IDS.filter((id) => id !== 'VER-1' && id !== 'VER-2'))
  })
})
