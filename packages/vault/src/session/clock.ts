/** The time of a vault: informational, except that a recovery window ends by it. */

import { TIME_MAX } from '@stagevault/core/limits'

/** The time now, as a `Date` or in milliseconds since 1970. */
export type Clock = () => Date | number

/**
 * The clock in milliseconds. It never goes back within a session: a clock that was set back does
 * not reopen a recovery window that had ended.
 *
 * @returns a function that throws a `TypeError` when the clock gives no time.
 */
export function createMonotonicClock(clock: Clock): () => number {
  let latest = 0
  return () => {
    const time = readClock(clock)
    if (!(time >= 0 && time <= TIME_MAX)) throw new TypeError('the clock gave no time')
    latest = Math.max(latest, time)
    return latest
  }
}

function readClock(clock: Clock): number {
  try {
    return Math.floor(Number(clock()))
  } catch {
    // Not passed on as `cause`, like every error of a caller's function that gives a value.
    throw new TypeError('the clock threw an error')
  }
}
