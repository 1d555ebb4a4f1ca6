/** The packages as they are published: packed, installed elsewhere, bundled, and used. */
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleScripts } from '@stagevault/browser-engines'
import type { EngineName } from '@stagevault/browser-engines'
import { describeEngine } from '@stagevault/browser-engines/vitest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeSizes } from './bundle-sizes.js'
import type { Bundle } from './bundles.js'
import { bundleWithEsbuild, bundleWithVite } from './bundles.js'
import type { TryOrder } from './bundle-page.js'
import type { PackedProject } from './packed-project.js'
import { installPacked, PUBLISHED } from './packed-project.js'
import { typeErrors } from './type-check.js'

const ENGINES: readonly EngineName[] = ['chromium', 'firefox', 'webkit']
const CIPHERS = ['chacha20-poly1305', 'aes-256-gcm'] as const
const PAGE = { page: new URL('bundle-page.ts', import.meta.url) }
const BUNDLERS = ['esbuild', 'Vite'] as const

/** What `tryVault` of the application tells, wherever it runs. */
const TOLD = {
  missing: 'VAULT_MISSING',
  exists: 'VAULT_EXISTS',
  wrong: 'UNLOCK_FAILED',
  now: 'second',
  before: 'first',
  isClean: true,
}

let project: PackedProject
let bundles: Readonly<Record<(typeof BUNDLERS)[number], Bundle>>

beforeAll(async () => {
  project = await installPacked()
  bundles = { esbuild: await bundleWithEsbuild(project), Vite: await bundleWithVite(project) }
})

afterAll(async () => {
  await project.remove()
})

describe.each(Object.values(PUBLISHED))('the package %s', (name) => {
  function read(path: string): string {
    return readFileSync(join(project.folder, 'node_modules', name, path), 'utf8')
  }

  it('holds its licence, its changes and its readme', () => {
    expect(read('LICENSE')).toContain('Apache License')
    expect(read('CHANGELOG.md')).toContain('## 0.1.0')
    expect(read('README.md')).toMatch(new RegExp(`^# ${name}$`, 'm'))
  })

  it('holds what it exports, with types, and the sources that its maps lead to', () => {
    const { exports: entries, imports = {} } = JSON.parse(read('package.json')) as {
      readonly exports: Readonly<Record<string, string>>
      readonly imports?: Readonly<Record<string, Readonly<Record<string, string>>>>
    }
    const conditions = Object.values(imports).flatMap((targets) => Object.values(targets))
    const targets = [...Object.values(entries), ...conditions]
    const folder = join(project.folder, 'node_modules', name)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
      (path) => `./${path.replaceAll('\\', '/')}`,
    )
    const built = targets.flatMap((target) => {
      const [start = '', end = start] = target.split('*')
      const found = files.filter((path) => path.startsWith(start) && path.endsWith(end))
      expect(found.length, target).toBeGreaterThan(0)
      return found
    })
    for (const path of built) {
      expect(files).toContain(path.replace(/\.js$/, '.d.ts'))
      const { sources } = JSON.parse(read(`${path}.map`)) as { readonly sources: string[] }
      for (const source of sources) {
        expect(existsSync(join(folder, path, '..', source)), source).toBe(true)
      }
    }
  })

  it('holds nothing else', () => {
    const folder = join(project.folder, 'node_modules', name)
    const allowed = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json', 'src']
    const found = readdirSync(folder).filter((entry) => entry !== 'node_modules')
    expect(found.sort()).toEqual(allowed)
  })
})

/** What is in a bundle that no browser could use. */
function strangersIn({ modules, externals, scripts }: Bundle): string[] {
  const level = /storage-level|[\\/](?:classic-|abstract-|browser-)?level[\\/]/
  const names = builtinModules.join('|')
  const builtin = new RegExp(
    `\\b(?:from|import|require)\\b[\\s(]*["'\`](?:node:|(?:${names})["'\`])`,
  )
  return [
    ...externals,
    // Vite puts an empty module of that name where a module of Node is imported.
    ...modules.filter((path) => level.test(path) || /platform.node-|browser-external/.test(path)),
    ...Object.values(scripts).flatMap((text) => builtin.exec(text)?.[0] ?? []),
  ]
}

describe.each(BUNDLERS)('a bundle of %s for browsers', (bundler) => {
  it('holds nothing of LevelDB and nothing of Node', () => {
    expect(strangersIn(bundles[bundler])).toEqual([])
  })

  it('holds the adapter of IndexedDB', () => {
    expect(bundles[bundler].modules.some((path) => path.includes('storage-idb'))).toBe(true)
  })
})

it('the same look at a bundle for Node finds what is not for browsers', async () => {
  const strangers = strangersIn(await bundleWithEsbuild(project, 'node'))
  for (const name of ['storage-level', 'node:crypto']) {
    expect(
      strangers.filter((stranger) => stranger.includes(name)),
      name,
    ).not.toEqual([])
  }
  expect(strangers.filter((stranger) => /^\w+ ?["']node:/.test(stranger))).not.toEqual([])
})

for (const engine of ENGINES) {
  const scripts = async (): Promise<Record<string, string>> => ({
    ...(await bundleScripts(PAGE)),
    ...bundles.esbuild.scripts,
    ...bundles.Vite.scripts,
  })
  await describeEngine(engine, scripts, ({ browser }) => {
    describe.each(BUNDLERS)('runs the bundle of %s', (bundler) => {
      const other = CIPHERS[BUNDLERS.indexOf(bundler)] ?? CIPHERS[0]
      // Chromium tries both ciphers with both bundles, the others each once.
      it.each(engine === 'chromium' ? CIPHERS : [other])(
        'with a vault in IndexedDB, %s',
        async (cipher) => {
          const page = await browser().openPage('page')
          const order: TryOrder = {
            script: bundles[bundler].entry,
            location: randomUUID(),
            cipher,
          }
          expect(await page.call('tryVault', order)).toEqual(TOLD)
          await page.tab.close()
        },
      )
    })
  })
}

describe('Node', () => {
  it('runs a bundle, which says that LevelDB is not in it', async () => {
    const { entry, scripts } = await bundleWithEsbuild(project, 'node')
    const folder = mkdtempSync(join(tmpdir(), 'stagevault-bundle-'))
    for (const [name, text] of Object.entries(scripts)) {
      writeFileSync(join(folder, `${name}.js`), text)
    }
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    const program = `
      await import('./${entry}.js')
      console.log(await tryVault('./vault').catch(({ code }) => code))`
    const args = ['--input-type=module', '--eval', program]
    const env = { ...process.env, NODE_PATH: '' }
    const told = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env })
    rmSync(folder, { recursive: true })
    expect(told.trim()).toBe('STORAGE_DRIVER_MISSING')
  })

  it.each(CIPHERS)('runs the same program with a vault in LevelDB, %s', (cipher) => {
    const program = `
      import './try-vault.js'
      globalThis.cipher = '${cipher}'
      console.log(JSON.stringify(await tryVault('./vault-${cipher}')))`
    const args = ['--input-type=module', '--eval', program]
    const told = execFileSync(process.execPath, args, { cwd: project.folder, encoding: 'utf8' })
    expect(JSON.parse(told)).toEqual(TOLD)
    expect(readdirSync(join(project.folder, `vault-${cipher}`))).toContain('CURRENT')
  })
})

describeSizes(() => project)

describe('types', () => {
  it.each(['bundler', 'nodenext'] as const)('hold for moduleResolution %s', (resolution) => {
    expect(typeErrors(project, resolution)).toEqual([])
  })
})
