import { builtinModules } from 'node:module'
import ts from 'typescript'
import { findImports, packageOf, resolveRelative, type ModuleImport } from './imports.js'
import { isPackageSource, place, visitNodes, type SourceFile } from './source-files.js'

/** What one package may import of the others. */
interface Layer {
  readonly below: readonly string[]
  /** What one file alone may also import: the place where a platform's own part is chosen. */
  readonly only?: Readonly<Record<string, string>>
}

/** The packages by folder. An arrow that is not here is not allowed. */
const LAYERS: ReadonlyMap<string, Layer> = new Map([
  ['storage', { below: [] }],
  ['core', { below: [] }],
  [
    'vault',
    {
      below: ['@stagevault/core', '@stagevault/storage'],
      only: {
        'platform/node-storage.ts': '@stagevault/storage-level',
        'platform/web-storage.ts': '@stagevault/storage-idb',
      },
    },
  ],
  ['storage-level', { below: ['@stagevault/storage'] }],
  ['storage-idb', { below: ['@stagevault/storage'] }],
  // Not published: what drives browsers, for the tests of the others.
  ['browser-engines', { below: [] }],
])

const OWN_PACKAGES = [
  '@stagevault/storage',
  '@stagevault/core',
  'stagevault',
  '@stagevault/storage-level',
  '@stagevault/storage-idb',
  '@stagevault/browser-engines',
]

/** What a package's `package.json` says about imports. */
export interface PackageManifest {
  readonly dependencies?: Readonly<Record<string, string>>
  /** `#name` and, by condition, the built files that it stands for. */
  readonly imports?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Manifests by package folder, such as `core`. */
export type PackageManifests = ReadonlyMap<string, PackageManifest>

/** Imports that leave the package by a way that {@link LAYERS} or its manifest do not open. */
export function findForeignImports(
  files: readonly SourceFile[],
  manifests: PackageManifests,
): string[] {
  return files.filter(isPackageSource).flatMap((file) => {
    const folder = packageFolder(file)
    const layer = LAYERS.get(folder)
    if (layer === undefined) return [`${file.path}: no layer is given for this package`]
    const declared = Object.keys(manifests.get(folder)?.dependencies ?? {})
    return findImports(file).flatMap((found) => {
      const problem = importProblem(file, found, layer, declared)
      return problem === null ? [] : [`${found.place} ${problem}: ${found.specifier}`]
    })
  })
}

function importProblem(
  file: SourceFile,
  { specifier }: ModuleImport,
  layer: Layer,
  declared: readonly string[],
): string | null {
  if (specifier.startsWith('.')) {
    const inside = resolveRelative(file.path, specifier).startsWith(sourceFolder(file))
    return inside ? null : 'leaves its package'
  }
  if (specifier.startsWith('#') || isBuiltin(specifier)) return null
  const name = packageOf(specifier)
  const own = layer.only?.[file.path.slice(sourceFolder(file).length)]
  const isBelow = layer.below.includes(name) || name === own
  if (OWN_PACKAGES.includes(name) && !isBelow) return 'is not below this package'
  return declared.includes(name) ? null : 'is not among the dependencies'
}

/** Each knot of modules that import one another, by value or by type, as the path round it. */
export function findImportCycles(
  files: readonly SourceFile[],
  manifests: PackageManifests,
): string[] {
  const graph = new Map(files.map((file) => [file.path, moduleEdges(file, manifests)]))
  const cycles: string[] = []
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start !== -1) cycles.push([...trail.slice(start), path].join(' -> '))
    if (start !== -1 || done.has(path)) return
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return cycles
}

function moduleEdges(file: SourceFile, manifests: PackageManifests): string[] {
  return findImports(file).flatMap(({ specifier }) => {
    if (specifier.startsWith('.')) return [resolveRelative(file.path, specifier)]
    if (!specifier.startsWith('#')) return []
    const targets = manifests.get(packageFolder(file))?.imports?.[specifier] ?? {}
    return Object.values(targets).map((target) =>
      target.replace('./dist/', sourceFolder(file)).replace(/\.js$/, '.ts'),
    )
  })
}

/**
 * The folders of a package from the lowest up: a file imports from its own and from those before.
 * Those that do not exist yet keep a place for what is to come. `*` are the files in no folder.
 */
export const FOLDERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['core', ['*', 'crypto', 'model', 'records', 'access', 'request']],
  [
    'vault',
    [
      'platform',
      'caches',
      'keys',
      'api',
      'events',
      'session',
      'records',
      'inventory',
      'commit',
      'audit',
      'policy',
      'operations',
      'rotation',
      'verify',
      'backup',
      '*',
      'opening',
      'index.ts',
    ],
  ],
])

/** Imports of a folder that stands higher, by value or by type. */
export function findUpwardImports(files: readonly SourceFile[]): string[] {
  return files.filter(isPackageSource).flatMap((file) => {
    const order = FOLDERS.get(packageFolder(file))
    if (order === undefined) return []
    const from = floorOf(order, file.path, sourceFolder(file))
    if (from === -1) return [`${file.path}: its folder has no place in the order`]
    return findImports(file)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .filter(
        ({ specifier }) =>
          floorOf(order, resolveRelative(file.path, specifier), sourceFolder(file)) > from,
      )
      .map((found) => `${found.place} imports from above: ${found.specifier}`)
  })
}

function floorOf(order: readonly string[], path: string, sources: string): number {
  const [first = '', ...rest] = path.slice(sources.length).split('/')
  if (rest.length > 0) return order.indexOf(first)
  return order.includes(first) ? order.indexOf(first) : order.indexOf('*')
}

const PORTABLE = /^packages\/(core|storage|storage-idb|vault)\/src\//
const NODE_PLATFORM = /^packages\/vault\/src\/platform\/node-[^/]+\.ts$/

/** Modules of Node in code that also has to run in browsers. */
export function findNodeImports(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => PORTABLE.test(path) && !NODE_PLATFORM.test(path))
    .flatMap(findImports)
    .filter(({ specifier }) => isBuiltin(specifier))
    .map((found) => `${found.place} needs Node: ${found.specifier}`)
}

const IMPURE_NAMES = ['Promise', 'Date', 'console', 'process', 'globalThis']

/** Time, chance, input and output, and anything that waits, in the core. */
export function findImpurities(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => path.startsWith('packages/core/src/'))
    .flatMap((file) => {
      const found: string[] = []
      visitNodes(file, (node) => {
        const impurity = impurityOf(node)
        if (impurity !== null) found.push(`${place(file, node)} uses ${impurity}`)
      })
      return found
    })
}

function impurityOf(node: ts.Node): string | null {
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async'
  if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AwaitKeyword) return 'await'
  if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') return 'Math.random'
  if (!ts.isIdentifier(node) || !IMPURE_NAMES.includes(node.text)) return null
  // `record.process` is a name of ours; a bare `process` is the world's.
  const { parent } = node
  const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node
  return isMember || ts.isPropertySignature(parent) ? null : node.text
}

const COMMITTERS = [
  'packages/vault/src/commit/committer.ts',
  'packages/vault/src/opening/create-vault.ts',
  'packages/vault/src/verify/rebuild-root.ts',
]

/** Commits of the vault that do not go through the committer, which deals with conflicts. */
export function findStrayCommits(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => path.startsWith('packages/vault/src/') && !COMMITTERS.includes(path))
    .flatMap((file) => {
      const found: string[] = []
      visitNodes(file, (node) => {
        if (takesCommit(node)) found.push(`${place(file, node)} commits past the committer`)
      })
      return found
    })
}

function takesCommit(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'commit'
  if (ts.isElementAccessExpression(node)) {
    return (
      ts.isStringLiteralLike(node.argumentExpression) && node.argumentExpression.text === 'commit'
    )
  }
  return ts.isBindingElement(node) && (node.propertyName ?? node.name).getText() === 'commit'
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier)
}

function packageFolder({ path }: SourceFile): string {
  return path.split('/')[1] ?? ''
}

function sourceFolder(file: SourceFile): string {
  return `packages/${packageFolder(file)}/src/`
}
