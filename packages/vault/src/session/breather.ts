/** Gives up the thread from time to time, in what takes long over a store that answers at once. */

import { platform } from '#platform'

export interface Breather {
  /** Lets other tasks run, unless they ran a moment ago. */
  breathe(): Promise<void> | undefined
}

/** How long the thread is held at most, in milliseconds, apart from single steps. */
const HELD_MS_MAX = 20

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
