/**
 * The TypeScript blocks of a page as programs.
 *
 *     ```ts             begins a program, which is compiled and run
 *     ```ts continue    goes on with the one before it
 *     ```ts file=a.ts   is a module that the programs of the page may import, and is not run
 *     ```ts electron    is a program for Electron: compiled against its types, and not run
 */
import type { CodeBlock } from './markdown.js'
import type { Page } from './pages.js'

export interface ExampleProgram {
  /** The page, and the line where the program begins. */
  readonly title: string
  /** A folder of the page's own and a file in it. */
  readonly file: string
  readonly page: string
  /** Padded, so that its lines have the numbers that they have in the page. */
  readonly source: string
  readonly isRun: boolean
  readonly isForElectron: boolean
  /** What it must print: the text of its comments that begin with an arrow, in their order. */
  readonly prints: readonly string[]
}

export function programsOf(page: Page): ExampleProgram[] {
  const folder = page.path.replace(/\.md$/, '').replaceAll('/', '-').toLowerCase()
  const blocks = page.blocks.filter(({ info }) => info[0] === 'ts')
  const groups: CodeBlock[][] = []
  for (const block of blocks) {
    const last = groups.at(-1)
    if (block.info[1] !== 'continue') groups.push([block])
    else if (last === undefined) throw new Error(`${page.path}:${block.line} continues nothing`)
    else last.push(block)
  }
  return groups.map((group) => programOf(page, folder, group))
}

function programOf(page: Page, folder: string, blocks: readonly CodeBlock[]): ExampleProgram {
  const [first] = blocks
  if (first === undefined) throw new Error('a program has a block')
  const [, mark = ''] = first.info
  const name = /^file=([\w.-]+\.ts)$/.exec(mark)?.[1]
  const isForElectron = mark === 'electron'
  if (mark !== '' && name === undefined && !isForElectron) {
    throw new Error(`${page.path}:${first.line} has a mark that means nothing`)
  }
  let source = ''
  let line = 1
  for (const block of blocks) {
    source += '\n'.repeat(block.line - line) + block.text + '\n'
    line = block.line + block.text.split('\n').length
  }
  return {
    title: `${page.path}:${first.line}`,
    file: `${folder}/${name ?? `line-${first.line}.ts`}`,
    page: page.path,
    source,
    isRun: name === undefined && !isForElectron,
    isForElectron,
    prints: [...source.matchAll(/\/\/ → (.*)$/gm)].map(([, text = '']) => text),
  }
}
