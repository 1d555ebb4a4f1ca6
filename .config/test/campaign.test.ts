/** The campaign of the runner: its goals, their order and numbers, and what it says at the end. */

import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FAST_TESTS, GOALS } from '../lanes.mjs'
import type { Run } from './runner-copy.js'
import { makeRepository, removeRepository, run, write } from './runner-copy.js'

beforeEach(makeRepository)
afterEach(removeRepository)

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const NAMES = Object.keys(GOALS)
const VARIABLES = Object.values(GOALS).map(({ variable }) => variable)

/** Vitest that notes its filters and what is asked of it, and fails in the tests of `failing`. */
function writeVitest(failing = 'nothing'): void {
  write(
    'node_modules/vitest/vitest.mjs',
    `
    const { appendFileSync, writeFileSync } = process.getBuiltinModule('node:fs')
    const asked = Object.entries(process.env)
      .filter(([name]) => ${JSON.stringify(VARIABLES)}.includes(name))
      .map((each) => each.join('='))
    const last = process.argv.at(-1)
    appendFileSync('calls', [last, ...asked, process.env.STAGEVAULT_ENGINES, process.env.STAGEVAULT_FAULTS].join(' ') + '\\n')
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
  expect(asked(campaign)).toEqual(
    Object.values(GOALS).map(
      ({ count, variable, tests }) => `${String(tests.at(-1))} ${variable}=${count} all all`,
    ),
  )
  const lines = campaign.lines.slice(-NAMES.length).map((line) => line.replace(/, in .*/, ''))
  expect(lines).toEqual(
    Object.entries(GOALS).map(([name, { count }]) => `  ${name} ${count}: 2 passed, 0 failed`),
  )
  expect(campaign.code).toBe(0)
})

it('goes on after a goal that is not reached, and fails', () => {
  writeVitest('schedules')
  const campaign = run(['campaign'])
  expect(asked(campaign)).toHaveLength(NAMES.length)
  const outcomes = campaign.lines.slice(-NAMES.length)
  expect(outcomes[0]).toMatch(/^! schedules 20000: 2 passed, 1 failed, in /)
  expect(outcomes[1]).toMatch(/^ {2}histories /)
  expect(campaign.code).toBe(1)
})

it('takes some goals, and other numbers', () => {
  writeVitest()
  const campaign = run(['campaign', 'kills=8', 'mutants'])
  expect(asked(campaign)).toEqual([
    'packages/vault/test/crash/killed-process.test.ts STAGEVAULT_KILLS=8 all all',
    '.config/test/mutants/mutants.test.ts STAGEVAULT_MUTANTS=all all all',
  ])
})

/** The texts of a file, or of all files below a folder. */
function textsAt(path: string): string[] {
  const whole = join(ROOT, path)
  if (statSync(whole).isFile()) return [readFileSync(whole, 'utf8')]
  return readdirSync(whole, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(whole, name), 'utf8'))
}

it.each(Object.entries(GOALS))(
  '%s names tests that there are, and a variable that they read',
  (_, { variable, tests }) => {
    const texts = [...tests, 'packages/vault/test/support'].flatMap(textsAt)
    expect(texts.some((text) => text.includes(`['${variable}']`))).toBe(true)
  },
)

it.each(FAST_TESTS)('the fast lane has tests in %s', (path) => {
  expect(textsAt(path).length).toBeGreaterThan(0)
})

it.each(['none', 'kills=0', 'kills=', 'journeys=2', 'mutants=2', 'constructor'])(
  'refuses %s',
  (goal) => {
    writeVitest()
    const { code, errors, calls } = run(['campaign', goal])
    expect(errors).toContain(NAMES.join(', '))
    expect(calls.filter((call) => !call.startsWith('npx'))).toEqual([])
    expect(code).toBe(1)
  },
)
