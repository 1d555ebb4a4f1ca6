import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A Chromium without a window, 75 MB, made for machines on which nothing can be installed. */
const PACKAGE = '@sparticuz/chromium@153.0.0'
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))
const FETCH_MS = 180_000

/**
 * The Chromium that comes as an npm package, for Linux. It is no dependency, as most machines have
 * a browser; where there is none it is fetched once and kept below `node_modules`. `null` where it
 * cannot be had or does not start.
 */
export async function findPackagedChromium(): Promise<string | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const home = join(CACHE, PACKAGE.replaceAll('/', '-'))
  const path = join(home, 'unpacked', 'chromium')
  try {
    if (!existsSync(path)) await fetchInto(home)
    // Libraries that the package does not bring may be missing.
    await run(path, ['--version'])
    return path
  } catch {
    return null
  }
}

/** In a folder of its own until it is whole: several tests may look for a browser at once. */
async function fetchInto(home: string): Promise<void> {
  process.stderr.write(`no Chromium is installed: fetching ${PACKAGE}\n`)
  await mkdir(CACHE, { recursive: true })
  const folder = await mkdtemp(join(CACHE, 'new-'))
  try {
    await run(
      'npm',
      [
        'install',
        '--prefix',
        folder,
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--fetch-retries=0',
        PACKAGE,
      ],
      { timeout: FETCH_MS },
    )
    // It unpacks itself into the folder for temporary files, once.
    await mkdir(join(folder, 'unpacked'))
    await run(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        "await (await import('@sparticuz/chromium')).default.executablePath()",
      ],
      { cwd: folder, env: { ...process.env, TMPDIR: join(folder, 'unpacked') }, timeout: FETCH_MS },
    )
    await rename(folder, home).catch((error: unknown) => {
      if (!existsSync(home)) throw error
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
