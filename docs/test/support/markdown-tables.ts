/** Tables of a Markdown document, with the heading that they stand under. */

export interface MarkdownTable {
  readonly heading: string
  readonly columns: readonly string[]
  /** Cells by column; without the backticks of code. */
  readonly rows: readonly Readonly<Record<string, string>>[]
}

export function readTables(markdown: string): MarkdownTable[] {
  const tables: MarkdownTable[] = []
  let heading = ''
  let block: string[] = []
  const finish = (): void => {
    const [first, , ...rest] = block.map(cellsOf)
    if (first !== undefined) tables.push(tableOf(heading, first, rest))
    block = []
  }
  for (const line of [...markdown.split('\n'), '']) {
    if (line.startsWith('|')) {
      block.push(line)
      continue
    }
    finish()
    const title = /^#+ (.*)$/.exec(line)?.[1]
    if (title !== undefined) heading = title
  }
  return tables
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''))
}

function tableOf(heading: string, columns: string[], lines: string[][]): MarkdownTable {
  const rows = lines.map((cells) =>
    Object.fromEntries(columns.map((column, i): [string, string] => [column, cells[i] ?? ''])),
  )
  return { heading, columns, rows }
}

/** The one table with this column under this heading. */
export function tableUnder(markdown: string, heading: string, column: string): MarkdownTable {
  const [table, ...others] = readTables(markdown).filter(
    (each) => each.heading === heading && each.columns.includes(column),
  )
  if (table === undefined || others.length > 0) {
    throw new Error(`there is not one table with ${column} under ${heading}`)
  }
  return table
}
