/** Test runners that run each file in a VM context: every code is right there. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { describeWithSmallDisks } from './faults/small-disk.js'

const PACKAGE = fileURLToPath(new URL('../', import.meta.url))
const HOLD_PROGRAM = join(PACKAGE, 'test', 'children', 'hold.mjs')
const require = createRequire(import.meta.url)

const JEST_CONFIG = {
  rootDir: PACKAGE,
  testMatch: ['**/test/vm/codes.mjs'],
  transform: {},
  moduleFileExtensions: ['mjs', 'js'],
}

const vitest = (pool: string): readonly string[] => [
  join(require.resolve('vitest/package.json'), '..', 'vitest.mjs'),
  'run',
  '--root',
  PACKAGE,
  '--config',
  join('test', 'vm', 'vitest.config.mjs'),
  '--pool',
  pool,
]

const RUNNERS: readonly (readonly [string, readonly string[]])[] = [
  ['Vitest with vmThreads', vitest('vmThreads')],
  ['Vitest with vmForks', vitest('vmForks')],
  [
    'Jest',
    [
      '--experimental-vm-modules',
      require.resolve('jest/bin/jest'),
      '--config',
      JSON.stringify(JEST_CONFIG),
      '--ci',
    ],
  ],
]

function runCases(args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'))
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: PACKAGE,
    encoding: 'utf8',
    env: { ...Object.fromEntries(inherited), HOLD_PROGRAM, NO_COLOR: '1', ...env },
  })
  expect(status, `${stdout}\n${stderr}`).toBe(0)
  const passed = env['FULL_FOLDER'] === undefined ? 5 : 6
  expect(`${stdout}\n${stderr}`).toContain(`${passed} passed`)
}

it.each(RUNNERS)('%s', (_name, args) => {
  runCases(args)
})

describeWithSmallDisks('disks that cannot be written', (makeDisk) => {
  it.each(RUNNERS)('%s', (_name, args) => {
    const [full, readOnly] = [makeDisk(65_536), makeDisk(65_536)]
    try {
      writeFileSync(join(full.path, 'filler'), Buffer.alloc(61_440))
      readOnly.makeReadOnly()
      runCases(args, { FULL_FOLDER: full.path, READ_ONLY_FOLDER: readOnly.path })
    } finally {
      full.remove()
      readOnly.remove()
    }
  })
})
