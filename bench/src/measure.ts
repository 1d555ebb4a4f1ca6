/**
 * Measuring in turns: every round gives each subject a short while, or one run, in an order that
 * rotates, so that other work of the machine affects all of them alike.
 */
import type { Comparison, Subject } from './comparison.js'
import { compareTimes, median, type Quantity, type Ratio, type RoundTimes } from './statistics.js'

/** How long to measure. Times in milliseconds. */
export interface Pace {
  /** What a subject runs before it is measured, at least. */
  readonly warmUp: number
  /** What a subject gets in each round, about; never less than one run. */
  readonly turn: number
  /** What a subject gets in all rounds together, about. */
  readonly total: number
  /** The least number of rounds, however long they take. */
  readonly roundsMin: number
  /** Rounds of what is measured in rounds, and the share of its runs that a round makes. */
  readonly rounds: number
  readonly roundShare: number
}

/** What a subject has besides the rest where it was measured in rounds: see `measure-rounds.ts`. */
export interface TailResult {
  /** Medians over the rounds. */
  readonly p95: number
  readonly mean: number
  readonly rounds: readonly RoundTimes[]
  /** How many times as long the first subject takes as this one, compared round by round. */
  readonly firstToThis?: Readonly<Record<Quantity, Ratio>>
  readonly aims?: Readonly<Partial<Record<Quantity, number>>>
}

/** Times in nanoseconds per operation. */
export interface SubjectResult {
  readonly name: string
  /** Median over the rounds. */
  readonly p50: number
  /** The fastest round. */
  readonly best: number
  /** How many times as long the first subject of the comparison takes as this one. */
  readonly firstToThis?: Ratio
  readonly aim?: number
  readonly note?: string
  /** Of what was measured in rounds. */
  readonly tail?: TailResult
}

export interface ComparisonResult {
  readonly title: string
  readonly rounds: number
  readonly subjects: readonly SubjectResult[]
}

/** Kept, so that no result is unused and no work can be left out. */
let sink: unknown

/** Runs `count` times and returns the milliseconds that it took. */
async function time(subject: Subject, count: number): Promise<number> {
  if (subject.kind === 'sync') {
    const { run } = subject
    const started = performance.now()
    for (let i = 0; i < count; i++) sink = run()
    return performance.now() - started
  }
  const { run } = subject
  const started = performance.now()
  for (let i = 0; i < count; i++) sink = await run()
  return performance.now() - started
}

/** Warms a subject up, and finds out how many runs fit a turn. */
async function calibrate(subject: Subject, pace: Pace): Promise<number> {
  let count = 1
  let total = 0
  for (;;) {
    const elapsed = await time(subject, count)
    total += elapsed
    if (total >= pace.warmUp) {
      const perRun = elapsed / count
      return Math.max(1, Math.round(pace.turn / Math.max(perRun, 1e-6)))
    }
    // No longer than a turn at once: a slow subject is not to be run a thousand times.
    if (elapsed < pace.turn) count *= 2
  }
}

export async function measure(comparison: Comparison, pace: Pace): Promise<ComparisonResult> {
  const { title, subjects, isOneByOne = false } = comparison
  const turns: { subject: Subject; count: number; times: number[] }[] = []
  for (const subject of subjects) {
    const count = await calibrate(subject, pace)
    turns.push({ subject, count: isOneByOne ? 1 : count, times: [] })
  }
  const end = performance.now() + pace.total * turns.length
  let rounds = 0
  for (; rounds < pace.roundsMin || performance.now() < end; rounds++) {
    for (let i = 0; i < turns.length; i++) {
      const turn = turns[(rounds + i) % turns.length]
      if (turn === undefined) continue
      const elapsed = await time(turn.subject, turn.count)
      const operations = turn.count * (turn.subject.operations ?? 1)
      turn.times.push((elapsed * 1e6) / operations)
    }
  }
  const first = turns[0]?.times ?? []
  return {
    title,
    rounds,
    subjects: turns.map(({ subject, times }, place) => ({
      name: subject.name,
      p50: median(times),
      best: Math.min(...times),
      ...(place === 0 ? {} : { firstToThis: compareTimes(first, times) }),
      ...(subject.aim === undefined ? {} : { aim: subject.aim }),
      ...(subject.note === undefined ? {} : { note: subject.note() }),
    })),
  }
}

/** The last result of the last subject; exported so that the compiler has to keep it. */
export function lastResult(): unknown {
  return sink
}
