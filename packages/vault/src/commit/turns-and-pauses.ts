/** What a committer does while other writers commit first: it takes turns with them, and pauses. */

import type { Turns } from '../platform/platform.js'

export interface Contention {
  /** Whether {@link Contention.wait} must be called before the next round. */
  readonly isContended: boolean
  /**
   * Waits for this handle's turn; after several conflicts, pauses first.
   *
   * @param deadline - when a pending change times out, in milliseconds of the monotonic clock
   */
  wait(deadline: number): Promise<void>
  /** Ends the current wait and prevents later pauses, because the vault is being closed. */
  hasten(): void
  conflict(): void
  /** @param milliseconds - the duration of the commit */
  applied(milliseconds: number): void
  /** Resets the conflict count: the changes that met conflicts are settled. */
  calm(): void
  /** Gives the turn back. */
  settle(): void
}

/**
 * How long a handle waits for its turn, in milliseconds; after that it goes on without one. Turns
 * only reduce conflicts: the guards of the commits ensure correctness.
 */
const TURN_WAIT_MS = 10_000
/**
 * How many commits a handle makes without a turn if it cannot see whether others wait for one. A
 * handle that lost keeps its turn until it commits, so each other handle overtakes it at most this
 * often.
 */
const COMMITS_WITHOUT_TURN_MAX = 16
/** After this many conflicts a handle pauses even in its turn: some writers take no turns. */
const CONFLICTS_BEFORE_PAUSE = 3
/** The longest pause, as a multiple of the last commit's duration, and in milliseconds. */
const PAUSE_FACTOR_MAX = 32
const PAUSE_MS_MAX = 100

export function createContention(turns: Turns): Contention {
  let conflicts = 0
  let commitsWithoutTurn = 0
  let lastCommitMs = 1
  let isPauseDue = false
  let isHasty = false
  let endTurn: (() => void) | null = null
  const wait = createWait()

  function settle(): void {
    endTurn?.()
    endTurn = null
  }

  function calm(): void {
    conflicts = 0
    isPauseDue = false
  }

  async function pause(deadline: number): Promise<void> {
    isPauseDue = false
    // Others must not wait for a handle that only pauses.
    settle()
    const factor = Math.min(2 ** conflicts, PAUSE_FACTOR_MAX)
    const milliseconds = Math.min(Math.random() * factor * lastCommitMs, PAUSE_MS_MAX)
    const left = deadline - performance.now()
    if (left > 0) await wait.within(Math.min(milliseconds, left), aborted)
  }

  return {
    get isContended() {
      return conflicts > 0 || (turns.isWanted() ?? commitsWithoutTurn >= COMMITS_WITHOUT_TURN_MAX)
    },
    wait: async (deadline) => {
      if (isPauseDue && !isHasty) await pause(deadline)
      // Leave half of the time for trying without a turn.
      const left = (deadline - performance.now()) / 2
      if (endTurn !== null || left <= 0) return
      commitsWithoutTurn = 0
      endTurn = await wait.within(Math.min(TURN_WAIT_MS, left), (signal) => turns.take(signal))
    },
    hasten: () => {
      isHasty = true
      wait.stop()
    },
    conflict: () => {
      conflicts++
      isPauseDue = conflicts >= CONFLICTS_BEFORE_PAUSE
    },
    applied: (milliseconds) => {
      calm()
      if (endTurn === null) commitsWithoutTurn++
      lastCommitMs = milliseconds
      settle()
    },
    calm,
    settle,
  }
}

interface Wait {
  /** Runs `begin`; aborts its signal after `milliseconds`. */
  within<T>(milliseconds: number, begin: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Aborts the current wait, if there is one. */
  stop(): void
}

function createWait(): Wait {
  let controller: AbortController | null = null
  return {
    within: async (milliseconds, begin) => {
      const own = new AbortController()
      controller = own
      const timer = setTimeout(() => {
        own.abort()
      }, milliseconds)
      try {
        return await begin(own.signal)
      } finally {
        clearTimeout(timer)
        controller = null
      }
    },
    stop: () => {
      controller?.abort()
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve()
    })
  })
}
