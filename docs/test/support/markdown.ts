/** As much of Markdown as these pages use. */

export interface CodeBlock {
  /** The words behind the opening fence, the language first. */
  readonly info: readonly string[]
  readonly text: string
  /** Line of the first line inside, from 1. */
  readonly line: number
}

export interface Heading {
  readonly level: number
  readonly text: string
}

export interface Link {
  readonly target: string
  readonly line: number
}

export interface Markdown {
  readonly blocks: readonly CodeBlock[]
  readonly headings: readonly Heading[]
  readonly links: readonly Link[]
  /** Rows of all tables, as cells without the white space round them. */
  readonly rows: readonly (readonly string[])[]
}

export function parseMarkdown(text: string): Markdown {
  const blocks: CodeBlock[] = []
  const headings: Heading[] = []
  const links: Link[] = []
  const rows: string[][] = []
  const lines = text.split('\n')
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? ''
    const fence = /^```(.*)$/.exec(line)
    if (fence !== null) {
      const end = lines.indexOf('```', i + 1)
      if (end === -1) throw new Error(`a block that begins in line ${i + 1} is never closed`)
      const info = (fence[1] ?? '').trim().split(/\s+/)
      blocks.push({ info, text: lines.slice(i + 1, end).join('\n'), line: i + 2 })
      i = end
      continue
    }
    const heading = /^(#{1,6}) (.+)$/.exec(line)
    if (heading?.[1] !== undefined && heading[2] !== undefined) {
      headings.push({ level: heading[1].length, text: heading[2] })
    }
    if (line.startsWith('|'))
      rows.push(
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
    const prose = line.replace(/`[^`]*`/g, '')
    for (const [, target = ''] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      links.push({ target, line: i + 1 })
    }
  }
  return { blocks, headings, links, rows }
}

/** The anchors of a page as GitHub makes them: repeated headings are numbered. */
export function anchorsOf({ headings }: Markdown): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const { text } of headings) {
    const plain = text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '')
    const slug = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-')
    let anchor = slug
    for (let i = 1; anchors.has(anchor); i += 1) anchor = `${slug}-${i}`
    anchors.add(anchor)
  }
  return anchors
}
