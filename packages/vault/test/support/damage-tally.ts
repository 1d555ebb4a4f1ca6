/** Sums up what readers made of many damages, so that a campaign ends with few expectations. */

import type { Mutation } from '@stagevault/storage'
import type { DamageBench, DamageReport } from './damage-bench.js'

export interface DamageTally {
  /** Inflicts a damage; `verify` has to report one of the changed keys. */
  readonly inflict: (description: string, changes: readonly Mutation[]) => Promise<DamageReport>
  /** Damages, and those that left a read or opening refused. */
  readonly count: () => number
  readonly refusedCount: () => number
  /** Everything that should not be: wrong answers, and damages that `verify` did not see. */
  readonly finish: () => Promise<readonly string[]>
}

/** Failures that are told in full; a defect rarely shows itself once. */
const FAILURES_MAX = 20

export function createDamageTally(bench: DamageBench): DamageTally {
  const failures: string[] = []
  let count = 0
  let refused = 0
  return {
    inflict: async (description, changes) => {
      const report = await bench.inflict(description, changes)
      count += 1
      if (report.refused > 0) refused += 1
      failures.push(...report.wrong)
      if (!changes.some(({ key }) => report.problemKeys.includes(key))) {
        failures.push(`${description}: verify does not report it`)
      }
      return report
    },
    count: () => count,
    refusedCount: () => refused,
    finish: async () => [...failures, ...(await bench.finish())].slice(0, FAILURES_MAX),
  }
}
