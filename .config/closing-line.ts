import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/** What a test run came to. A file that could not be loaded counts as one failure. */
export interface TestTotals {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/**
 * Says how many tests passed and failed: in a file where `run.mjs` asks for it (it adds its own
 * checks and prints the last line), as the last line otherwise.
 */
export function closingLine(totalsFile: string | undefined): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      for (const reason of skipReasons(modules)) process.stdout.write(`skipped: ${reason}\n`)
      const totals = countTests(modules, unhandledErrors.length)
      if (totalsFile === undefined) process.stdout.write(`${formatTotals(totals)}\n`)
      else writeFileSync(totalsFile, JSON.stringify(totals))
    },
  }
}

export function formatTotals({ passed, failed, skipped }: TestTotals): string {
  return `${passed} passed, ${failed} failed` + (skipped > 0 ? `, ${skipped} skipped` : '')
}

/** Why tests were skipped, each reason once: the last lines of the output should show it. */
export function skipReasons(
  modules: readonly { readonly children: Pick<TestModule['children'], 'allTests'> }[],
): string[] {
  const reasons = new Set<string>()
  for (const module of modules) {
    for (const test of module.children.allTests('skipped')) {
      const result = test.result()
      if (result.state === 'skipped' && result.note !== undefined) reasons.add(result.note)
    }
  }
  return [...reasons]
}

/** Errors outside any test (a file that does not load, a hook, a late rejection) are failures. */
export function countTests(
  modules: readonly Pick<TestModule, 'children' | 'errors'>[],
  unhandledErrors: number,
): TestTotals {
  let failed = unhandledErrors
  let passed = 0
  let skipped = 0
  for (const module of modules) {
    failed += module.errors().length
    for (const suite of module.children.allSuites()) failed += suite.errors().length
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'passed') passed += 1
      else if (state === 'skipped') skipped += 1
      else failed += 1
    }
  }
  return { passed, failed, skipped }
}
