/** How a committer behaves while other writers are faster: it takes turns with them, and pauses. */

import type { Turns } from '../platform/platform.js'

export interface Contention {
  /** Whether {@link Contention.wait} comes before the next round. */
  readonly isContended: boolean
  /**
   * Waits for this handle's turn, and for longer after several conflicts.
   *
   * @param deadline - when a change that waits is to be given up, by the monotonic clock
   */
  wait(deadline: number): Promise<void>
  /** Ends a wait, and lets no pause begin any more: the vault is being closed. */
  hasten(): void
  conflict(): void
  /** @param milliseconds - what the commit took */
  applied(milliseconds: number): void
  /** The changes that met conflicts have come to their ends. */
  calm(): void
  /** Gives the turn back. */
  settle(): void
}

/**
 * Turns are a courtesy, the guards of the commits the correctness: a handle whose turn does not
 * come within this time, in milliseconds, goes on without one.
 */
const TURN_WAIT_MS = 10_000
/**
 * Commits that a handle makes without a turn where it cannot see whether others wait for one.
 * Those that lose hold their turn until they have won, so each is passed this often at most by
 * each of the others.
 */
const COMMITS_WITHOUT_TURN_MAX = 16
/** Conflicts after which a handle pauses although it has its turn: others take none. */
const CONFLICTS_BEFORE_PAUSE = 3
/** The longest pause, as a multiple of a commit's duration, and in milliseconds. */
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
    // Others need not wait for one that does nothing.
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
      // Half of the time is left to try without a turn.
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
  /** Waits until it is over, or gives it up by its signal after some milliseconds. */
  within<T>(milliseconds: number, begin: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Gives up what is waited for, if anything. */
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
