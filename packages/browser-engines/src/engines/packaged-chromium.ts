import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A headless Chromium, 75 MB, for machines on which nothing can be installed. */
const PACKAGE = '@sparticuz/chromium@153.0.0'
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))
const FETCH_MS = 180_000

/**
 * Finds the Chromium of an npm package, for Linux. It is not a dependency, because most machines
 * have a browser. If there is none, it is fetched once and kept below `node_modules`. Returns
 * `null` if it cannot be fetched or does not start.
 */
export async function findPackagedChromium(): Promise<string | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const home = join(CACHE, PACKAGE.replaceAll('/', '-'))
  const path = join(home, 'unpacked', 'chromium')
  try {
    if (!existsSync(path)) await fetchInto(home)
    // Libraries that the package does not include may be missing.
    await run(path, ['--version'])
    return path
  } catch {
    return null
  }
}

/**
 * Fetches into a temporary folder until it is complete, because several tests may look for a
 * browser at the same time.
 */
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
