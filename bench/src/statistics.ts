/** Order statistics: what is robust on a machine that does other things at the same time. */

/** The value below which the fraction `q` (0 to 1) lies, between two neighbours by proportion. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = q * (sorted.length - 1)
  const low = sorted[Math.floor(place)]
  const high = sorted[Math.ceil(place)]
  if (low === undefined || high === undefined) throw new RangeError('no values')
  return low + (high - low) * (place - Math.floor(place))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** How the times of one subject compare with those of another, measured in the same rounds. */
export interface Ratio {
  /** Median of the ratios of each round. A round that was disturbed as a whole does not count. */
  readonly median: number
  /** Quartiles of the ratios of each round. */
  readonly low: number
  readonly high: number
  /** Ratio of the medians over all rounds. */
  readonly ofMedians: number
  /** Ratio of the best rounds. */
  readonly ofBests: number
}

/** Compares times that were taken in pairs. */
export function compareTimes(of: readonly number[], to: readonly number[]): Ratio {
  if (of.length !== to.length) throw new RangeError('the times are not in pairs')
  const perRound = of.map((time, round) => time / (to[round] ?? Number.NaN))
  return {
    median: median(perRound),
    low: quantile(perRound, 0.25),
    high: quantile(perRound, 0.75),
    ofMedians: median(of) / median(to),
    ofBests: Math.min(...of) / Math.min(...to),
  }
}

/** What is told of the operations of a round. */
export const QUANTITIES: readonly ['p50', 'p95', 'mean'] = ['p50', 'p95', 'mean']
export type Quantity = (typeof QUANTITIES)[number]

/** One round of one subject, in nanoseconds per operation. */
export interface RoundTimes extends Readonly<Record<Quantity, number>> {
  readonly best: number
  /** Runs that were timed: the 95th percentile of a few is the slowest of them. */
  readonly runs: number
}

export function summarize(times: readonly number[]): RoundTimes {
  return {
    p50: median(times),
    p95: quantile(times, 0.95),
    mean: times.reduce((sum, each) => sum + each, 0) / times.length,
    best: Math.min(...times),
    runs: times.length,
  }
}
