/**
 * The commands of this repository, for a machine that has only Node and npm:
 *
 *   npm start     installs and builds what is missing, then runs the quickstart
 *   npm test      the same, then checks types, style, format and API docs, and runs every kind of
 *                 test, sampled where a test in full is exhaustive
 *   npm run test:fast        builds, then runs the tests of what is decided, in a minute
 *   npm run bench the same, then runs the benchmarks
 *   npm run kill  builds, then kills a process at work, many times more often than the tests do
 *   npm run journeys  builds, then drives the page in every browser through all that it does, of
 *                     which npm test leaves out what is known to be alike
 *   npm run test:runtimes    builds, then uses the packed packages on Node, Bun and Deno, which it
 *                            downloads; npm test skips that without STAGEVAULT_RUNTIMES=all
 *   npm run test:campaign    builds, then runs in full what npm test samples: before a release
 *   npm run browser-vault    installs and builds, then serves examples/browser-vault
 *   npm run electron-vault   the same, then runs examples/electron, which fetches Electron
 *
 * What stands after `--` goes to the quickstart, to vitest (as filters) or to the benchmarks; for
 * `kill` it is the number of kills, and for the campaign its goals, as `schedules` or `kills=30`.
 * Nothing but Node's own modules is used here, because nothing else may be installed yet. Which
 * tests a lane runs stands in `lanes.mjs`.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { FAST_TESTS, FAST_TEST_MS, GOALS, RUNTIME_TESTS } from './lanes.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const INSTALL_STAMP = join(ROOT, 'node_modules', '.install-stamp')
const TEST_TOTALS = join(ROOT, 'node_modules', '.test-totals.json')

const TSC = 'node_modules/typescript/bin/tsc'
const ESLINT = 'node_modules/eslint/bin/eslint.js'
const PRETTIER = 'node_modules/prettier/bin/prettier.cjs'
const TYPEDOC = 'node_modules/typedoc/bin/typedoc'
const ELECTRON = 'examples/electron/node_modules/electron/cli.js'
const VITE = 'examples/browser-vault/node_modules/vite/bin/vite.js'
const VITEST = 'node_modules/vitest/vitest.mjs'

/** What Prettier formats; `npm run format` does it. */
const FORMATTED = '**/*.{ts,js,mjs}'

const COMMANDS = {
  start: (args) => runProgram('examples/quickstart/dist/main.js', args),
  bench: (args) => runProgram('bench/dist/main.js', args),
  test: (args) => runTests(args),
  fast: (args) => runFastTests(args),
  kill: (args) => runKills(args),
  journeys: (args) => runJourneys(args),
  runtimes: (args) => runRuntimes(args),
  campaign: (args) => runCampaign(args),
  'browser-vault': (args) => serveBrowserVault(args),
  'electron-vault': (args) => runProgram(ELECTRON, [join(ROOT, 'examples/electron'), ...args]),
}

process.exitCode = await main(process.argv.slice(2))

async function main([name, ...args]) {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : null
  if (command === null) return fail(`Usage: run.mjs ${Object.keys(COMMANDS).join('|')} [args]`)
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const oldest = manifest.engines.node.replace('>=', '')
  if (isOlder(process.versions.node, oldest)) {
    return fail(`Node ${oldest} or newer is needed; this is Node ${process.versions.node}.`)
  }
  return (await installIfNeeded(manifest.packageManager)) ? command(args) : 1
}

/** Runs a built program of this repository with the user's arguments and hands back its code. */
async function runProgram(path, args) {
  if (!(await step('build', TSC, ['-b']))) return 1
  console.log()
  // npm changes to the repository; a path on the command line is meant from where the user is.
  const cwd = process.env.INIT_CWD ?? process.cwd()
  return spawnTool(process.execPath, ['--enable-source-maps', join(ROOT, path), ...args], { cwd })
}

/** Checks and tests everything, and ends with one line that says how many passed and failed. */
async function runTests(filters) {
  const types = ['-p', '.config/tsconfig.tests.json']
  const style = ['--config', '.config/eslint.config.js', '--max-warnings', '0', '.']
  const format = ['--config', '.config/prettier.json', '--check', '--log-level', 'warn', FORMATTED]
  const docs = ['--options', '.config/typedoc.json', '--emit', 'none', '--logLevel', 'Warn']
  const failedChecks = []
  async function check(title, tool, args) {
    if (!(await step(title, tool, args))) failedChecks.push(title)
  }
  await check('build', TSC, ['-b'])
  async function checkRest() {
    await check('types', TSC, types)
    await check('format', PRETTIER, format)
    await check('api docs', TYPEDOC, docs)
  }
  // The linter takes as long as the others together.
  await Promise.all([check('lint', ESLINT, style), checkRest()])

  // A build with errors may have left the packages as they were: their tests would prove nothing.
  const totals = failedChecks.includes('build')
    ? { passed: 0, failed: 0, skipped: 0 }
    : await runVitest(filters)
  if (failedChecks.length > 0) console.log(`Failed before the tests: ${failedChecks.join(', ')}`)
  return closeTests({ ...totals, failed: totals.failed + failedChecks.length })
}

/** No check but the build; filters, if any, take the place of the fast tests. */
async function runFastTests(filters) {
  if (!(await step('build', TSC, ['-b']))) return 1
  const tests = filters.length > 0 ? filters : FAST_TESTS
  return closeTests(await runVitest([`--testTimeout=${FAST_TEST_MS}`, ...tests]))
}

/** The closing line, and the exit code that belongs to it. */
function closeTests({ passed, failed, skipped }) {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  return failed === 0 ? 0 : 1
}

/** The page as it would be published, on this machine alone. What is given goes to the server. */
async function serveBrowserVault(args) {
  const folder = 'examples/browser-vault'
  if (!(await step('build', TSC, ['-b']))) return 1
  if (!(await step('page', VITE, ['build', folder, '--logLevel', 'error']))) return 1
  return spawnTool(process.execPath, [VITE, 'preview', folder, ...args], { cwd: ROOT })
}

/** The tests that kill a process while it changes a vault, with as many kills as are wanted. */
async function runKills([kills = '10000']) {
  if (!/^[1-9]\d*$/.test(kills)) return fail('Usage: npm run kill -- [how many times]')
  return buildAndTest(GOALS.kills.tests, { STAGEVAULT_KILLS: kills })
}

/** The page of examples/browser-vault in every browser. */
function runJourneys(args) {
  return buildAndTest([...GOALS.journeys.tests, ...args], { STAGEVAULT_JOURNEYS: 'all' })
}

/** The packed packages on every runtime that they support. */
function runRuntimes(args) {
  return buildAndTest([...RUNTIME_TESTS, ...args], { STAGEVAULT_RUNTIMES: 'all' })
}

/** Builds, then runs vitest with these tests and arguments. */
async function buildAndTest(args, variables) {
  if (!(await step('build', TSC, ['-b']))) return 1
  const vitest = [VITEST, 'run', '--config', '.config/vitest.config.ts', ...args]
  return spawnTool(process.execPath, vitest, { cwd: ROOT, env: { ...process.env, ...variables } })
}

/** One goal after another, also after one that failed; what each came to is said at the end. */
async function runCampaign(args) {
  const wanted = (args.length > 0 ? args : Object.keys(GOALS)).map(parseGoal)
  if (wanted.includes(null)) {
    return fail(
      'Usage: npm run test:campaign -- [goal, or goal=times, of ' +
        `${Object.keys(GOALS).join(', ')}]`,
    )
  }
  if (!(await step('build', TSC, ['-b']))) return 1
  const outcomes = []
  for (const { name, count, variable, tests } of wanted) {
    const started = performance.now()
    // A browser that is missing is a failure: skipped, it would have shown nothing.
    const totals = await runVitest(tests, {
      [variable]: String(count),
      STAGEVAULT_ENGINES: 'all',
      STAGEVAULT_FAULTS: 'all',
    })
    outcomes.push({ name, count, totals, minutes: (performance.now() - started) / 60_000 })
  }
  let isReached = true
  for (const {
    name,
    count,
    totals: { passed, failed, skipped },
    minutes,
  } of outcomes) {
    const isGood = failed === 0 && passed > 0
    const sum = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
    console.log(`${isGood ? ' ' : '!'} ${name} ${count}: ${sum}, in ${minutes.toFixed(1)} min`)
    isReached &&= isGood
  }
  return isReached ? 0 : 1
}

/** A goal of the command line with its number, which may be another; `null` where there is none. */
function parseGoal(text) {
  const [, name = '', times] = /^([a-z]+)(?:=([1-9]\d*))?$/.exec(text) ?? []
  if (!Object.hasOwn(GOALS, name)) return null
  const goal = GOALS[name]
  if (times !== undefined && !(goal.count > 1)) return null
  return { ...goal, name, count: times ?? goal.count }
}

/** The totals that `.config/closing-line.ts` leaves; a run that fails otherwise counts as one. */
async function runVitest(filters, variables = {}) {
  rmSync(TEST_TOTALS, { force: true })
  const args = [VITEST, 'run', '--config', '.config/vitest.config.ts', ...filters]
  const code = await spawnTool(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...variables, TEST_TOTALS_FILE: TEST_TOTALS },
  })
  if (!existsSync(TEST_TOTALS)) return { passed: 0, failed: 1, skipped: 0 }
  const totals = JSON.parse(readFileSync(TEST_TOTALS, 'utf8'))
  return code === 0 ? totals : { ...totals, failed: Math.max(1, totals.failed) }
}

async function installIfNeeded(pnpm) {
  const manifests = findManifests()
  const stamp = installStamp(manifests)
  if (isInstalled(manifests) && readStamp() === stamp) return true
  // npx has just chosen the pinned pnpm: pnpm need not look for its own version in the lockfile.
  const install = ['-y', pnpm, '--pm-on-fail=ignore', 'install', '--frozen-lockfile']
  // On Windows npx is a batch file, which only a shell can start.
  const options = { cwd: ROOT, shell: process.platform === 'win32' }
  if (!(await timed('install', async () => (await spawnTool('npx', install, options)) === 0)))
    return false
  writeFileSync(INSTALL_STAMP, stamp)
  return true
}

/**
 * The `package.json` files of the workspace: at the top and up to two folders below. A folder with
 * a workspace of its own is not part of this one.
 */
function findManifests(folder = ROOT, depth = 0) {
  if (depth > 0 && existsSync(join(folder, 'pnpm-workspace.yaml'))) return []
  const own = join(folder, 'package.json')
  const below =
    depth === 2
      ? []
      : readdirSync(folder, { withFileTypes: true })
          .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|dist$)/.test(entry.name))
          .flatMap((entry) => findManifests(join(folder, entry.name), depth + 1))
  return [...(existsSync(own) ? [own] : []), ...below].sort()
}

/** Changes whenever another install could give another result. */
function installStamp(manifests) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`)
  for (const name of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) {
    hash.update(readFileSync(join(ROOT, name)))
  }
  for (const path of manifests) hash.update(readFileSync(path))
  return hash.digest('hex')
}

function readStamp() {
  return existsSync(INSTALL_STAMP) ? readFileSync(INSTALL_STAMP, 'utf8') : null
}

function isInstalled(manifests) {
  return manifests.every((path) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(path, 'utf8'))
    const needed = Object.keys({ ...dependencies, ...devDependencies }).length > 0
    return !needed || existsSync(join(path, '..', 'node_modules'))
  })
}

/** Runs one of the installed tools. They are silent unless something is wrong. */
async function step(title, tool, args) {
  return timed(
    title,
    async () => (await spawnTool(process.execPath, [tool, ...args], { cwd: ROOT })) === 0,
  )
}

async function timed(title, action) {
  const started = performance.now()
  const ok = await action()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const outcome = ok ? '' : '  failed'
  console.log(`${ok ? ' ' : '!'} ${title.padEnd(8)} ${seconds.padStart(6)} s${outcome}`)
  return ok
}

/** Resolves to the exit code, which is 1 where a signal ended the program. */
function spawnTool(program, args, options) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', ...options })
    child.once('error', (error) => {
      resolve(fail(`Cannot run ${program}: ${error.message}`))
    })
    child.once('exit', (code) => {
      resolve(code ?? 1)
    })
  })
}

function isOlder(version, oldest) {
  const [left, right] = [version, oldest].map((text) => text.split('.').map(Number))
  const index = right.findIndex((part, place) => (left[place] ?? 0) !== part)
  return index !== -1 && (left[index] ?? 0) < right[index]
}

function fail(message) {
  console.error(message)
  return 1
}
