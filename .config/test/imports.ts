import { posix } from 'node:path'
import ts from 'typescript'
import { place, visitNodes, type SourceFile } from './source-files.js'

/** One place where a module names another, whether it imports, re-exports or only asks its type. */
export interface ModuleImport {
  readonly specifier: string
  /** `path:line` of the import. */
  readonly place: string
}

export function findImports(file: SourceFile): ModuleImport[] {
  const imports: ModuleImport[] = []
  visitNodes(file, (node) => {
    const specifier = specifierOf(node)
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return
    imports.push({ specifier: specifier.text, place: place(file, node) })
  })
  return imports
}

/** `@scope/name/path` and `name/path` without the path. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** The source that a relative import names: `./x.js` is built from `./x.ts`. */
export function resolveRelative(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts')
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
  }
  if (!ts.isCallExpression(node)) return undefined
  const isDynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword
  return isDynamic ? node.arguments[0] : undefined
}
