import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ROOT = new URL('../../../../', import.meta.url)

/** What is published, by folder and by name. */
export const PUBLISHED = {
  storage: '@stagevault/storage',
  core: '@stagevault/core',
  'storage-level': '@stagevault/storage-level',
  'storage-idb': '@stagevault/storage-idb',
  vault: 'stagevault',
} as const

/** An application outside the repository that has the packages as a registry would give them. */
export interface PackedProject {
  /** Holds the application and its `node_modules`. */
  readonly folder: string
  remove(): Promise<void>
}

/** Packs the packages, and installs them from their tarballs next to a copy of the application. */
export async function installPacked(): Promise<PackedProject> {
  const parent = await mkdtemp(join(tmpdir(), 'stagevault-packed-'))
  const remove = (): Promise<void> => rm(parent, { recursive: true })
  try {
    const tarballs = join(parent, 'tarballs')
    const folder = join(parent, 'app')
    await mkdir(tarballs)
    await cp(new URL('app/', import.meta.url), folder, { recursive: true })
    for (const name of Object.keys(PUBLISHED)) {
      await pnpm(['pack', '--pack-destination', tarballs], new URL(`packages/${name}/`, ROOT))
    }
    await writeManifests(folder, tarballs)
    await pnpm(['install', '--prefer-offline'], folder)
    return { folder, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

async function writeManifests(folder: string, tarballs: string): Promise<void> {
  const files = await readdir(tarballs)
  const dependencies: Record<string, string> = {}
  for (const name of Object.values(PUBLISHED)) {
    const start = `${name.replace('@', '').replace('/', '-')}-0`
    const file = files.find((each) => each.startsWith(start))
    if (file === undefined) throw new Error(`${name} was not packed`)
    dependencies[name] = `file:${join(tarballs, file)}`
  }
  const manifest = { name: 'app', private: true, type: 'module', dependencies }
  // They depend on one another by version, which no registry has.
  const settings = { overrides: dependencies, allowBuilds: { 'classic-level': false } }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(folder, 'pnpm-workspace.yaml'), JSON.stringify(settings))
}

/** The pinned one, as `.config/run.mjs` runs it. */
async function pnpm(args: readonly string[], cwd: string | URL): Promise<void> {
  const manifest = await readFile(new URL('package.json', ROOT), 'utf8')
  const pinned = String(Reflect.get(JSON.parse(manifest) as object, 'packageManager'))
  await run('npx', ['-y', pinned, '--pm-on-fail=ignore', ...args], {
    cwd,
    // On Windows npx is a batch file, which only a shell can start.
    shell: process.platform === 'win32',
  })
}
