/**
 * Measuring in rounds, where the tail counts as much as the middle: every operation is timed by
 * itself, every comparison runs in every round, and each round gives ratios of its own. A bad
 * minute of the machine spoils one round of all, and the median over the rounds passes it over.
 */
import type { RoundsComparison, RoundsSubject } from './comparison.js'
import type { ComparisonResult, Pace, SubjectResult } from './measure.js'
import {
  compareTimes,
  median,
  summarize,
  type Quantity,
  type Ratio,
  type RoundTimes,
} from './statistics.js'

/** Runs every comparison once without looking at the clock, and then in each of the rounds. */
export async function measureRounds(
  comparisons: readonly RoundsComparison[],
  { rounds, roundShare }: Pace,
): Promise<ComparisonResult[]> {
  const times = comparisons.map(({ subjects }) => subjects.map((): RoundTimes[] => []))
  for (const comparison of comparisons) await runRound(comparison, roundShare, 0)
  for (let round = 0; round < rounds; round++) {
    for (const [place, comparison] of comparisons.entries()) {
      const samples = await runRound(comparison, roundShare, round)
      for (const [i, each] of samples.entries()) times[place]?.[i]?.push(summarize(each))
    }
  }
  return comparisons.map((comparison, i) => resultOf(comparison, times[i] ?? []))
}

/** Nanoseconds per operation of each run of each subject; the subject that begins changes. */
async function runRound(
  { subjects, runs, turn }: RoundsComparison,
  share: number,
  round: number,
): Promise<number[][]> {
  const samples = subjects.map((): number[] => [])
  const runsNow = Math.max(1, Math.round(runs * share))
  const turns = Math.ceil(runsNow / turn)
  for (let t = 0; t < turns; t++) {
    for (let i = 0; i < subjects.length; i++) {
      const place = (round + t + i) % subjects.length
      const subject = subjects[place]
      if (subject === undefined) continue
      await runTurn(subject, Math.min(turn, runsNow), samples[place] ?? [])
    }
  }
  return samples
}

async function runTurn(subject: RoundsSubject, count: number, samples: number[]): Promise<void> {
  const { run, before, operations = 1 } = subject
  for (let i = 0; i < count; i++) {
    if (before !== undefined) await before()
    const started = performance.now()
    if (subject.kind === 'sync') run()
    else await run()
    samples.push(((performance.now() - started) * 1e6) / operations)
  }
}

/** A result from the rounds of each subject, the first of which is the one in question. */
export function resultOf(
  {
    title,
    subjects,
  }: {
    readonly title: string
    readonly subjects: readonly Pick<RoundsSubject, 'name' | 'aims' | 'note'>[]
  },
  times: readonly (readonly RoundTimes[])[],
): ComparisonResult {
  const first = times[0] ?? []
  const results = subjects.map(({ name, aims, note }, place): SubjectResult => {
    const rounds = times[place] ?? []
    const ratios = place === 0 ? null : compareRounds(first, rounds)
    return {
      name,
      p50: median(rounds.map(({ p50 }) => p50)),
      best: Math.min(...rounds.map(({ best }) => best)),
      ...(ratios === null ? {} : { firstToThis: ratios.p50 }),
      ...(note === undefined ? {} : { note: note() }),
      tail: {
        p95: median(rounds.map(({ p95 }) => p95)),
        mean: median(rounds.map(({ mean }) => mean)),
        rounds,
        ...(ratios === null ? {} : { firstToThis: ratios }),
        ...(aims === undefined ? {} : { aims }),
      },
    }
  })
  return { title, rounds: first.length, subjects: results }
}

function compareRounds(
  first: readonly RoundTimes[],
  rounds: readonly RoundTimes[],
): Record<Quantity, Ratio> {
  const compare = (quantity: Quantity): Ratio =>
    compareTimes(
      first.map((each) => each[quantity]),
      rounds.map((each) => each[quantity]),
    )
  return { p50: compare('p50'), p95: compare('p95'), mean: compare('mean') }
}
