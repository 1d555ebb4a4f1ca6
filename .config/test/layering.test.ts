import { describe, expect, it } from 'vitest'
import {
  findForeignImports,
  findImportCycles,
  findImpurities,
  findNodeImports,
  findStrayCommits,
  findUpwardImports,
} from './layering.js'
import { parseSource } from './source-files.js'

const MANIFESTS = new Map([
  ['storage', {}],
  ['core', { dependencies: { '@noble/hashes': '2.0.0', '@stagevault/storage': '1.0.0' } }],
  [
    'vault',
    {
      dependencies: {
        '@stagevault/core': '1.0.0',
        '@stagevault/storage': '1.0.0',
        '@stagevault/storage-level': '1.0.0',
      },
      imports: {
        '#platform': {
          node: './dist/platform/node-platform.js',
          default: './dist/platform/web-platform.js',
        },
      },
    },
  ],
  ['storage-level', { dependencies: { '@stagevault/storage': '1.0.0', level: '10.0.0' } }],
])

function foreignImports(path: string, text: string): string[] {
  return findForeignImports([parseSource(path, text)], MANIFESTS)
}

describe('package imports', () => {
  it.each([
    ['packages/core/src/a.ts', "import { sha256 } from '@noble/hashes/sha2.js'"],
    ['packages/vault/src/a.ts', "import { planPut } from '@stagevault/core/versions'"],
    ['packages/vault/src/a.ts', "import { platform } from '#platform'"],
    ['packages/vault/src/platform/node-storage.ts', "await import('@stagevault/storage-level')"],
    ['packages/storage-level/src/a.ts', "import { rm } from 'node:fs/promises'"],
    ['packages/vault/src/a/b.ts', "import { c } from '../c.js'"],
  ])('%s may say %s', (path, text) => {
    expect(foreignImports(path, text)).toEqual([])
  })

  it.each([
    ['packages/storage/src/a.ts', "import type { A } from '@stagevault/core/a'", 'not below'],
    ['packages/core/src/a.ts', "import { B } from '@stagevault/storage'", 'not below'],
    ['packages/core/src/a.ts', "import type { B } from '@stagevault/storage'", 'not below'],
    ['packages/core/src/a.ts', "export { B } from '@stagevault/storage'", 'not below'],
    ['packages/core/src/a.ts', "import type { A } from 'stagevault'", 'not below'],
    ['packages/vault/src/a.ts', "import { A } from '@stagevault/storage-level'", 'not below'],
    [
      'packages/vault/src/platform/web-storage.ts',
      "import '@stagevault/storage-level'",
      'not below',
    ],
    ['packages/vault/src/a.ts', "const level = await import('level')", 'not among'],
    ['packages/vault/src/a.ts', "type A = import('@stagevault/storage-level').A", 'not below'],
    ['packages/vault/src/a.ts', "import { A } from '../../core/src/a.js'", 'leaves'],
    ['packages/storage-etcd/src/a.ts', 'export const a = 1', 'no layer'],
  ])('%s must not say %s', (path, text, problem) => {
    expect(foreignImports(path, text)).toEqual([expect.stringContaining(problem)])
  })
})

describe('import cycles', () => {
  function cycles(modules: Record<string, string>): string[] {
    const files = Object.entries(modules).map(([path, text]) => parseSource(path, text))
    return findImportCycles(files, MANIFESTS)
  }

  it('a diamond is none', () => {
    expect(
      cycles({
        'packages/core/src/a.ts': "import './b.js'\nimport './c.js'",
        'packages/core/src/b.ts': "import './d.js'",
        'packages/core/src/c.ts': "import './d.js'",
        'packages/core/src/d.ts': '',
      }),
    ).toEqual([])
  })

  it('a circle of a value and a type is one', () => {
    expect(
      cycles({
        'packages/core/src/a.ts': "import { b } from './b.js'",
        'packages/core/src/b.ts': "import type { A } from './c.js'",
        'packages/core/src/c.ts': "export { a } from './a.js'",
      }),
    ).toEqual([
      'packages/core/src/a.ts -> packages/core/src/b.ts -> packages/core/src/c.ts' +
        ' -> packages/core/src/a.ts',
    ])
  })

  it('a circle through the platform is one', () => {
    expect(
      cycles({
        'packages/vault/src/a.ts': "import { now } from '#platform'",
        'packages/vault/src/platform/node-platform.ts': '',
        'packages/vault/src/platform/web-platform.ts': "import { a } from '../a.js'",
      }),
    ).toHaveLength(1)
  })
})

describe('folders', () => {
  function upward(path: string, text: string): string[] {
    return findUpwardImports([parseSource(path, text)])
  }

  it.each([
    ['packages/vault/src/commit/a.ts', "import { b } from '../records/b.js'"],
    ['packages/vault/src/commit/a.ts', "import { b } from './b.js'"],
    ['packages/vault/src/index.ts', "export { a } from './opening/a.js'"],
    ['packages/vault/src/opening/a.ts', "import { vaultOf } from '../vault.js'"],
    ['packages/core/src/model/a.ts', "import { VaultError } from '../errors.js'"],
    ['packages/storage/src/a.ts', "import './b.js'"],
  ])('%s may say %s', (path, text) => {
    expect(upward(path, text)).toEqual([])
  })

  it.each([
    ['packages/vault/src/caches/a.ts', "import type { Session } from '../session/session.js'"],
    ['packages/vault/src/operations/a.ts', "await import('../opening/b.js')"],
    ['packages/vault/src/verify/a.ts', "import { vaultOf } from '../vault.js'"],
    ['packages/vault/src/vault.ts', "export type { A } from './opening/a.js'"],
    ['packages/vault/src/heads/a.ts', ''],
    ['packages/core/src/crypto/a.ts', "import type { A } from '../records/a.js'"],
  ])('%s must not say %s', (path, text) => {
    expect(upward(path, text)).toHaveLength(1)
  })
})

describe('modules of Node', () => {
  const text = "import { readFile } from 'node:fs'\nimport { join } from 'path'"

  it.each([
    'packages/core/src/a.ts',
    'packages/storage/src/a.ts',
    'packages/vault/src/a.ts',
    'packages/vault/src/platform/web-platform.ts',
  ])('%s cannot have them', (path) => {
    expect(findNodeImports([parseSource(path, text)])).toHaveLength(2)
  })

  it.each(['packages/vault/src/platform/node-platform.ts', 'packages/storage-level/src/a.ts'])(
    '%s can',
    (path) => {
      expect(findNodeImports([parseSource(path, text)])).toEqual([])
    },
  )
})

describe('purity of the core', () => {
  function impurities(text: string): string[] {
    return findImpurities([parseSource('packages/core/src/a.ts', text)])
  }

  it.each([
    ['export async function a(): string {}', 'async'],
    ['await a()', 'await'],
    ['for await (const a of b) c(a)', 'await'],
    ['export function a(): Promise<string>', 'Promise'],
    ['const now = Date.now()', 'Date'],
    ['const chance = Math.random()', 'Math.random'],
    ["console.info('a')", 'console'],
    ['const { env } = process', 'process'],
    ['globalThis.crypto.subtle', 'globalThis'],
  ])('%s is impure', (text, impurity) => {
    expect(impurities(text)).toEqual([`packages/core/src/a.ts:1 uses ${impurity}`])
  })

  it.each(['// a Date is an argument', "const a = 'await'", 'rotation.process()'])(
    '%s is pure',
    (text) => {
      expect(impurities(text)).toEqual([])
    },
  )

  it('is asked of the core only', () => {
    const file = parseSource('packages/vault/src/a.ts', 'const now = Date.now()')
    expect(findImpurities([file])).toEqual([])
  })
})

describe('commits of the vault', () => {
  const forms = [
    'storage.commit(plan)',
    "storage['commit'](plan)",
    'const { commit } = storage',
    'const { commit: write } = storage',
  ]

  it.each(forms)('%s is seen', (text) => {
    const file = parseSource('packages/vault/src/operations.ts', text)
    expect(findStrayCommits([file])).toHaveLength(1)
  })

  it.each(forms)('%s may stand in the committer', (text) => {
    const file = parseSource('packages/vault/src/commit/committer.ts', text)
    expect(findStrayCommits([file])).toEqual([])
  })
})
