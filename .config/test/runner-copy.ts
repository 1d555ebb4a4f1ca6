/** A copy of the runner in a repository where nothing is installed: what it starts is noted. */

import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const RUNNER: string = fileURLToPath(new URL('../run.mjs', import.meta.url))
export const MANIFEST = {
  engines: { node: '>=20.19' },
  packageManager: 'pnpm@1.2.3',
  devDependencies: { typescript: '1.0.0' },
}

/** Where it is. */
export let root: string

/** Makes a repository around a copy of the runner, with stand-ins for npx and what it installs. */
export function makeRepository(): void {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'run-')))
  write('package.json', JSON.stringify(MANIFEST))
  write('packages/a/package.json', '{}')
  write('pnpm-lock.yaml', 'lockfileVersion: 1')
  write('pnpm-workspace.yaml', 'packages: []')
  mkdirSync(join(root, '.config'))
  for (const name of ['run.mjs', 'lanes.mjs']) {
    copyFileSync(join(dirname(RUNNER), name), join(root, '.config', name))
  }
  write(
    'bin/npx',
    '#!/bin/sh\nmkdir -p node_modules\necho "npx $*" >> calls\nexit ${NPX_CODE:-0}\n',
  )
  chmodSync(join(root, 'bin/npx'), 0o755)
  writeTool('node_modules/typescript/bin/tsc', 'tsc')
  writeTool('node_modules/eslint/bin/eslint.js', 'eslint')
  writeTool('node_modules/prettier/bin/prettier.cjs', 'prettier')
  writeTool('node_modules/typedoc/bin/typedoc', 'typedoc')
  writeTool('node_modules/vitest/vitest.mjs', 'vitest')
  write(
    'examples/quickstart/dist/main.js',
    `
    console.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)]))
    process.exitCode = 7`,
  )
}

export function removeRepository(): void {
  rmSync(root, { recursive: true })
}

export function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** A tool that notes its call, leaves the totals it is given, and ends as `<NAME>_CODE` says. */
export function writeTool(path: string, name: string): void {
  write(
    path,
    `
    const { appendFileSync, writeFileSync } = process.getBuiltinModule('node:fs')
    appendFileSync('calls', '${name} ' + process.argv.slice(2).join(' ') + '\\n')
    const { TEST_TOTALS_FILE, TOTALS } = process.env
    if (TEST_TOTALS_FILE && TOTALS) writeFileSync(TEST_TOTALS_FILE, TOTALS)
    process.exitCode = Number(process.env.${name.toUpperCase()}_CODE ?? 0)`,
  )
}

export interface Run {
  readonly code: number | null
  /** What was printed, without the empty end. */
  readonly lines: readonly string[]
  readonly errors: string
  /** The programs that were started, in order, with their arguments. */
  readonly calls: readonly string[]
}

export function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
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
