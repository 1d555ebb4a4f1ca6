/** Values of a credentials file: what stands behind the `=`, and on which line it ends. */
import { countOf, hasOpenArmour, isPlain, whyOpen } from './open-text.js'

export type ReadValue = Value | LeftOut | Unbounded

interface Value {
  readonly kind: 'value'
  readonly value: string
  readonly lineCount: number
  /** Whether another reader could find that it goes on below. */
  readonly isGuess: boolean
}

/** A form that is not read, and that ends where such a form usually does. */
interface LeftOut {
  readonly kind: 'left-out'
  readonly message: string
  readonly lineCount: number
  readonly isGuess: true
}

/** No line below is known not to belong to the value. */
interface Unbounded {
  readonly kind: 'unbounded'
  readonly message: string
}

const REST_OF_ARMOUR_END = /--\s*END\b[^-]*-*(.*)$/
/** What may stand behind a value in some notation without belonging to it. */
const CLOSING_MARKS = /^['"`,;)\]}\s\\]*$/
const HERE_DOCUMENT = /<<([-~]?)\s*(['"]?)(\w+)\2/
const HERE_STRING = /@(['"])$/

/** Reads the value that begins in `column` of the line at `index`. */
export function readValue(lines: readonly string[], index: number, column: number): ReadValue {
  const raw = (lines[index] ?? '').slice(column)
  const quote = openingQuote(raw)
  if (quote === null) return readBare(lines, index, raw)
  const marks = quote.repeat(3)
  return raw.trimStart().startsWith(marks)
    ? skipTripled(lines, index, column, marks)
    : readQuoted(lines, index, column, quote)
}

/** Whether what stands behind an `=` is a value that certainly goes on in the next line. */
export function needsMoreLines(raw: string): boolean {
  const quote = openingQuote(raw)
  if (quote === null) {
    return hasOpenArmour(raw) || HERE_DOCUMENT.test(raw) || HERE_STRING.test(raw.trim())
  }
  const inside = raw.trimStart().slice(1)
  const marks = quote.repeat(2)
  return inside.startsWith(marks)
    ? !inside.slice(marks.length).includes(quote + marks)
    : endOfQuoted(inside, 0, quote) === -1
}

function openingQuote(raw: string): string | null {
  return /^\s*(['"`])/.exec(raw)?.[1] ?? null
}

/** Without quotes: one line that nothing in it continues. */
function readBare(lines: readonly string[], index: number, raw: string): ReadValue {
  if (hasOpenArmour(raw)) return skipArmour(lines, index)
  if (raw.includes('<<')) return skipHereDocument(lines, index, raw)
  const comment = raw.search(/\s#/)
  const text = (comment === -1 ? raw : raw.slice(0, comment)).trim()
  const hereString = HERE_STRING.exec(text)?.[1]
  if (hereString !== undefined) return skipHereString(lines, index, `${hereString}@`)
  const message = whyOpen(text)
  if (message !== null) return { kind: 'unbounded', message }
  if (raw.trimEnd().endsWith('\\')) return skipContinued(lines, index)
  if (text.startsWith('<')) return leaveOut('a value that begins with < and has no quotes', 1)
  return { kind: 'value', value: text, lineCount: 1, isGuess: !isPlain(text) }
}

/** Passes over such a key that no quotes hold together, with its last line. */
export function skipArmour(lines: readonly string[], index: number): LeftOut | Unbounded {
  return skipTo(
    lines,
    index,
    'a key that needs quotes round it',
    (line) => REST_OF_ARMOUR_END.exec(line)?.[1] ?? null,
  )
}

function skipHereDocument(lines: readonly string[], index: number, raw: string): ReadValue {
  const [, indented, , word] = HERE_DOCUMENT.exec(raw) ?? []
  if (word === undefined) return { kind: 'unbounded', message: 'a << in a value without quotes' }
  return skipTo(lines, index, 'a here-document, which is not read', (line) =>
    (indented === '' ? line : line.trim()) === word ? '' : null,
  )
}

function skipHereString(lines: readonly string[], index: number, end: string): ReadValue {
  return skipTo(lines, index, 'a here-string, which is not read', (line) =>
    line.startsWith(end) ? line.slice(end.length) : null,
  )
}

function skipContinued(lines: readonly string[], index: number): ReadValue {
  const message = 'a value that a backslash continues, which is not read'
  return skipTo(lines, index, message, (line) => (line.trimEnd().endsWith('\\') ? null : ''))
}

/**
 * Passes over the lines up to the one in which the value ends.
 *
 * @param behindEnd - gives what stands behind the end of the value, or `null` for other lines.
 */
function skipTo(
  lines: readonly string[],
  index: number,
  message: string,
  behindEnd: (line: string) => string | null,
): LeftOut | Unbounded {
  for (let i = index + 1; i < lines.length; i += 1) {
    const rest = behindEnd(lines[i] ?? '')
    if (rest === null) continue
    return CLOSING_MARKS.test(rest)
      ? leaveOut(message, i - index + 1)
      : { kind: 'unbounded', message: `${message}, with text behind its end` }
  }
  return { kind: 'unbounded', message: `${message} and does not end` }
}

function skipTripled(
  lines: readonly string[],
  index: number,
  column: number,
  marks: string,
): ReadValue {
  const message = 'a value in three quotes, which is not read'
  const first = (lines[index] ?? '').slice(column).trimStart().slice(marks.length)
  for (let i = index; i < lines.length; i += 1) {
    const line = i === index ? first : (lines[i] ?? '')
    const end = line.indexOf(marks)
    if (end === -1) continue
    return /^[,;]*\s*(?:#.*)?$/.test(line.slice(end + marks.length).trim())
      ? leaveOut(message, i - index + 1)
      : { kind: 'unbounded', message: `${message}, with text behind its end` }
  }
  return { kind: 'unbounded', message: `${message} and does not end` }
}

function readQuoted(
  lines: readonly string[],
  index: number,
  column: number,
  quote: string,
): ReadValue {
  const parts: string[] = []
  let start = (lines[index] ?? '').indexOf(quote, column) + 1
  for (let i = index; i < lines.length; i += 1) {
    const line = lines[i] ?? ''
    const end = endOfQuoted(line, start, quote)
    if (end === -1) {
      parts.push(line.slice(start))
      start = 0
      continue
    }
    parts.push(line.slice(start, end))
    return closeQuoted(parts.join('\n'), quote, line.slice(end + 1), i - index + 1)
  }
  return { kind: 'unbounded', message: 'a quote is opened and never closed' }
}

/** Judges by what stands behind a quote whether it closed the value or is a part of it. */
function closeQuoted(inside: string, quote: string, rest: string, lineCount: number): ReadValue {
  if (quote !== '"' && inside.endsWith('\\')) {
    return { kind: 'unbounded', message: 'a backslash stands before the closing quote' }
  }
  // Behind several lines `#fff"` is no comment: the quote before it opened another value.
  const isValue = lineCount > 1 && (/^;?#/.test(rest) || countOf(rest, quote) % 2 === 1)
  if (!isValue && /^;?\s*(?:#.*)?$/.test(rest.trim())) {
    // The quote may have closed something: `abcd="` is the last line of a text in Base64.
    if (/^\s*(?:\n|[,;)\]}+])/.test(inside)) {
      return leaveOut('a line end or a closing mark stands behind the opening quote', lineCount)
    }
    const value = quote === '"' ? unescapeText(inside) : inside
    return { kind: 'value', value, lineCount, isGuess: false }
  }
  const message = 'something stands behind the closing quote'
  if (/^[,;]+\s*(?:#.*)?$/.test(rest.trim())) return leaveOut(message, lineCount)
  return { kind: 'unbounded', message }
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

function leaveOut(message: string, lineCount: number): LeftOut {
  return { kind: 'left-out', message, lineCount, isGuess: true }
}
