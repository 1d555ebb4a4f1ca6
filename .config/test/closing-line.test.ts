import { expect, it } from 'vitest'
import { countTests, formatTotals, skipReasons } from '../closing-line.js'

type Modules = Parameters<typeof countTests>[0]
type SkippedModules = Parameters<typeof skipReasons>[0]

/** As much of vitest's report as is counted: tests by state, errors of the file and of suites. */
function report(states: readonly string[], fileErrors = 0, suiteErrors = 0): Modules[number] {
  const errors = (count: number) => () => Array.from({ length: count }, () => ({ message: '' }))
  const tests = states.map((state) => ({ result: () => ({ state }) }))
  return {
    errors: errors(fileErrors),
    children: { allTests: () => tests, allSuites: () => [{ errors: errors(suiteErrors) }] },
  } as unknown as Modules[number]
}

it('counts tests by what came of them', () => {
  const modules = [report(['passed', 'failed', 'passed']), report(['skipped', 'passed'])]
  expect(countTests(modules, 0)).toEqual({ passed: 3, failed: 1, skipped: 1 })
})

it('counts a test that never finished as failed', () => {
  expect(countTests([report(['pending'])], 0).failed).toBe(1)
})

it('counts errors outside tests as failures', () => {
  expect(countTests([report([], 1, 1), report(['passed'])], 1)).toEqual({
    passed: 1,
    failed: 3,
    skipped: 0,
  })
})

it('speaks of skipped tests only where there are some', () => {
  expect(formatTotals({ passed: 2, failed: 0, skipped: 0 })).toBe('2 passed, 0 failed')
  expect(formatTotals({ passed: 2, failed: 1, skipped: 3 })).toBe('2 passed, 1 failed, 3 skipped')
})

it('names every reason for skipping once', () => {
  const skipped = (...notes: readonly (string | undefined)[]): SkippedModules => {
    const tests = notes.map((note) => ({ result: () => ({ state: 'skipped', note }) }))
    return [{ children: { allTests: () => tests } }] as never
  }
  expect(
    skipReasons([...skipped('no browser', undefined), ...skipped('no browser', 'no disk')]),
  ).toEqual(['no browser', 'no disk'])
})
