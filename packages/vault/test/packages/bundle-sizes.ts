/** How much JavaScript the vault is in a browser. */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build as buildWithEsbuild } from 'esbuild'
import { build as buildWithVite } from 'vite'
import type { PackedProject } from './packed-project.js'

/** Everything that the package exports, so that nothing is shaken out. */
const ENTRY = 'everything.js'

/** The parts that a page loads one after the other, each by a module that is in it. */
const PARTS: Readonly<Record<string, RegExp>> = {
  'vault, core, IndexedDB, ChaCha20-Poly1305': /everything\.js$/,
  'the operations': /opening.start-vault\.js$/,
  scrypt: /hashes.scrypt\.js$/,
  'AES-256-GCM': /ciphers.aes\.js$/,
  'the checks of `verify()`': /verify.verify\.js$/,
}

/** Bytes, minified and gzipped, by what it is. */
export async function measureBundles(project: PackedProject): Promise<ReadonlyMap<string, number>> {
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
