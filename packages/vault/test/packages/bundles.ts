/** The application as bundlers make it. */
import { join } from 'node:path'
import { build as buildWithEsbuild } from 'esbuild'
import { build as buildWithVite } from 'vite'
import type { PackedProject } from './packed-project.js'

export interface Bundle {
  /** Which of the scripts to begin with. */
  readonly entry: string
  /** The text of each script, by its name without `.js`. */
  readonly scripts: Readonly<Record<string, string>>
  /** Every module that went in, as a path or as the bundler calls it. */
  readonly modules: readonly string[]
  /** What was left to be imported from elsewhere. */
  readonly externals: readonly string[]
}

export async function bundleWithEsbuild(
  { folder }: PackedProject,
  platform: 'browser' | 'node' = 'browser',
): Promise<Bundle> {
  const { outputFiles, metafile } = await buildWithEsbuild({
    absWorkingDir: folder,
    entryPoints: { 'esbuild-app': 'try-vault.js' },
    chunkNames: 'esbuild-[hash]',
    outdir: 'out',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform,
    minify: true,
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const outputs = Object.values(metafile.outputs)
  return {
    entry: 'esbuild-app',
    scripts: Object.fromEntries(outputFiles.map(({ path, text }) => [nameOf(path), text])),
    modules: Object.keys(metafile.inputs),
    externals: outputs
      .flatMap(({ imports }) => imports)
      .filter(({ external }) => external === true)
      .map(({ path }) => path),
  }
}

/** For browsers, by its defaults, but for names that say who made the scripts. */
export async function bundleWithVite({ folder }: PackedProject): Promise<Bundle> {
  const built = await buildWithVite({
    root: folder,
    base: './',
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      rolldownOptions: {
        output: { entryFileNames: 'vite-app.js', chunkFileNames: 'vite-[name]-[hash].js' },
      },
    },
  })
  if (!('output' in built)) throw new Error('Vite built something other than one bundle')
  const chunks = built.output.filter((output) => output.type === 'chunk')
  const names = new Set(chunks.map(({ fileName }) => fileName))
  return {
    entry: 'vite-app',
    scripts: Object.fromEntries(chunks.map(({ fileName, code }) => [nameOf(fileName), code])),
    modules: chunks.flatMap(({ moduleIds }) => moduleIds),
    externals: chunks
      .flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])
      .filter((name) => !names.has(name)),
  }
}

function nameOf(path: string): string {
  return join(path).split(/[\\/]/).at(-1)?.replace(/\.js$/, '') ?? path
}
