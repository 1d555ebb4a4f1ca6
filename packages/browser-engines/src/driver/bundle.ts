import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Bundles each module into one script, under the same names. */
export async function bundleScripts(
  entries: Readonly<Record<string, URL>>,
): Promise<Record<string, string>> {
  const bundles = Object.entries(entries).map(
    async ([name, entry]) => [name, await bundleScript(entry)] as const,
  )
  return Object.fromEntries(await Promise.all(bundles))
}

/**
 * Bundles a module and all its imports into one script; it finds the built packages as any bundler
 * does.
 */
export async function bundleScript(entry: URL): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    sourcemap: 'inline',
    write: false,
    logLevel: 'silent',
  })
  const script = outputFiles[0]
  if (script === undefined) throw new Error(`esbuild returned nothing for ${entry.href}`)
  return script.text
}
