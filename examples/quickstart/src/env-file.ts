/**
 * Credentials files: `NAME=value` lines, as programs keep them in `.env`. The grammar stands in the
 * README of this example.
 *
 * Names are stored and printed in the clear, so a piece of a value must never become one. Nothing
 * is guessed: an unclear statement is left out. Problems give the number of a line and none of its
 * text, which may be a piece of a private key.
 */
import { needsMoreLines, readValue, skipArmour } from './env-value.js'
import { hasOpenArmour, isOpen } from './open-text.js'

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

/** What a line, and the lines that belong to it, came to. */
type Statement =
  | ({ readonly kind: 'nothing' } & Extent)
  | ({ readonly kind: 'entry'; readonly name: string; readonly value: string } & Extent)
  | ({ readonly kind: 'left-out'; readonly message: string } & Extent)
  /** The lines below may belong to it, so reading ends here. */
  | { readonly kind: 'unbounded'; readonly message: string }

interface Extent {
  readonly lineCount: number
  /** Whether its end is an assumption. */
  readonly isGuess: boolean
}

/** Letters, digits, `_`, `.` and `-`: neither `+`, `/` nor `=`, which Base64 uses. */
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/
const EXPORT = /^export\s+/

/**
 * Reads a credentials file.
 *
 * Where reading ends before the file does, nothing from the last entry above that line on is an
 * entry: that line may be the rest of its value. If the end of an earlier statement was an
 * assumption, that may have been wrong, and nothing from that statement on is an entry either.
 */
export function parseEnvFile(text: string): EnvFile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const found: EnvEntry[] = []
  const problems: EnvProblem[] = []
  let firstGuess = lines.length + 1
  let indent: number | null = null
  for (let index = 0; index < lines.length;) {
    const line = index + 1
    const statement = readStatement(lines, index, indent)
    if (statement.kind === 'unbounded') {
      // The line may be the rest of the last value that was read.
      const from = Math.min(firstGuess, found.at(-1)?.line ?? line)
      const message = `${statement.message}; nothing from line ${from} on is stored`
      return toFile(
        found.filter((entry) => entry.line < from),
        [...problems, { line, message }],
      )
    }
    if (statement.kind === 'entry') {
      found.push({ name: statement.name, value: statement.value, line })
    } else if (statement.kind === 'left-out') {
      problems.push({ line, message: statement.message })
    }
    if (statement.isGuess) firstGuess = Math.min(firstGuess, line)
    if (statement.kind !== 'nothing') indent = indentOf(lines[index] ?? '')
    index += statement.lineCount
  }
  return toFile(found, problems)
}

/** Of entries with one name the last stays. */
function toFile(found: readonly EnvEntry[], problems: readonly EnvProblem[]): EnvFile {
  const entries = new Map<string, EnvEntry>()
  const replaced: EnvProblem[] = []
  for (const entry of found) {
    const earlier = entries.get(entry.name)
    if (earlier !== undefined) {
      replaced.push({ line: earlier.line, message: `replaced by line ${entry.line}` })
      entries.delete(entry.name)
    }
    entries.set(entry.name, entry)
  }
  const all = [...problems, ...replaced].sort((a, b) => a.line - b.line)
  return { entries: [...entries.values()], problems: all }
}

/** @param indent - of the statement before; `null` for the first. */
function readStatement(lines: readonly string[], index: number, indent: number | null): Statement {
  const line = lines[index] ?? ''
  const text = line.trim()
  if (text === '') return pass(false)
  if (text.startsWith('#')) return readComment(lines, index)
  if (indent !== null && indentOf(line) > indent) {
    return unbounded('indented more than the line above, which it may belong to')
  }
  const equals = line.indexOf('=')
  // With no name before it, or with something else, a key in PEM form is still one.
  if (hasOpenArmour(equals === -1 ? line : line.slice(0, equals))) return skipArmour(lines, index)
  if (equals === -1) return unbounded('not of the form NAME=value')
  const name = line.slice(0, equals).trim().replace(EXPORT, '')
  if (isOpen(name)) return unbounded('something is opened before the =')
  const read = readValue(lines, index, equals + 1)
  if (read.kind !== 'value') return read
  const { value, lineCount, isGuess } = read
  if (!NAME.test(name) && !/\s/.test(name) && value === '') {
    return unbounded('an invalid name without a value, which may be the end of a value')
  }
  if (name === '') return leaveOut('no name before the =', { lineCount, isGuess: true })
  if (!NAME.test(name))
    return leaveOut('no name that a variable may have', { lineCount, isGuess: true })
  if (value === '') return leaveOut('the value is empty', read)
  return { kind: 'entry', name, value, lineCount, isGuess }
}

/**
 * A comment is one line. If it opens a value of more lines and these are no comments, its first
 * line alone was commented out, and the lines below are pieces of the value.
 */
function readComment(lines: readonly string[], index: number): Statement {
  const line = lines[index] ?? ''
  const equals = line.indexOf('=')
  const isAssignment = equals !== -1 && NAME.test(nameInComment(line.slice(0, equals)))
  const opens = isAssignment && needsMoreLines(line.slice(equals + 1))
  if (!opens && !hasOpenArmour(line)) return pass(isAssignment)
  const read = opens ? readValue(lines, index, equals + 1) : skipArmour(lines, index)
  const message = 'a comment that opens a value of more lines'
  if (read.kind === 'unbounded') return unbounded(message)
  const covered = lines.slice(index, index + read.lineCount)
  return covered.every((each) => each.trimStart().startsWith('#'))
    ? pass(false)
    : leaveOut(message, { lineCount: read.lineCount, isGuess: true })
}

function nameInComment(text: string): string {
  return text
    .replace(/^[\s#]+/, '')
    .replace(EXPORT, '')
    .trim()
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}

function pass(isGuess: boolean): Statement {
  return { kind: 'nothing', lineCount: 1, isGuess }
}

function leaveOut(message: string, { lineCount, isGuess }: Extent): Statement {
  return { kind: 'left-out', message, lineCount, isGuess }
}

function unbounded(message: string): Statement {
  return { kind: 'unbounded', message }
}
