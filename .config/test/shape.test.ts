import { describe, expect, it } from 'vitest'
import {
  findLongFiles,
  findLongFunctions,
  findLongLines,
  findVagueExports,
  listLargeFiles,
} from './shape.js'
import { listShortSources } from './short-sources.js'
import { parseSource } from './source-files.js'

const SOURCE = 'packages/core/src/a.ts'
const TEST = 'packages/core/test/a.test.ts'

function lines(count: number): string {
  return 'call()\n'.repeat(count)
}

describe('files', () => {
  it('may have 300 lines in the sources of a package, elsewhere 400', () => {
    expect(findLongFiles([{ path: SOURCE, text: lines(300) }])).toEqual([])
    expect(findLongFiles([{ path: SOURCE, text: lines(301) }])).toHaveLength(1)
    expect(findLongFiles([{ path: TEST, text: lines(400) }])).toEqual([])
    expect(findLongFiles([{ path: TEST, text: lines(401) }])).toHaveLength(1)
  })

  it('are short under 80 lines, if they are sources of a published package', () => {
    expect(listShortSources([{ path: SOURCE, text: lines(80) }])).toEqual([])
    expect(listShortSources([{ path: SOURCE, text: lines(79) }])).toEqual(['core/src/a.ts'])
    const others = [TEST, 'packages/browser-engines/src/a.ts', '.config/a.mjs']
    expect(listShortSources(others.map((path) => ({ path, text: '' })))).toEqual([])
  })

  it('are listed from 301 lines', () => {
    expect(listLargeFiles([{ path: TEST, text: lines(300) }])).toEqual([])
    expect(listLargeFiles([{ path: TEST, text: lines(301) }])).toEqual([`${TEST} has 301 lines`])
  })
})

describe('functions', () => {
  const forms: [string, (body: string) => string][] = [
    ['a declaration', (body) => `function a() {\n${body}}`],
    ['an arrow', (body) => `const a = () => {\n${body}}`],
    ['a method', (body) => `class A { a() {\n${body}} }`],
  ]

  it.each(forms)('%s may have 70 lines and no more', (_, write) => {
    expect(findLongFunctions([parseSource(SOURCE, write(lines(68)))])).toEqual([])
    expect(findLongFunctions([parseSource(SOURCE, write(lines(69)))])).toHaveLength(1)
  })

  it('of tests may be longer, those of the conformance suite may not', () => {
    const text = `describe('a', () => {\n${lines(90)}})`
    const suite = 'packages/storage/src/conformance/races.ts'
    expect(findLongFunctions([parseSource(TEST, text)])).toEqual([])
    expect(findLongFunctions([parseSource(suite, text)])).toHaveLength(1)
  })

  it('of pages and generators may have 95 lines', () => {
    const view = 'examples/browser-vault/src/views/list-view.ts'
    expect(findLongFunctions([parseSource(view, `function a() {\n${lines(93)}}`)])).toEqual([])
    expect(findLongFunctions([parseSource(view, `function a() {\n${lines(94)}}`)])).toHaveLength(1)
  })

  it('are counted without the comment above them', () => {
    const text = `/**\n${' * why\n'.repeat(90)} */\nfunction a() {}`
    expect(findLongFunctions([parseSource(SOURCE, text)])).toEqual([])
  })
})

describe('lines', () => {
  it('may have 100 columns and no more', () => {
    expect(findLongLines([{ path: SOURCE, text: 'x'.repeat(100) }])).toEqual([])
    expect(findLongLines([{ path: SOURCE, text: `\n${'x'.repeat(101)}` }])).toEqual([
      `${SOURCE}:2 has 101 columns`,
    ])
  })

  it('may be longer for an address and in tests', () => {
    const address = `// https://example.org/${'x'.repeat(101)}`
    expect(findLongLines([{ path: SOURCE, text: address }])).toEqual([])
    expect(findLongLines([{ path: TEST, text: 'x'.repeat(101) }])).toEqual([])
  })
})

describe('exports', () => {
  it.each([
    "export * from './a.js'",
    "export * as a from './a.js'",
    'export default 1',
    'export default function a() {}',
    'export { a as default }',
    'export = a',
  ])('%s is vague', (text) => {
    expect(findVagueExports([parseSource(SOURCE, text)])).toHaveLength(1)
  })

  it.each([
    "export { a, type B } from './a.js'",
    'export const a = 1',
    'export {}',
    'switch (a) { default: b() }',
  ])('%s is not', (text) => {
    expect(findVagueExports([parseSource(SOURCE, text)])).toEqual([])
  })
})
