/** What Node asks of the page that measures, and what the page answers. */
import type { Pace } from '../measure.js'

export interface PreparedPage {
  /** The browser as it calls itself, such as `Chromium 150`. */
  readonly browser: string
  readonly comparisons: readonly PreparedComparison[]
}

export interface PreparedComparison {
  readonly title: string
  /** Names of its subjects, in order. */
  readonly subjects: readonly string[]
}

/** One subject of one comparison, by their places. */
export interface VerifyOrder {
  readonly comparison: number
  readonly subject: number
}

export interface MeasureOrder {
  readonly comparison: number
  readonly pace: Pace
}
