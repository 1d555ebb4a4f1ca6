/** The campaign of the runner: its goals, their order and numbers, and what it says at the end. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Run } from './runner-copy.js'
import { RUNNER, makeRepository, removeRepository, run, write } from './runner-copy.js'

beforeEach(makeRepository)
afterEach(removeRepository)

const GOALS = ['SCHEDULES', 'HISTORIES', 'MUTANTS', 'KILLS', 'JOURNEYS']

/** Vitest that notes its filters and what is asked of it, and fails in the tests of `failing`. */
function writeVitest(failing = 'nothing'): void {
  write(
    'node_modules/vitest/vitest.mjs',
    `
    const { appendFileSync, writeFileSync } = process.getBuiltinModule('node:fs')
    const asked = Object.entries(process.env).filter(([name]) => /^STAGEVAULT_(${GOALS.join(
      '|',
    )})$/.test(name)).map((each) => each.join('='))
    const last = process.argv.at(-1)
    appendFileSync('calls', [last, ...asked, process.env.STAGEVAULT_ENGINES].join(' ') + '\\n')
    const failed = last.includes('${failing}') ? 1 : 0
    writeFileSync(process.env.TEST_TOTALS_FILE, JSON.stringify({ passed: 2, failed, skipped: 0 }))
    process.exitCode = failed`,
  )
}

/** What vitest was asked for. */
function asked({ calls }: Run): string[] {
  return calls.filter((call) => call.includes('STAGEVAULT_'))
}

it('runs every goal, each with its number, and says one line for each at the end', () => {
  writeVitest()
  const campaign = run(['campaign'])
  expect(asked(campaign)).toEqual([
    'packages/vault/test/commit/schedules.test.ts STAGEVAULT_SCHEDULES=20000 all',
    'packages/vault/test/model/slow-handles.test.ts STAGEVAULT_HISTORIES=1000 all',
    'packages/vault/test/commit/mutants.test.ts STAGEVAULT_MUTANTS=1 all',
    'packages/vault/test/crash/killed-process.test.ts STAGEVAULT_KILLS=10000 all',
    'examples/browser-vault/test/engine STAGEVAULT_JOURNEYS=all all',
  ])
  expect(campaign.lines.slice(-5).map((line) => line.replace(/, in .*/, ''))).toEqual([
    '  schedules 20000: 2 passed, 0 failed',
    '  histories 1000: 2 passed, 0 failed',
    '  mutants 1: 2 passed, 0 failed',
    '  kills 10000: 2 passed, 0 failed',
    '  journeys all: 2 passed, 0 failed',
  ])
  expect(campaign.code).toBe(0)
})

it('goes on after a goal that is not reached, and fails', () => {
  writeVitest('schedules')
  const campaign = run(['campaign'])
  expect(asked(campaign)).toHaveLength(5)
  const outcomes = campaign.lines.slice(-5)
  expect(outcomes[0]).toMatch(/^! schedules 20000: 2 passed, 1 failed, in /)
  expect(outcomes[1]).toMatch(/^ {2}histories /)
  expect(campaign.code).toBe(1)
})

it('takes some goals, and other numbers', () => {
  writeVitest()
  const campaign = run(['campaign', 'kills=8', 'mutants'])
  expect(asked(campaign)).toEqual([
    'packages/vault/test/crash/killed-process.test.ts STAGEVAULT_KILLS=8 all',
    'packages/vault/test/commit/mutants.test.ts STAGEVAULT_MUTANTS=1 all',
  ])
})

it('names tests that there are, and variables that they read', () => {
  const runner = readFileSync(RUNNER, 'utf8')
  const here = fileURLToPath(new URL('../../', import.meta.url))
  const files = [...runner.matchAll(/'(packages\/vault\/test\/[^']+)'/g)].map(([, path]) =>
    readFileSync(join(here, path ?? ''), 'utf8'),
  )
  expect(files).toHaveLength(6)
  expect(existsSync(join(here, 'examples/browser-vault/test/engine'))).toBe(true)
  for (const goal of [...GOALS.filter((name) => name !== 'JOURNEYS'), 'RUNTIMES']) {
    expect(
      files.some((text) => text.includes(`['STAGEVAULT_${goal}']`)),
      goal,
    ).toBe(true)
  }
})

it.each(['none', 'kills=0', 'kills=', 'journeys=2', 'mutants=2', 'constructor'])(
  'refuses %s',
  (goal) => {
    writeVitest()
    const { code, errors, calls } = run(['campaign', goal])
    expect(errors).toContain('schedules, histories, mutants, kills, journeys')
    expect(calls.filter((call) => !call.startsWith('npx'))).toEqual([])
    expect(code).toBe(1)
  },
)
