import ts from 'typescript'
import {
  isPackageSource,
  isTest,
  place,
  visitNodes,
  type SourceFile,
  type TextFile,
} from './source-files.js'

const FILE_LINES_MAX = 400
const SOURCE_LINES_MAX = 300
const FUNCTION_LINES_MAX = 70
/** Of pages, which list what they show, and of generators, which list what they write. */
const LISTING_LINES_MAX = 95
const LINE_COLUMNS_MAX = 100

/** Sources of packages have a lower limit than tests and tools. */
export function findLongFiles(files: readonly TextFile[]): string[] {
  const sources = files.filter(isPackageSource)
  const others = files.filter((file) => !isPackageSource(file))
  return [...filesOver(SOURCE_LINES_MAX, sources), ...filesOver(FILE_LINES_MAX, others)]
}

/** Allowed outside of sources, but worth a thought before the next addition. */
export function listLargeFiles(files: readonly TextFile[]): string[] {
  return filesOver(SOURCE_LINES_MAX, files)
}

function filesOver(limit: number, files: readonly TextFile[]): string[] {
  return files
    .map(({ path, text }) => ({ path, lines: text.replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > limit)
    .map(({ path, lines }) => `${path} has ${lines} lines`)
}

/** A test's `describe` may be as long as it needs; its file may not. */
export function findLongFunctions(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => !isTestFile(file))
    .flatMap((file) => {
      const found: string[] = []
      const limit = isPackageSource(file) ? FUNCTION_LINES_MAX : LISTING_LINES_MAX
      visitNodes(file, (node) => {
        if (!ts.isFunctionLike(node)) return
        const lines = lineAt(file, node.end) - lineAt(file, node.getStart(file.tree)) + 1
        if (lines > limit) found.push(`${place(file, node)} has ${lines} lines`)
      })
      return found
    })
}

/** Tests hold long hexadecimal strings; the linter looks at those with an eye for strings. */
export function findLongLines(files: readonly TextFile[]): string[] {
  return files
    .filter((file) => !isTestFile(file))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        if (line.length <= LINE_COLUMNS_MAX || /https?:\/\//.test(line)) return []
        return [`${path}:${index + 1} has ${line.length} columns`]
      }),
    )
}

/** Names that an importer cannot find by reading: `export *` and default exports. */
export function findVagueExports(files: readonly SourceFile[]): string[] {
  return files.filter(isPackageSource).flatMap((file) => {
    const found: string[] = []
    visitNodes(file, (node) => {
      const form = vagueExport(node)
      if (form !== null) found.push(`${place(file, node)} has ${form}`)
    })
    return found
  })
}

function vagueExport(node: ts.Node): string | null {
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    const named = node.exportClause !== undefined && ts.isNamedExports(node.exportClause)
    if (!named) return 'export *'
  }
  const isDefault =
    ts.isExportAssignment(node) ||
    (ts.isExportSpecifier(node) && node.name.text === 'default') ||
    (node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent))
  return isDefault ? 'a default export' : null
}

function isTestFile(file: TextFile): boolean {
  return isTest(file) && !isPackageSource(file)
}

function lineAt(file: SourceFile, position: number): number {
  return file.tree.getLineAndCharacterOfPosition(position).line
}
