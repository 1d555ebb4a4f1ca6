/** A clock that stands still until a test moves it. */

export const DAY_MS = 86_400_000

/** Where every test begins: a whole second, so that times are easy to read in a failure. */
export const START_TIME: number = Date.UTC(2030, 0, 1)

export interface TestClock {
  /** What the vault is given as its clock. */
  readonly now: () => number
  advance(milliseconds: number): void
  /** Puts the clock anywhere, also back. */
  set(time: number): void
}

export function createTestClock(start: number = START_TIME): TestClock {
  let time = start
  return {
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds
    },
    set: (to) => {
      time = to
    },
  }
}
