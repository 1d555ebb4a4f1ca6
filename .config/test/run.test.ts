import { appendFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  MANIFEST,
  makeRepository,
  removeRepository,
  root,
  run,
  write,
  writeTool,
} from './runner-copy.js'

beforeEach(makeRepository)
afterEach(removeRepository)

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
  it('checks types, style, format and API docs and runs the tests, and ends with the totals', () => {
    const { code, lines, calls } = run(['test', 'packages/core'], { TOTALS })
    const tools = calls.map((call) => call.split(' ')[0])
    expect(tools.slice(0, 2)).toEqual(['npx', 'tsc'])
    // The linter runs at the same time as the others.
    expect(tools.slice(2, -1).sort()).toEqual(['eslint', 'prettier', 'tsc', 'typedoc'])
    expect(tools.at(-1)).toBe('vitest')
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

  it('fails with the format, after the tests', () => {
    const { code, lines } = run(['test'], { TOTALS, PRETTIER_CODE: '1' })
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

describe('test:fast', () => {
  it('builds, and runs the fast tests with a short limit for each', () => {
    const { code, lines, calls } = run(['fast'], { TOTALS })
    expect(calls.map((call) => call.split(' ')[0])).toEqual(['npx', 'tsc', 'vitest'])
    expect(calls.at(-1)).toMatch(/ --testTimeout=5000 packages\/core\/ .*\/test\/unlock\/$/)
    expect(lines.at(-1)).toBe('12 passed, 0 failed')
    expect(code).toBe(0)
  })

  it('takes other tests, and fails with them', () => {
    const { code, calls } = run(['fast', 'packages/core/test/errors'], { TOTALS, VITEST_CODE: '1' })
    expect(calls.at(-1)).toMatch(/ --testTimeout=5000 packages\/core\/test\/errors$/)
    expect(code).toBe(1)
  })
})

describe('a wrong start', () => {
  it('with an old Node says which is needed', () => {
    write('package.json', JSON.stringify({ ...MANIFEST, engines: { node: '>=999.1' } }))
    const { code, errors, calls } = run(['start'])
    expect(errors).toContain(
      `Node 999.1 or newer is needed; this is Node ${process.versions.node}.`,
    )
    expect(calls).toEqual([])
    expect(code).toBe(1)
  })

  it.each([[[]], [['stop']], [['constructor']]])('with %j says what there is', (args) => {
    const { code, errors, calls } = run(args)
    expect(errors).toContain('start|bench|test|fast')
    expect(calls).toEqual([])
    expect(code).toBe(1)
  })
})

describe('kill', () => {
  it('hands on the number of kills, and the exit code', () => {
    write(
      'node_modules/vitest/vitest.mjs',
      `
      console.log(process.argv.at(-1), process.env.STAGEVAULT_KILLS)
      process.exitCode = 7`,
    )
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

describe.each([
  ['journeys', 'JOURNEYS', 'examples/browser-vault/test/engine'],
  ['runtimes', 'RUNTIMES', 'packages/vault/test/packages/runtimes.test.ts'],
])('%s', (command, variable, tests) => {
  it('builds, then runs its tests with the arguments', () => {
    write(
      'node_modules/vitest/vitest.mjs',
      `console.log(process.argv.slice(-2).join(' '), process.env.STAGEVAULT_${variable})`,
    )
    const { code, lines, calls } = run([command, '--bail=1'])
    expect(calls.filter((call) => call.startsWith('tsc'))).toHaveLength(1)
    expect(lines.at(-1)).toBe(`${tests} --bail=1 all`)
    expect(code).toBe(0)
  })

  it('runs nothing after a build with errors', () => {
    const { code, calls } = run([command], { TSC_CODE: '2' })
    expect(calls.some((call) => call.startsWith('vitest'))).toBe(false)
    expect(code).toBe(1)
  })
})
