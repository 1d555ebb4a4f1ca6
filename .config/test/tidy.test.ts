/** The style that enforces itself: every rule here is a rule for the whole repository. */
import { describe, expect, it } from 'vitest'
import {
  findUndocumentedCodes,
  findUntestedCodes,
  findUntestedRules,
  readCodes,
  readRuleIds,
} from './coverage.js'
import {
  findForeignImports,
  findImportCycles,
  findImpurities,
  findNodeImports,
  findStrayCommits,
  findUpwardImports,
  type PackageManifest,
} from './layering.js'
import {
  findLongFiles,
  findLongFunctions,
  findLongLines,
  findVagueExports,
  listLargeFiles,
} from './shape.js'
import { listShortSources, SHORT_SOURCES } from './short-sources.js'
import { isTest, parseSource, readRepository, type SourceFile } from './source-files.js'
import {
  findBannedPhrases,
  findEmptyNames,
  findMachineTraces,
  findMarkers,
  findSpelledLabels,
  isHeldToPhrases,
} from './wording.js'

const TOP_LEVEL = [
  '.ci',
  '.config',
  '.editorconfig',
  '.git-blame-ignore-revs',
  '.gitattributes',
  '.gitignore',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'bench',
  'docs',
  'examples',
  'package.json',
  'packages',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'tsconfig.json',
]

const files = readRepository(new URL('../../', import.meta.url))
const code = files.filter(({ path }) => /\.(ts|mts|js|mjs)$/.test(path))
const sources: SourceFile[] = code.map(({ path, text }) => parseSource(path, text))
// The tests of these rules name rule ids and codes too, and prove nothing about the packages.
const tests = sources.filter((file) => isTest(file) && !file.path.startsWith('.config/'))
const manifests = new Map(
  files.flatMap(({ path, text }): [string, PackageManifest][] => {
    const folder = /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1]
    return folder === undefined ? [] : [[folder, JSON.parse(text) as PackageManifest]]
  }),
)

function textOf(path: string): string {
  return files.find((file) => file.path === path)?.text ?? ''
}

describe('layers', () => {
  it('packages import only what lies below them and is among their dependencies', () => {
    expect(findForeignImports(sources, manifests)).toEqual([])
  })

  it('no modules import one another in a circle', () => {
    expect(findImportCycles(sources, manifests)).toEqual([])
  })

  it('no folder imports from one that stands above it', () => {
    expect(findUpwardImports(sources)).toEqual([])
  })

  it('the root project builds every other one', () => {
    const root = JSON.parse(textOf('tsconfig.json')) as { references: { path: string }[] }
    const projects = files.flatMap(({ path }) => /^([^.].*)\/tsconfig\.json$/.exec(path)?.[1] ?? [])
    expect(root.references.map(({ path }) => path).sort()).toEqual(projects.sort())
  })

  it('only the Node platform of the vault needs Node', () => {
    expect(findNodeImports(sources)).toEqual([])
  })

  it('the core uses no clock, no randomness and no promises', () => {
    expect(findImpurities(sources)).toEqual([])
  })

  it('the vault commits in its committer, at its creation and to rebuild its root only', () => {
    expect(findStrayCommits(sources)).toEqual([])
  })
})

describe('shape', () => {
  it('sources of packages have at most 300 lines, other files 400', () => {
    const large = listLargeFiles(code)
    if (large.length > 0) console.info(`Files over 300 lines:\n  ${large.join('\n  ')}`)
    expect(findLongFiles(code)).toEqual([])
  })

  it('sources under 80 lines are listed with a reason', () => {
    const listed = SHORT_SOURCES.flatMap((group) => group.files)
    expect(new Set(listed).size).toBe(listed.length)
    expect(listShortSources(code)).toEqual([...listed].sort())
  })

  it('functions have at most 70 lines, in pages and generators 95', () => {
    expect(findLongFunctions(sources)).toEqual([])
  })

  it('lines have at most 100 columns', () => {
    expect(findLongLines(code)).toEqual([])
  })

  it('packages export by name', () => {
    expect(findVagueExports(sources)).toEqual([])
  })

  it('the top level holds what it should and nothing else', () => {
    const names = new Set(files.map(({ path }) => path.split('/')[0]))
    expect([...names].sort()).toEqual(TOP_LEVEL)
  })
})

describe('wording', () => {
  it('names say what a thing is or does', () => {
    expect(findEmptyNames(sources)).toEqual([])
  })

  it('nothing is marked as unfinished, switched off or left out', () => {
    expect(findMarkers(files)).toEqual([])
  })

  it('the built-in stage labels are spelled out in one module', () => {
    expect(findSpelledLabels(sources)).toEqual([])
  })

  it('documents and code use none of the words that are listed with a better one', () => {
    expect(findBannedPhrases(files.filter(isHeldToPhrases))).toEqual([])
  })

  it('no file speaks of one machine or one registry', () => {
    expect(findMachineTraces(files)).toEqual([])
  })
})

describe('coverage', () => {
  const codes = sources.flatMap((file) => {
    if (file.path === 'packages/core/src/errors.ts') return readCodes(file, 'VaultErrorCode')
    if (file.path !== 'packages/storage/src/storage-error.ts') return []
    return readCodes(file, 'StorageErrorCode')
  })

  it('there are error codes of the vault and of storage', () => {
    expect(codes).toContain('SECRET_NOT_FOUND')
    expect(codes).toContain('STORAGE_LOCKED')
  })

  it('every error code has a heading in docs/errors.md', () => {
    expect(findUndocumentedCodes(codes, textOf('docs/errors.md'))).toEqual([])
  })

  it('every error code is named by a test', () => {
    expect(findUntestedCodes(codes, tests)).toEqual([])
  })

  it('every rule of the service model has a test named after it', () => {
    const ids = readRuleIds(textOf('docs/rules.md'))
    expect(ids).toContain('VER-1')
    expect(ids.length).toBeGreaterThanOrEqual(16)
    expect(findUntestedRules(ids, tests)).toEqual([])
  })
})
