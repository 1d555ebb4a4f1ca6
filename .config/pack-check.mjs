/**
 * `npm run pack-check`: packs every package that is published and lets publint and
 * `@arethetypeswrong/cli` judge the tarballs: each export is there and resolves, with its types,
 * for Node (node16) and for bundlers. What else a tarball may hold, and where its source maps lead,
 * `packages/vault/test/packages/packages.test.ts` checks.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PUBLINT = 'node_modules/publint/src/cli.js'
const ATTW = 'node_modules/@arethetypeswrong/cli/dist/index.js'
/** ES modules only: neither `require` before Node 20.19 nor the resolution of Node 10 is judged. */
const ATTW_OPTIONS = ['--profile', 'esm-only', '--quiet', '--no-emoji']

process.exitCode = main()

function main() {
  const folder = mkdtempSync(join(tmpdir(), 'stagevault-pack-check-'))
  try {
    const outcomes = findPublished().map((path) => checkPackage(path, folder))
    const failed = outcomes.filter((isGood) => !isGood).length
    console.log(`${outcomes.length - failed} tarballs are good, ${failed} are not`)
    return failed === 0 && outcomes.length > 0 ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The folders of the packages that are not private. */
function findPublished() {
  return readdirSync(join(ROOT, 'packages'))
    .map((name) => join(ROOT, 'packages', name))
    .filter((path) => readManifest(path).private !== true)
}

function checkPackage(path, folder) {
  const { name } = readManifest(path)
  const tarball = join(folder, `${name.replaceAll('/', '-')}.tgz`)
  const { packageManager: pnpm } = readManifest(ROOT)
  const pack = ['-y', pnpm, '--pm-on-fail=ignore', 'pack', '--out', tarball]
  // On Windows npx is a batch file, which only a shell can start.
  const shell = process.platform === 'win32'
  const isGood =
    spawn('npx', pack, { cwd: path, shell, stdio: ['ignore', 'ignore', 'inherit'] }) &&
    spawn(process.execPath, [join(ROOT, PUBLINT), 'run', tarball, '--strict']) &&
    spawn(process.execPath, [join(ROOT, ATTW), tarball, ...ATTW_OPTIONS])
  if (!isGood) console.error(`${name}: not as it should be`)
  return isGood
}

function spawn(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit', ...options })
  if (error !== undefined) console.error(error.message)
  return status === 0
}

function readManifest(path) {
  return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
}
