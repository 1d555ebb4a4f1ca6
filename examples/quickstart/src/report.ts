/** What a person sees: sections, columns, and what was checked. */

export interface Report {
  /** Columns that a line may have. */
  readonly width: number
  title(text: string): void
  section(text: string): void
  line(text?: string): void
  /** Rows of cells in aligned columns. */
  table(rows: readonly (readonly string[])[]): void
  /** Something a person should know that is no failure. */
  notice(text: string): void
  /** Says whether what must hold does, and counts it. */
  check(text: string, holds: boolean): void
  readonly paint: Paint
  /** What was checked so far. */
  totals(): Totals
}

export interface Totals {
  readonly held: number
  readonly failed: number
}

/** Text with an emphasis, or as it is where there are no colours. */
export type Paint = (emphasis: Emphasis, text: string) => string
export type Emphasis = 'strong' | 'faint' | 'good' | 'bad' | 'note'

const CODES: Readonly<Record<Emphasis, string>> = {
  strong: '1',
  faint: '2',
  good: '32',
  bad: '31',
  note: '33',
}

const INDENT = '  '
const GAP = '   '
const WIDTH_USUAL = 80
const WIDTH_MAX = 100

/** The part of a stream that is written to. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Colours are for terminals, and not for those who asked for none (no-color.org). */
export function wantsColour(
  output: Output,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const refused = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb'
  return output.isTTY === true && !refused
}

export function createReport(output: Output, hasColour: boolean): Report {
  let held = 0
  let failed = 0
  const paint: Paint = (emphasis, text) =>
    hasColour ? `\u001B[${CODES[emphasis]}m${text}\u001B[0m` : text
  const line = (text = ''): void => {
    output.write(`${text}\n`)
  }
  return {
    width: widthOf(output),
    paint,
    title(text) {
      line(paint('strong', text))
    },
    section(text) {
      line()
      line(paint('strong', text))
      line()
    },
    line(text = '') {
      line(text === '' ? '' : INDENT + text)
    },
    table(rows) {
      for (const row of alignColumns(rows)) line(INDENT + row)
    },
    notice(text) {
      line(`${INDENT}${paint('note', '!')} ${text}`)
    },
    check(text, holds) {
      if (holds) held += 1
      else failed += 1
      line(`${INDENT}${holds ? paint('good', '✓') : paint('bad', '✗ FAILED:')} ${text}`)
    },
    totals: () => ({ held, failed }),
  }
}

/** A terminal that does not know its width says 0. */
function widthOf({ columns = 0 }: Output): number {
  return columns > 0 ? Math.min(columns, WIDTH_MAX) : WIDTH_USUAL
}

/** Each row as one line, its cells padded to the widest of their column. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  }
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join(GAP)
      .trimEnd(),
  )
}

/** A name cut to fit a column. */
export function shorten(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 1)}…`
}
