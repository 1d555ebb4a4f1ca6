import { agreementCases } from './agreement.js'
import { commitCases } from './commit.js'
import { contractCases } from './contract.js'
import { faultCases } from './faults.js'
import { orderingCases } from './ordering.js'
import { raceCases } from './races.js'
import { runCase, type ConformanceCase, type StorageSubjectFactory } from './subject.js'

export type { StorageSubject, StorageSubjectFactory } from './subject.js'

/** What `storageConformance` takes. */
export interface StorageConformanceOptions {
  /** Groups cases, as in every test framework. */
  readonly describe: (name: string, body: () => void) => unknown
  /** Registers one case. */
  readonly it: (name: string, body: () => Promise<void>) => unknown
  /** Makes the isolated records of one case, and the adapter under test over them. */
  readonly factory: StorageSubjectFactory
  /** The seed of the random cases, to repeat a run; a new one for each run by default. */
  readonly seed?: number
}

const TOPICS: readonly (readonly [topic: string, cases: readonly ConformanceCase[]])[] = [
  ['contract', contractCases],
  ['ordering', orderingCases],
  ['commit', commitCases],
  ['races', raceCases],
  ['faults', faultCases],
  ['agreement', agreementCases],
]

/**
 * Registers the cases that every storage adapter must pass. No case can be switched off: an adapter
 * that fails one does not implement the contract.
 *
 * @example
 * ```ts
 * import { describe, it } from 'vitest'
 * storageConformance({ describe, it, factory: createSubject })
 * ```
 */
export function storageConformance(options: StorageConformanceOptions): void {
  const { describe, it, factory, seed = Math.floor(Math.random() * 2 ** 32) } = options
  describe('storage conformance', () => {
    for (const [topic, cases] of TOPICS) {
      describe(topic, () => {
        for (const each of cases) it(each.name, () => runCase(each, factory, seed))
      })
    }
  })
}
