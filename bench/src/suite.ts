/** Suites of comparisons, and what they are made with. */
import type { Comparison, RoundsComparison, Subject } from './comparison.js'
import type { ComparisonResult, Pace } from './measure.js'

/** Something counted or weighed rather than timed; it verifies what it counts. */
export interface Fact {
  readonly title: string
  readonly value: number
  readonly unit: string
}

/** Subjects that are somewhere else, such as in a browser, where they have to be measured. */
export interface RemoteComparison {
  readonly title: string
  readonly subjects: readonly Pick<Subject, 'name' | 'verify'>[]
  readonly measure: (pace: Pace) => Promise<ComparisonResult>
}

/** Comparisons that are measured together, all of them in every round. */
export interface Rounds {
  readonly comparisons: readonly Omit<RemoteComparison, 'measure'>[]
  readonly measure: (pace: Pace) => Promise<ComparisonResult[]>
}

/** Comparisons that share what they work on. */
export interface Suite {
  readonly name: string
  readonly comparisons: readonly (Comparison | RemoteComparison)[]
  /** After the others. */
  readonly inRounds?: Rounds
  /** Why there is nothing to compare here, where something else would have to be installed. */
  readonly skipped?: string
  /** Called after the comparisons, which may not run any more then. */
  readonly facts?: () => Promise<readonly Fact[]>
  readonly close: () => Promise<void>
}

/** Some of the comparisons of a suite, all measured in rounds, and what they work on. */
export interface SuitePart {
  readonly comparisons: readonly RoundsComparison[]
  /** What was counted in the rounds. */
  readonly facts?: () => readonly Fact[]
  readonly close: () => Promise<void>
}

/** How much of everything: a trial in a test, or a run that means something. */
export interface Scale {
  /** Secrets in the vaults of the growth suite, ascending: whole pages of a hundred. */
  readonly growth: readonly number[]
  /** The same in IndexedDB. */
  readonly idbGrowth: readonly number[]
  /** Gets before the memory of a process is weighed once more. */
  readonly weighingGets: number
  /** log2 of the cost of scrypt. */
  readonly scryptLogN: number
  /** Times that the contention suite starts its writers. */
  readonly contentionRuns: number
  /** Payload sizes in bytes. */
  readonly payloadBytes: readonly number[]
  /** Writes started at once: of secrets of their own, and of one secret. */
  readonly writesAtOnce: number
  readonly writesOfOneAtOnce: number
  /** Numbers of handles that share the first of these. */
  readonly handles: readonly number[]
  /** Entries that a peer holds, but for those that cannot. */
  readonly peerEntries: number
  /** Bytes of their values. */
  readonly peerBytes: readonly number[]
  /** Puts before measuring, so that a secret has all the versions and tombstones it can have. */
  readonly settlingPuts: number
}

/** What a suite is made with. */
export interface SuiteContext {
  /** An empty folder of its own. */
  readonly folder: string
  readonly scale: Scale
  /** Whether the suite was asked for by name: it may install what it needs then. */
  readonly isNamed: boolean
}

export type PrepareSuite = (context: SuiteContext) => Promise<Suite>
