import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'

/** A file of the repository. The path is relative to its top, with `/` on every platform. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

/** A TypeScript file and its syntax tree. */
export interface SourceFile extends TextFile {
  readonly tree: ts.SourceFile
}

/** Everything that is or will be tracked: what is there, less what `.gitignore` names. */
export function readRepository(root: URL): TextFile[] {
  const isIgnored = parseIgnoreFile(readFileSync(new URL('.gitignore', root), 'utf8'))
  const files: TextFile[] = []
  const visit = (folder: string): void => {
    for (const entry of readdirSync(new URL(folder, root), { withFileTypes: true })) {
      const path = folder + entry.name
      if (path === '.git' || isIgnored(path, entry.isDirectory())) continue
      if (entry.isDirectory()) visit(`${path}/`)
      else files.push({ path, text: readFileSync(new URL(path, root), 'utf8') })
    }
  }
  visit('')
  return files.sort((left, right) => (left.path < right.path ? -1 : 1))
}

export function parseSource(path: string, text: string): SourceFile {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) }
}

/** What is published: `packages/<name>/src`. */
export function isPackageSource({ path }: TextFile): boolean {
  return /^packages\/[^/]+\/src\//.test(path)
}

/** Tests and what only tests use, the suite that adapters run among it. */
export function isTest({ path }: TextFile): boolean {
  return /(^|\/)test\//.test(path) || path.startsWith('packages/storage/src/conformance/')
}

/** Line number (from 1) and path of a node, as compilers print it. */
export function place(file: SourceFile, node: ts.Node): string {
  const { line } = file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree))
  return `${file.path}:${line + 1}`
}

export function visitNodes(file: SourceFile, visit: (node: ts.Node) => void): void {
  const visitAll = (node: ts.Node): void => {
    visit(node)
    ts.forEachChild(node, visitAll)
  }
  visitAll(file.tree)
}

/**
 * The part of the ignore syntax that this repository uses: names, `*`, `**`, a folder's trailing
 * slash, a path with a slash inside, and `!` to take a name back. The last match decides.
 */
export function parseIgnoreFile(text: string): (path: string, isFolder: boolean) => boolean {
  const rules = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseIgnoreLine)
  return (path, isFolder) =>
    rules.findLast((rule) => (isFolder || !rule.foldersOnly) && rule.pattern.test(path))?.ignores ??
    false
}

interface IgnoreRule {
  readonly ignores: boolean
  readonly foldersOnly: boolean
  readonly pattern: RegExp
}

function parseIgnoreLine(line: string): IgnoreRule {
  const name = line.replace(/^!/, '').replace(/\/$/, '')
  const start = name.includes('/') ? '^' : '(^|/)'
  const body = name
    .replace(/^\//, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*/g, (star) => (star === '*' ? '[^/]*' : '(.*/)?'))
  return {
    ignores: !line.startsWith('!'),
    foldersOnly: line.endsWith('/'),
    pattern: new RegExp(`${start}${body}$`),
  }
}
