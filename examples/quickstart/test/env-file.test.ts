import { parseEnv } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEnvFile } from '@stagevault/quickstart/env-file'

function valueOf(line: string): string | undefined {
  const { entries, problems } = parseEnvFile(line)
  expect(problems).toEqual([])
  expect(entries).toHaveLength(1)
  return entries[0]?.value
}

describe('parseEnvFile', () => {
  it.each([
    ['A=b', 'b'],
    ['A=', ''],
    ['A =  b  ', 'b'],
    ['export A=b', 'b'],
    ['A=b=c', 'b=c'],
    ['A=b#c', 'b#c'],
    ['A=b #c', 'b'],
    ['A=#b', '#b'],
    ['A= #b', ''],
    ['A="b #c"', 'b #c'],
    ['A="b\\"c"', 'b"c'],
    ["A='b\\nc'", 'b\\nc'],
    ['A="b\\nc"', 'b\nc'],
    ['A="b\\xc"', 'b\\xc'],
    ['A=`b"c\'d`', 'b"c\'d'],
    ['A="b\nc"', 'b\nc'],
    ['A="b\r\nc"', 'b\nc'],
    ['A=$B ${C}', '$B ${C}'],
    ["A=it's", "it's"],
    ['A=b "c"', 'b "c"'],
    ['\uFEFFA=b', 'b'],
    ['export=b', 'b'],
  ])('%j is read as %j', (line, value) => {
    expect(valueOf(line)).toBe(value)
  })

  it.each(['\n', '\r\n', '\r'])('lines end with %j', (end) => {
    const { entries } = parseEnvFile(['A=1', '', '# no', 'B=2', ''].join(end))
    expect(entries).toEqual([
      { name: 'A', value: '1', line: 1 },
      { name: 'B', value: '2', line: 4 },
    ])
  })

  it('goes on behind a quote that is never closed', () => {
    const { entries, problems } = parseEnvFile('A="b\nB=c')
    expect(entries).toEqual([{ name: 'B', value: 'c', line: 2 }])
    expect(problems).toEqual([{ line: 1, message: 'a quote is opened and never closed' }])
  })

  it('does not take the lines of a bare key for names', () => {
    const block = ['K=-----BEGIN KEY-----', 'YWJj=', 'ZGVm=', '-----END KEY-----', 'B=c']
    const { entries, problems } = parseEnvFile(block.join('\n'))
    expect(entries).toEqual([{ name: 'B', value: 'c', line: 5 }])
    expect(problems.map(({ line }) => line)).toEqual([1])
    expect(parseEnvFile(block.slice(0, 3).join('\n')).entries).toEqual([])
  })

  it('reads what Node reads, where both are clear', () => {
    const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,9}$/)
    const value = fc.stringMatching(/^[a-zA-Z0-9 =:/@.+$-]{0,20}$/).map((text) => text.trim())
    const quoted = fc
      .tuple(value, fc.constantFrom('"', "'", '`', ''))
      .map(([text, quote]) => quote + text + quote)
    const file = fc.array(fc.tuple(name, quoted, fc.constantFrom('', 'export ')), { maxLength: 8 })
    fc.assert(
      fc.property(file, (lines) => {
        const text = lines.map(([key, item, prefix]) => `${prefix}${key}=${item}\n`).join('')
        const { entries } = parseEnvFile(text)
        const own = Object.fromEntries(entries.map((entry) => [entry.name, entry.value]))
        expect(own).toEqual({ ...parseEnv(text) })
      }),
    )
  })

  it('takes any text without failing, and tells lines that exist', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(
          fc.constantFrom(
            'A',
            '=',
            '"',
            "'",
            '`',
            '\\',
            '\n',
            '\r',
            '#',
            ' ',
            'export ',
            '-----BEGIN ',
            '-----END ',
          ),
        ),
        (noise, parts) => {
          const text = parts.join('') + noise
          const lineCount = text.split(/\r\n|\n|\r/).length
          const { entries, problems } = parseEnvFile(text)
          for (const { line } of [...entries, ...problems]) {
            expect(line).toBeGreaterThanOrEqual(1)
            expect(line).toBeLessThanOrEqual(lineCount)
          }
          expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length)
        },
      ),
    )
  })
})
