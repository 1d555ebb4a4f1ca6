/** Yields the thread at intervals in long loops over a store that answers immediately. */

import { platform } from '#platform'

export interface Breather {
  /** Lets other tasks run, unless they ran a moment ago. */
  breathe(): Promise<void> | undefined
}

/**
 * How long one piece of work holds the thread, in milliseconds, apart from single steps. A turn
 * that one call of the vault started is awaited by the next, so three such pieces may follow each
 * other: less than the 50 ms that the documentation promises.
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
