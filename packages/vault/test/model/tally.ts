/** Counts what came of each operation, so that a run can prove that it reached what it claims. */

import type { OperationName, Outcome } from './operation.js'

const SUCCESS = 'success'

export interface Tally {
  count(operation: OperationName, outcome: Outcome): void
  /** Something that is no operation of a vault, such as a reopening. */
  note(event: string): void
  /** How often an operation came to `code`, or where none is given succeeded. */
  of(operation: OperationName, code?: string): number
  noted(event: string): number
  /** Every code that occurred, sorted. */
  codes(): string[]
  /** One line for each operation: how often it succeeded and which codes it gave. */
  toString(): string
}

export function createTally(): Tally {
  const operations = new Map<string, Map<string, number>>()
  const events = new Map<string, number>()

  function add(counts: Map<string, number>, key: string): void {
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }

  return {
    count: (operation, outcome) => {
      const counts = operations.get(operation) ?? new Map<string, number>()
      operations.set(operation, counts)
      add(counts, 'code' in outcome ? outcome.code : SUCCESS)
    },
    note: (event) => {
      add(events, event)
    },
    of: (operation, code = SUCCESS) => operations.get(operation)?.get(code) ?? 0,
    noted: (event) => events.get(event) ?? 0,
    codes: () => {
      const seen = new Set([...operations.values()].flatMap((counts) => [...counts.keys()]))
      seen.delete(SUCCESS)
      return [...seen].sort()
    },
    toString: () => {
      const line = ([name, counts]: [string, Map<string, number>]): string =>
        `${name}: ${[...counts].map(([key, count]) => `${key} ${count}`).join(', ')}`
      const noted = [...events].map(([event, count]) => `${event} ${count}`).join(', ')
      return [...[...operations].map(line), noted].join('\n')
    },
  }
}
