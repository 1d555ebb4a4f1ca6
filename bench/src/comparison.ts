/** What is measured: subjects side by side, and suites of them. */

/** One way to do a thing. Subjects of one comparison do the same or nearly the same. */
export type Subject = SyncSubject | AsyncSubject

interface SubjectBase {
  readonly name: string
  /** Does the thing once and throws unless the answer is right. Nothing is timed before. */
  readonly verify: () => void | Promise<void>
  /** Operations in one `run`; 1 by default. Times are given per operation. */
  readonly operations?: number
  /** Of a subject that the first one is compared with: what the ratio should not exceed. */
  readonly aim?: number
  /** A remark for the table, asked for once everything is measured. */
  readonly note?: () => string
}

export interface SyncSubject extends SubjectBase {
  readonly kind: 'sync'
  readonly run: () => unknown
}

export interface AsyncSubject extends SubjectBase {
  readonly kind: 'async'
  readonly run: () => Promise<unknown>
}

/** Subjects measured in turns. The first is the one in question; the others are held against it. */
export interface Comparison {
  readonly title: string
  readonly subjects: readonly [Subject, ...Subject[]]
  /**
   * Gives each subject one run in a round instead of a few milliseconds. For what waits for the
   * disk: whoever runs right after another finds caches cold and a journal to be written first, and
   * that has to meet every run of every subject, not every first one.
   */
  readonly isOneByOne?: boolean
}

/** Something counted or weighed rather than timed; it verifies what it counts. */
export interface Fact {
  readonly title: string
  readonly value: number
  readonly unit: string
}

/** Comparisons that share what they work on. */
export interface Suite {
  readonly name: string
  readonly comparisons: readonly Comparison[]
  /** Called after the comparisons, which may not run any more then. */
  readonly facts?: () => Promise<readonly Fact[]>
  readonly close: () => Promise<void>
}

/** How much of everything: a trial in a test, or a run that means something. */
export interface Scale {
  /** Secrets in the vaults of the growth suite, ascending: whole pages of a hundred. */
  readonly growth: readonly number[]
  /** Gets before the memory of a process is weighed once more. */
  readonly weighingGets: number
  /** log2 of the cost of scrypt. */
  readonly scryptLogN: number
  /** Times that the contention suite starts its writers. */
  readonly contentionRuns: number
  /** Payload sizes in bytes. */
  readonly payloadBytes: readonly number[]
  /** Puts before measuring, so that a secret has all the versions and tombstones it can have. */
  readonly settlingPuts: number
}

/** What a suite is made with. */
export interface SuiteContext {
  /** An empty folder of its own. */
  readonly folder: string
  readonly scale: Scale
}

export type PrepareSuite = (context: SuiteContext) => Promise<Suite>

/** @throws Error with `what`, unless `isRight`. */
export function check(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`wrong answer: ${what}`)
}
