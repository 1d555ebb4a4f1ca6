export interface Goal {
  readonly count: number | 'all'
  /** Of the environment, which the tests read. */
  readonly variable: string
  readonly tests: readonly string[]
}

export const FAST_TESTS: readonly string[]
export const FAST_TEST_MS: number
export const GOALS: Readonly<Record<string, Goal>>
