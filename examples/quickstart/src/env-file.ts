/**
 * Credentials files: `NAME=value` lines, as programs keep them in `.env`.
 *
 * Problems name a line and never quote it: a line that is not understood may be a piece of a
 * private key. For the same reason nothing is guessed; what is not clear is left out and told.
 */

export interface EnvEntry {
  readonly name: string
  readonly value: string
  /** From 1. */
  readonly line: number
}

export interface EnvProblem {
  readonly line: number
  readonly message: string
}

export interface EnvFile {
  /** Names are distinct: of repeated ones the last counts. */
  readonly entries: readonly EnvEntry[]
  /** In order of line. */
  readonly problems: readonly EnvProblem[]
}

/** What one statement came to, and how many lines it took. */
interface Statement {
  readonly entry: Omit<EnvEntry, 'line'> | null
  readonly problem: string | null
  readonly lineCount: number
}

/**
 * Reads a credentials file.
 *
 * - Blank lines and lines that begin with `#` say nothing; `export` before a name is dropped.
 * - The first `=` ends the name; later ones belong to the value.
 * - Without quotes white space round the value is dropped, and ` #` begins a comment.
 * - Quotes are ', " and `. What they hold may go over several lines; between double quotes `\n`,
 *   `\r`, `\t`, `\"` and `\\` stand for the characters they stand for everywhere.
 * - Nothing is expanded: `$OTHER` stays as it is.
 */
export function parseEnvFile(text: string): EnvFile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const entries = new Map<string, EnvEntry>()
  const problems: EnvProblem[] = []
  let index = 0
  while (index < lines.length) {
    const line = index + 1
    const { entry, problem, lineCount } = readStatement(lines, index)
    if (problem !== null) problems.push({ line, message: problem })
    if (entry !== null) {
      const earlier = entries.get(entry.name)
      if (earlier !== undefined) {
        problems.push({ line: earlier.line, message: `replaced by line ${line}` })
        entries.delete(entry.name)
      }
      entries.set(entry.name, { ...entry, line })
    }
    index += lineCount
  }
  problems.sort((a, b) => a.line - b.line)
  return { entries: [...entries.values()], problems }
}

function readStatement(lines: readonly string[], index: number): Statement {
  const line = (lines[index] ?? '').trim()
  if (line === '' || line.startsWith('#')) return { entry: null, problem: null, lineCount: 1 }
  const equals = line.indexOf('=')
  const raw = equals === -1 ? line : line.slice(equals + 1)
  if (beginsBlock(raw)) return skipBlock(lines, index)
  if (equals === -1) return complain('not of the form NAME=value')
  const name = line
    .slice(0, equals)
    .trim()
    .replace(/^export\s+/, '')
  if (name === '') return complain('no name before the =')
  const quote = raw.trimStart().charAt(0)
  if (quote !== '' && '\'"`'.includes(quote)) return readQuoted(lines, index, name, quote)
  return { entry: { name, value: withoutComment(raw) }, problem: null, lineCount: 1 }
}

function complain(problem: string, lineCount = 1): Statement {
  return { entry: null, problem, lineCount }
}

function withoutComment(raw: string): string {
  const comment = raw.search(/\s#/)
  return (comment === -1 ? raw : raw.slice(0, comment)).trim()
}

/** A key in PEM form that goes on below, with no quotes to hold it together. */
function beginsBlock(raw: string): boolean {
  return /^\s*-----BEGIN /.test(raw) && !raw.includes('-----END ')
}

/** Its lines end in `=` and would pass for names, which are kept in the clear. */
function skipBlock(lines: readonly string[], index: number): Statement {
  const end = lines.findIndex((line, i) => i > index && line.includes('-----END '))
  const lineCount = (end === -1 ? lines.length - 1 : end) - index + 1
  return complain(`a key of ${lineCount} lines that needs quotes round it`, lineCount)
}

function readQuoted(
  lines: readonly string[],
  index: number,
  name: string,
  quote: string,
): Statement {
  const first = lines[index] ?? ''
  const parts: string[] = []
  let start = first.indexOf(quote, first.indexOf('=')) + 1
  for (let i = index; i < lines.length; i += 1) {
    const line = lines[i] ?? ''
    const end = endOfQuoted(line, start, quote)
    if (end === -1) {
      parts.push(line.slice(start))
      start = 0
      continue
    }
    if (!/^\s*(#.*)?$/.test(line.slice(end + 1))) {
      return complain('something stands behind the closing quote')
    }
    parts.push(line.slice(start, end))
    const inside = parts.join('\n')
    const value = quote === '"' ? unescapeText(inside) : inside
    return { entry: { name, value }, problem: null, lineCount: i - index + 1 }
  }
  return complain('a quote is opened and never closed')
}

/** Where the quote closes in `line`, or -1. Only double quotes have a way to hold themselves. */
function endOfQuoted(line: string, start: number, quote: string): number {
  if (quote !== '"') return line.indexOf(quote, start)
  for (let i = start; i < line.length; i += 1) {
    const char = line.charAt(i)
    if (char === '\\') i += 1
    else if (char === quote) return i
  }
  return -1
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  '\\': '\\',
}

function unescapeText(text: string): string {
  return text.replace(/\\([nrt"\\])/g, (whole, char: string) => ESCAPES[char] ?? whole)
}
