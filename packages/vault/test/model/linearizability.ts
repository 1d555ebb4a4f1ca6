/**
 * Whether calls that overlapped can be told as a story: one after another, each at some moment
 * between its invocation and its response, each with the outcome that it had (Herlihy and Wing
 * 1990). The search is that of Wing and Gong, with Lowe's memory of configurations: a set of calls
 * that led to a state once need not be tried again.
 */

import { isDeepStrictEqual } from 'node:util'
import type { Step } from './naive-model.js'
import { step } from './naive-model.js'
import type { NaiveStore } from './naive-reads.js'
import type { Operation, Outcome } from './operation.js'

/** A call as it was seen from outside. Moments are counted, not measured. */
export interface Call {
  readonly operation: Operation
  readonly invoked: number
  /** `Infinity` where the outcome is unknown: the call may happen at any later time, or never. */
  readonly responded: number
  /** `null` where the outcome is unknown. */
  readonly outcome: Outcome | null
}

/** What a call does to a store, and what it comes to. */
export type StepOf = (store: NaiveStore, operation: Operation) => Step

/** The calls in an order that explains them, or `null` where there is none. */
export function linearize(
  initial: NaiveStore,
  history: readonly Call[],
  stepOf: StepOf = step,
): readonly Call[] | null {
  const seen = new Set<string>()

  function search(store: NaiveStore, open: readonly Call[]): readonly Call[] | null {
    if (open.every((call) => call.outcome === null)) return []
    const configuration = `${placesIn(history, open)} ${JSON.stringify(store)}`
    if (seen.has(configuration)) return null
    seen.add(configuration)

    const firstResponse = Math.min(...open.map(({ responded }) => responded))
    for (const call of open) {
      // A call that responded before this one began must come before it.
      if (call.invoked > firstResponse) continue
      const after = stepOf(store, call.operation)
      if (call.outcome !== null && !isDeepStrictEqual(after.outcome, call.outcome)) continue
      const rest = search(
        after.store,
        open.filter((other) => other !== call),
      )
      if (rest !== null) return [call, ...rest]
    }
    return null
  }

  return search(initial, history)
}

function placesIn(history: readonly Call[], open: readonly Call[]): string {
  return history.map((call) => (open.includes(call) ? '1' : '0')).join('')
}

/** Records calls as they come and go. */
export interface Recorder {
  /** Runs `call` and records when it began, when it ended and what it came to. */
  record(operation: Operation, call: () => Promise<Outcome>): Promise<Outcome>
  /** A moment of its own, for a call that is recorded elsewhere. */
  moment(): number
  /** The calls that have ended, in order of invocation. */
  history(): readonly Call[]
}

export function createRecorder(): Recorder {
  const calls: Call[] = []
  let moment = 0

  return {
    record: async (operation, call) => {
      moment += 1
      const invoked = moment
      const outcome = await call()
      moment += 1
      const isUnknown = 'code' in outcome && outcome.code.startsWith('STORAGE_')
      calls.push(
        isUnknown
          ? { operation, invoked, responded: Infinity, outcome: null }
          : { operation, invoked, responded: moment, outcome },
      )
      return outcome
    },
    moment: () => ++moment,
    history: () => calls.sort((a, b) => a.invoked - b.invoked),
  }
}

/** A history for people to read: an interval, a request and an outcome on each line. */
export function formatHistory(history: readonly Call[]): string {
  return history
    .map(({ operation, invoked, responded, outcome }) => {
      const request = JSON.stringify(operation.request)
      const came = outcome === null ? 'unknown' : JSON.stringify(outcome)
      return `${invoked}..${responded} ${operation.name} ${request} -> ${came}`
    })
    .join('\n')
}
