import { parseEnv } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEnvFile } from '@stagevault/quickstart/env-file'

/** Names and problems of a file, the latter by line. */
function outline(lines: readonly string[]): { names: string[]; problems: [number, string][] } {
  const { entries, problems } = parseEnvFile(lines.join('\n'))
  return {
    names: entries.map(({ name }) => name),
    problems: problems.map(({ line, message }) => [line, message]),
  }
}

describe('a value', () => {
  it.each([
    ['A=b', 'b'],
    ['A =  b  ', 'b'],
    ['export A=b', 'b'],
    ['A=b=c', 'b=c'],
    ['A=b#c', 'b#c'],
    ['A=b #c', 'b'],
    ['A=#b', '#b'],
    ['A="b #c"', 'b #c'],
    ['A="b" # c', 'b'],
    ['A="b";', 'b'],
    ['A="b\\"c"', 'b"c'],
    ["A='b\\nc'", 'b\\nc'],
    ['A="b\\nc"', 'b\nc'],
    ['A="b\\xc"', 'b\\xc'],
    ['A=`b"c\'d`', 'b"c\'d'],
    ['A="b\nc"', 'b\nc'],
    ['A="b\r\nc"', 'b\nc'],
    ['A=$B ${C}', '$B ${C}'],
    ['A={"b":["c"]}', '{"b":["c"]}'],
    ['A=b "c"', 'b "c"'],
    ['A=b)c', 'b)c'],
    ['A="/"', '/'],
    ["A='*'", '*'],
    ['A=/srv', '/srv'],
    ['A=~/.ssh/id', '~/.ssh/id'],
    ['A=*.example.com', '*.example.com'],
    ['A=*/5 * * * *', '*/5 * * * *'],
    ['A=0 3 * * *', '0 3 * * *'],
    ['A=postgres://me:p%40ss@host:5432/db?ssl=1', 'postgres://me:p%40ss@host:5432/db?ssl=1'],
    ['A=p@ssw0rd!', 'p@ssw0rd!'],
    ['A=!Pa$$w0rd%', '!Pa$$w0rd%'],
    ['A=$$escaped', '$$escaped'],
    ['A=q/b', 'q/b'],
    ['A=#fff', '#fff'],
    ['A=@scope/part', '@scope/part'],
    ['A=&b', '&b'],
    ['A=-1', '-1'],
    ['A=+49 30', '+49 30'],
    ['A=$2b$10$N9qo8uLOickgx2ZMRZoMye', '$2b$10$N9qo8uLOickgx2ZMRZoMye'],
    ['A=$6$./salt$b', '$6$./salt$b'],
    ['A=$argon2id$v=19$m=65536', '$argon2id$v=19$m=65536'],
    ['A=%d', '%d'],
    ['A=3D0', '3D0'],
    ['A=b(c', 'b(c'],
    ['A=ssh-rsa AAAAB3Nz== me@host', 'ssh-rsa AAAAB3Nz== me@host'],
    ['A=YWJjZA==', 'YWJjZA=='],
    ['  A=b', 'b'],
    ['a.b-c=d', 'd'],
    ['\uFEFFA=b', 'b'],
    ['export=b', 'b'],
  ])('%j is read as %j', (text, value) => {
    const { entries, problems } = parseEnvFile(text)
    expect(problems).toEqual([])
    expect(entries.map((entry) => entry.value)).toEqual([value])
  })

  it.each(['\n', '\r\n', '\r'])('lines end with %j', (end) => {
    const { entries } = parseEnvFile(['A=1', '', '# no', 'B=2', ''].join(end))
    expect(entries).toEqual([
      { name: 'A', value: '1', line: 1 },
      { name: 'B', value: '2', line: 4 },
    ])
  })

  it('is what Node reads, where both are clear', () => {
    const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,9}$/)
    const value = fc
      .stringMatching(/^[:/@.-]?[a-zA-Z0-9][a-zA-Z0-9 =:/@.+$-]{0,20}$/)
      .map((text) => text.trim())
      .filter((text) => !text.startsWith('3D'))
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
})

describe('a statement of one line that is left out', () => {
  it.each([
    ['A=', 'the value is empty'],
    ['A= #b', 'the value is empty'],
    ['A=""', 'the value is empty'],
    ['=b', 'no name before the ='],
    ['a b=c', 'no name that a variable may have'],
    ['set A=c', 'no name that a variable may have'],
    ['YWJj/ZGVm=x', 'no name that a variable may have'],
    ['A="b",', 'something stands behind the closing quote'],
    ['A="""b"""', 'a value in three quotes, which is not read'],
    ['A=<b>', 'a value that begins with < and has no quotes'],
  ])('%j: the lines behind it are read', (text, message) => {
    expect(outline([text, 'B=c'])).toEqual({ names: ['B'], problems: [[1, message]] })
  })
})

describe('a value of several lines that is left out', () => {
  it.each([
    ['a key', ['K=-----BEGIN KEY-----', 'YWJj=', '-----END KEY-----']],
    ['a key without a name', ['-----BEGIN KEY-----', 'YWJj=', '-----END KEY-----']],
    ['a four-dash header', ['K=---- BEGIN KEY ----', 'YWJj=', '---- END KEY ----']],
    ['a key in other quotes', ["K=$'-----BEGIN KEY-----", 'YWJj=', "-----END KEY-----'"]],
    ['three quotes', ['K="""', 'YWJj=', '"""']],
    ['a here-document', ['K=<<EOF', 'YWJj=x', 'EOF']],
    ['an indented here-document', ["K=<<-'EOF'", '\tYWJj=x', '\tEOF']],
    ['a here-string', ['$K = @"', 'YWJj=x', '"@']],
    ['continued lines', ['K=ab\\', 'cd\\ ', 'YWJj=x']],
    ['a line end behind the quote', ['K="', 'YWJj=x', '"']],
    ['a comma behind', ['K="ab', 'YWJj=x', '",']],
    ['a comment on its first line', ['# K="ab', 'YWJj=x', '"']],
  ])('%s: the lines behind it are read', (_what, lines) => {
    const { names, problems } = outline([...lines, 'B=c'])
    expect(names).toEqual(['B'])
    expect(problems.map(([line]) => line)).toEqual([1])
  })

  it('is passed over in comments without a word', () => {
    const lines = ['# K="-----BEGIN KEY-----', '# YWJj=', '# -----END KEY-----"', 'B=c']
    expect(outline(lines)).toEqual({ names: ['B'], problems: [] })
    expect(outline(["# don't", '# A="b" or "c"', '# a (b', 'B=c']).names).toEqual(['B'])
  })
})

describe('reading ends', () => {
  it.each([
    ['a line without =', ['hunter2']],
    ['a quote that is never closed', ['K="b']],
    ['a quote that another value closes', ['K="b', 'C="d"']],
    ['text behind a closing quote', ['K="b" c']],
    ['text behind a quote of several lines', ['K="b', 'c" d']],
    ['a number sign behind a quote of several lines', ['YWJjZDE="/', 'COLOUR="#fff"']],
    ['a quote in a comment behind several lines', ['YWJjZDE="/', 'D=" #fff"']],
    ['an escaped quote where none can be', ["K='b\\'"]],
    ['a key without an end', ['K=-----BEGIN KEY-----', 'YWJj=']],
    ['text behind the end of a key', ['K=-----BEGIN K-----', '-----END K----- x']],
    ['three quotes without an end', ['K="""b"']],
    ['a here-document without an end', ['K=<<EOF', 'b']],
    ['a here-document of no form', ['K=<<']],
    ['a here-string without an end', ["K=@'", 'b']],
    ['an odd quote', ["K=it's"]],
    ['an open bracket', ['K={']],
    ['%{', ['K=%{b']],
    ['the last line of Base64', ['YWJjZA==']],
    ['the last line of Base64 with a mark behind it', ['YWJjZDE=,']],
    ['the last line of Base64 with a slash behind it', ['YWJjZDE=/;']],
    ['the last line of Base64 with a mark and words', ['YWJjZDE=$$ LANGUAGE sql;']],
    ['the last line of Base64 with a tag', ['YWJjZDE=$tag$;']],
    ['the last line of Base64 with =3D', ['YWJjZDE=3D=3D']],
    ['the last line of Base64 with a reference', ['YWJjZDE=&#34;']],
    ['a name of Base64 without a value', ['YWJ/ZDE=']],
    ['= alone', ['=']],
    ['the last line of Base64 with the end of a key', ['YWJjZDE=-----END KEY-----']],
    ['a quote before the =', ['set "K=b']],
    ['<< before the =', ['cat <<E >a=b']],
    ['a block scalar', ['K: |', '  b']],
    ['a block scalar behind =', ['K=|', '  b']],
    ['an indented line', ['K=b', '  C=d']],
    ['a comment that opens a quote', ['# K="b', 'c']],
  ])('at %s', (_what, lines) => {
    const { names, problems } = outline(['A=1', 'ABOVE="2"', ...lines, 'LAST=2'])
    expect(names.filter((name) => name !== 'ABOVE')).toEqual(['A'])
    expect(problems).toHaveLength(1)
    expect(problems[0]?.[1]).toMatch(/; nothing from line [23] on is stored$/)
  })

  it('and takes back the last value above, which the line may belong to', () => {
    const { names, problems } = outline(['A=1', 'K=b', '# c', 'C=', 'hunter2', 'D=3'])
    expect(names).toEqual(['A'])
    expect(problems[1]?.[1]).toBe('not of the form NAME=value; nothing from line 2 on is stored')
  })

  it('and takes back a value that another reader would have found to go on', () => {
    const { names, problems } = outline(['A=1', 'K=f(b', 'C=3', ')'])
    expect(names).toEqual(['A'])
    expect(problems[0]?.[1]).toBe('not of the form NAME=value; nothing from line 2 on is stored')
  })

  it('and takes back what a comment may have opened', () => {
    expect(outline(['A=1', '# K=«b', 'C=3', 'd»']).names).toEqual(['A'])
  })

  it('and takes back what stands behind a statement whose end was an assumption', () => {
    const { names, problems } = outline(['A=1', 'A="2', '",', 'A=3', 'hunter2', 'C=4'])
    expect(names).toEqual(['A'])
    expect(problems).toEqual([
      [2, 'something stands behind the closing quote'],
      [5, 'not of the form NAME=value; nothing from line 2 on is stored'],
    ])
  })
})

it('any text is read without failing, and lines that are told exist', () => {
  const parts = ['A', '=', '"', "'", '`', '\\', '\n', '\r', '#', ' ', 'export ', '<<E', '@"', '"@']
  const armour = ['-----BEGIN ', '-----END ', '---- BEGIN']
  const part = fc.constantFrom(...parts, ...armour)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(part), (noise, chosen) => {
      const text = chosen.join('') + noise
      const lineCount = text.split(/\r\n|\n|\r/).length
      const { entries, problems } = parseEnvFile(text)
      for (const { line } of [...entries, ...problems]) {
        expect(line).toBeGreaterThanOrEqual(1)
        expect(line).toBeLessThanOrEqual(lineCount)
      }
      expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length)
    }),
  )
})
