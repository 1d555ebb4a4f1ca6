import { spawnSync } from 'node:child_process'
import {
  appendFileSync, chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync,
  realpathSync, rmSync, writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const RUNNER = fileURLToPath(new URL('../run.mjs', import.meta.url))
const MANIFEST = {
  engines: { node: '>=20.19' },
  packageManager: 'pnpm@1.2.3',
  devDependencies: { typescript: '1.0.0' },
}

/** A repository around a copy of the runner, with stand-ins for npx and the tools it installs. */
let root: string

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'run-')))
  write('package.json', JSON.stringify(MANIFEST))
  write('packages/a/package.json', '{}')
  write('pnpm-lock.yaml', 'lockfileVersion: 1')
  write('pnpm-workspace.yaml', 'packages: []')
  mkdirSync(join(root, '.config'))
  copyFileSync(RUNNER, join(root, '.config/run.mjs'))
  write('bin/npx', '#!/bin/sh\nmkdir -p node_modules\necho "npx $*" >> calls\nexit ${NPX_CODE:-0}\n')
  chmodSync(join(root, 'bin/npx'), 0o755)
  writeTool('node_modules/typescript/bin/tsc', 'tsc')
  writeTool('node_modules/eslint/bin/eslint.js', 'eslint')
  writeTool('node_modules/typedoc/bin/typedoc', 'typedoc')
  writeTool('node_modules/vitest/vitest.mjs', 'vitest')
  write('examples/quickstart/dist/main.js', `
    console.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)]))
    process.exitCode = 7`)
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** A tool that notes its call, leaves the totals it is given, and ends as `<NAME>_CODE` says. */
function writeTool(path: string, name: string): void {
  write(path, `
    const { appendFileSync, writeFileSync } = process.getBuiltinModule('node:fs')
    appendFileSync('calls', '${name} ' + process.argv.slice(2).join(' ') + '\\n')
    const { TEST_TOTALS_FILE, TOTALS } = process.env
    if (TEST_TOTALS_FILE && TOTALS) writeFileSync(TEST_TOTALS_FILE, TOTALS)
    process.exitCode = Number(process.env.${name.toUpperCase()}_CODE ?? 0)`)
}

interface Run {
  readonly code: number | null
  /** What was printed, without the empty end. */
  readonly lines: readonly string[]
  readonly errors: string
  /** The programs that were started, in order, with their arguments. */
  readonly calls: readonly string[]
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  rmSync(join(root, 'calls'), { force: true })
  const { PATH = '', TEST_TOTALS_FILE, INIT_CWD, ...inherited } = process.env
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, '.config/run.mjs'), ...args],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...inherited, PATH: join(root, 'bin') + delimiter + PATH, ...env },
    },
  )
  const calls = existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8') : ''
  return {
    code: status,
    lines: stdout.trimEnd().split('\n'),
    errors: stderr,
    calls: calls.split('\n').filter((line) => line !== ''),
  }
}

const TOTALS = JSON.stringify({ passed: 12, failed: 0, skipped: 0 })

describe('installing', () => {
  const isInstall = (call: string): boolean => call.startsWith('npx')

  it('uses the pinned pnpm and the lockfile as it is', () => {
    const [install] = run(['start']).calls
    expect(install).toMatch(/^npx -y pnpm@1\.2\.3 .*install --frozen-lockfile$/)
  })

  it('is left out when nothing changed since the last one', () => {
    run(['start'])
    expect(run(['start']).calls.filter(isInstall)).toEqual([])
  })

  it('passes over a folder with a workspace of its own', () => {
    const peers = JSON.stringify({ dependencies: { level: '1.0.0' } })
    write('packages/b/package.json', peers)
    write('packages/b/pnpm-workspace.yaml', 'packages: []')
    run(['start'])
    expect(run(['start']).calls.filter(isInstall)).toEqual([])
  })

  it.each(['package.json', 'packages/a/package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'])(
    'is repeated when %s changed',
    (path) => {
      run(['start'])
      appendFileSync(join(root, path), '\n')
      expect(run(['start']).calls.filter(isInstall)).toHaveLength(1)
    },
  )

  it('is repeated when what a package needs is gone', () => {
    write('packages/a/package.json', JSON.stringify(MANIFEST))
    mkdirSync(join(root, 'packages/a/node_modules'))
    run(['start'])
    rmSync(join(root, 'packages/a/node_modules'), { recursive: true })
    expect(run(['start']).calls.filter(isInstall)).toHaveLength(1)
  })

  it('ends the run when it fails, and is tried again', () => {
    const failed = run(['start'], { NPX_CODE: '1' })
    expect(failed.code).toBe(1)
    expect(failed.calls).toHaveLength(1)
    expect(run(['start']).calls.filter(isInstall)).toHaveLength(1)
  })
})

describe('start', () => {
  it('hands on the arguments, the exit code and the folder of the user', () => {
    const folder = join(root, 'packages')
    const { code, lines } = run(['start', 'a/.env', '--verbose'], { INIT_CWD: folder })
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual([folder, 'a/.env', '--verbose'])
    expect(code).toBe(7)
  })

  it('of the Electron example starts Electron with its folder', () => {
    writeTool('examples/electron/node_modules/electron/cli.js', 'electron')
    const { code, calls } = run(['electron-vault', '--inspect'])
    expect(calls.at(-1)).toBe(`electron ${join(root, 'examples/electron')} --inspect`)
    expect(code).toBe(0)
  })

  it('of the browser vault builds the page, and serves it', () => {
    writeTool('examples/browser-vault/node_modules/vite/bin/vite.js', 'vite')
    const served = run(['browser-vault', '--port', '5000'], { VITE_CODE: '0' })
    expect(served.calls.slice(-2)).toEqual([
      'vite build examples/browser-vault --logLevel error',
      'vite preview examples/browser-vault --port 5000',
    ])
    expect(served.code).toBe(0)
    const failed = run(['browser-vault'], { VITE_CODE: '1' })
    expect(failed.calls.at(-1)).toBe('vite build examples/browser-vault --logLevel error')
    expect(failed.code).toBe(1)
  })

  it('says one line for each step before the program', () => {
    run(['start'])
    const [build, blank, output] = run(['start']).lines
    expect(build).toMatch(/^ {2}build +\d+\.\d s$/)
    expect(blank).toBe('')
    expect(output).toMatch(/^\[/)
  })

  it('does not run what could not be built', () => {
    const { code, lines } = run(['start'], { TSC_CODE: '1' })
    expect(code).toBe(1)
    expect(lines.at(-1)).toMatch(/^! build .* failed$/)
  })
})

describe('test', () => {
  it('checks types, style and API docs and runs the tests, and ends with the totals', () => {
    const { code, lines, calls } = run(['test', 'packages/core'], { TOTALS })
    expect(calls.map((call) => call.split(' ')[0]))
      .toEqual(['npx', 'tsc', 'tsc', 'eslint', 'typedoc', 'vitest'])
    expect(calls.at(-1)).toMatch(/ packages\/core$/)
    expect(lines.at(-1)).toBe('12 passed, 0 failed')
    expect(code).toBe(0)
  })

  it('names skipped tests where there are some', () => {
    const totals = JSON.stringify({ passed: 12, failed: 0, skipped: 3 })
    expect(run(['test'], { TOTALS: totals }).lines.at(-1)).toBe('12 passed, 0 failed, 3 skipped')
  })

  it('fails with the style, after the tests', () => {
    const { code, lines } = run(['test'], { TOTALS, ESLINT_CODE: '1' })
    expect(lines.at(-1)).toBe('12 passed, 1 failed')
    expect(code).toBe(1)
  })

  it('fails with the types, without tests of an old build', () => {
    const { code, lines, calls } = run(['test'], { TOTALS, TSC_CODE: '2' })
    expect(calls.some((call) => call.startsWith('vitest'))).toBe(false)
    expect(lines.at(-1)).toBe('0 passed, 2 failed')
    expect(code).toBe(1)
  })

  it('fails when tests fail', () => {
    const totals = JSON.stringify({ passed: 11, failed: 1, skipped: 0 })
    const { code, lines } = run(['test'], { TOTALS: totals, VITEST_CODE: '1' })
    expect(lines.at(-1)).toBe('11 passed, 1 failed')
    expect(code).toBe(1)
  })

  it('fails when the tests end badly without a failure', () => {
    expect(run(['test'], { TOTALS, VITEST_CODE: '1' })).toMatchObject({ code: 1 })
    expect(run(['test'], { VITEST_CODE: '1' }).lines.at(-1)).toBe('0 passed, 1 failed')
  })

  it('fails when no test reported at all', () => {
    run(['test'], { TOTALS })
    expect(run(['test']).lines.at(-1)).toBe('0 passed, 1 failed')
  })
})

describe('a wrong start', () => {
  it('with an old Node says which is needed', () => {
    write('package.json', JSON.stringify({ ...MANIFEST, engines: { node: '>=999.1' } }))
    const { code, errors, calls } = run(['start'])
    expect(errors).toContain(`Node 999.1 or newer is needed; this is Node ${process.versions.node}.`)
    expect(calls).toEqual([])
    expect(code).toBe(1)
  })

  it.each([[[]], [['stop']], [['constructor']]])('with %j says what there is', (args) => {
    const { code, errors, calls } = run(args)
    expect(errors).toContain('start|bench|test')
    expect(calls).toEqual([])
    expect(code).toBe(1)
  })
})

describe('kill', () => {
  it('hands on the number of kills, and the exit code', () => {
    write('node_modules/vitest/vitest.mjs', `
      console.log(process.argv.at(-1), process.env.STAGEVAULT_KILLS)
      process.exitCode = 7`)
    const { code, lines } = run(['kill', '30'])
    expect(code).toBe(7)
    expect(lines.at(-1)).toBe('packages/vault/test/crash/killed-process.test.ts 30')
    expect(run(['kill']).lines.at(-1)).toMatch(/ 10000$/)
  })

  it.each(['0', '-1', '1e3', 'many'])('refuses %s', (kills) => {
    const { code, calls } = run(['kill', kills])
    expect(code).toBe(1)
    expect(calls.filter((call) => !call.startsWith('npx'))).toEqual([])
  })
})
