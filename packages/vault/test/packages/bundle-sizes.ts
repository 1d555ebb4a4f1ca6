/** How much JavaScript the vault is in a browser, and that the README says so. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build as buildWithEsbuild } from 'esbuild'
import { build as buildWithVite } from 'vite'
import { beforeAll, describe, expect, it } from 'vitest'
import type { PackedProject } from './packed-project.js'

/** Everything that the package exports, so that nothing is shaken out. */
const ENTRY = 'everything.js'

/** The parts that a page loads one after the other, each by a module that is in it. */
const PARTS: Readonly<Record<string, RegExp>> = {
  'vault, core, IndexedDB, ChaCha20-Poly1305': /everything\.js$/,
  'the operations': /opening.start-vault\.js$/,
  scrypt: /hashes.scrypt\.js$/,
  'AES-256-GCM': /ciphers.aes\.js$/,
  '`verify()`, views, and users, roles, groups and policies': /rare-operations\.js$/,
}

/** 30 KB, for what a page has to load before it can open a vault. */
const START_BYTES_MAX = 30_720

/** A tenth of a KB, to which the README rounds. */
const ROUNDING_BYTES = 103

export function describeSizes(project: () => PackedProject): void {
  describe('sizes', () => {
    let sizes: ReadonlyMap<string, number>

    beforeAll(async () => {
      sizes = await measureBundles(project())
    })

    it(`a page starts with at most ${START_BYTES_MAX} bytes`, () => {
      const start = sizes.get('vault, core, IndexedDB, ChaCha20-Poly1305')
      expect(start).toBeGreaterThan(0)
      expect(start).toBeLessThanOrEqual(START_BYTES_MAX)
    })

    it('the README names every part with its size, give or take one hundredth', () => {
      const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8')
      const rows = readme.matchAll(/^\| ([^|]+) \| [^|]+ \| ([\d.]+) KB \|$/gm)
      const said = new Map(
        Array.from(rows, ([, part = '', size = '']) => [part, Number(size) * 1_024]),
      )
      expect([...said.keys()]).toEqual([...sizes.keys()])
      const wrong = [...sizes].filter(
        ([part, size]) =>
          Math.abs((said.get(part) ?? 0) - size) > Math.max(size / 100, ROUNDING_BYTES),
      )
      expect(wrong.map(([part, size]) => `${part}: ${(size / 1_024).toFixed(1)} KB`)).toEqual([])
    })
  })
}

/** Bytes, minified and gzipped, by what it is. */
async function measureBundles(project: PackedProject): Promise<ReadonlyMap<string, number>> {
  return new Map([
    ...(await measureParts(project)),
    ['all of it in one file', await measureWhole(project)],
  ])
}

/** Vite by its defaults, without the polyfill for preloading, which is its own. */
async function measureParts({ folder }: PackedProject): Promise<[string, number][]> {
  const built = await buildWithVite({
    root: folder,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: join(folder, ENTRY) },
    },
  })
  if (!('output' in built)) throw new Error('Vite built something other than one bundle')
  const chunks = built.output.filter((output) => output.type === 'chunk')
  const parts = Object.entries(PARTS)
  if (chunks.length !== parts.length) throw new Error(`there are ${chunks.length} chunks`)
  return parts.map(([part, module]) => {
    const chunk = chunks.find(({ moduleIds }) => moduleIds.some((path) => module.test(path)))
    if (chunk === undefined) throw new Error(`no chunk is for ${part}`)
    return [part, gzippedBytes(chunk.code)]
  })
}

async function measureWhole({ folder }: PackedProject): Promise<number> {
  const { outputFiles } = await buildWithEsbuild({
    absWorkingDir: folder,
    entryPoints: [ENTRY],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    minify: true,
    write: false,
  })
  return gzippedBytes(outputFiles[0]?.text ?? '')
}

function gzippedBytes(text: string): number {
  return gzipSync(text, { level: 9 }).length
}
