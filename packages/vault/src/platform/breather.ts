/** Gives up the thread from time to time, in what takes long over a store that answers at once. */

import { platform } from '#platform'

export interface Breather {
  /** Lets other tasks run, unless they ran a moment ago. */
  breathe(): Promise<void> | undefined
}

/**
 * How long one piece of work holds the thread, in milliseconds, apart from single steps. A turn
 * that one call of the vault has begun is waited for by the next, so three such pieces may follow
 * one another: fewer than the 50 ms that are promised.
 */
export const HELD_MS_MAX = 15

export function createBreather(): Breather {
  let last = performance.now()
  return {
    breathe: () => {
      if (performance.now() - last < HELD_MS_MAX) return undefined
      return platform.yieldThread().then(() => {
        last = performance.now()
      })
    },
  }
}
