/** The time of a vault: informational, except that a recovery window ends by it. */

import { TIME_MAX } from '@stagevault/core/limits'

/** The time now, as a `Date` or in milliseconds since 1970. */
export type Clock = () => Date | number

/**
 * The clock in milliseconds, as it is read: the greatest time is not kept, so that one wrong
 * reading does not stay.
 *
 * @returns a function that throws a `TypeError` when the clock gives no time.
 */
export function checkedClock(clock: Clock): () => number {
  return () => {
    const time = readClock(clock)
    if (!(time >= 0 && time <= TIME_MAX)) throw new TypeError('the clock gave no time')
    return time
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
