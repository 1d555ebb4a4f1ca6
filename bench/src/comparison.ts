/** What is measured: subjects side by side. */
import type { Quantity } from './statistics.js'

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
   * Gives each subject one run in a round instead of a few milliseconds. For subjects that wait
   * for the disk: a run right after that of another finds caches cold and a journal
   * to be written first; that has to meet every run of every subject, not every first one.
   */
  readonly isOneByOne?: boolean
}

/** A subject that is measured in rounds. */
export type RoundsSubject = Subject & {
  /** Made ready before every run, without being timed. */
  readonly before?: () => Promise<void>
  /** Of a subject that the first one is compared with: what the ratios should not exceed. */
  readonly aims?: Readonly<Partial<Record<Quantity, number>>>
}

/** Subjects whose operations are timed one by one, for the tail: see `measure-rounds.ts`. */
export interface RoundsComparison {
  readonly title: string
  readonly subjects: readonly [RoundsSubject, ...RoundsSubject[]]
  /** Runs of each subject in a round. */
  readonly runs: number
  /** Runs of one subject in a row: one for what waits for the disk, many for what is hot. */
  readonly turn: number
}

/** @throws Error with `what`, unless `isRight`. */
export function check(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`wrong answer: ${what}`)
}
