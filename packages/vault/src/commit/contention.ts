/** How a committer behaves while other writers are faster: turns, pauses, and when it gives up. */

export interface Contention {
  /** Whether the last commit met a conflict. */
  readonly isContended: boolean
  /** Waits for this handle's turn, and for longer after each conflict. */
  wait(): Promise<void>
  conflict(): void
  /** @param milliseconds - what the commit took */
  applied(milliseconds: number): void
  /** Gives the turn back. */
  settle(): void
}

/**
 * Turns are a courtesy, the guards of the commits the correctness: a handle whose turn does not
 * come within this time, in milliseconds, goes on without one.
 */
const TURN_WAIT_MS = 10_000
/** Conflicts after which a handle pauses although it has its turn: others take none. */
const CONFLICTS_BEFORE_PAUSE = 3
/** The longest pause, as a multiple of a commit's duration. */
const PAUSE_FACTOR_MAX = 32

/** @param takeTurn - waits until the handles that asked before have had their turns */
export function createContention(takeTurn: () => Promise<() => void>): Contention {
  let conflicts = 0
  let lastCommitMs = 1
  let endTurn: (() => void) | null = null

  function settle(): void {
    endTurn?.()
    endTurn = null
  }

  return {
    get isContended() {
      return conflicts > 0
    },
    wait: async () => {
      endTurn ??= await turnWithin(takeTurn(), TURN_WAIT_MS)
      if (conflicts < CONFLICTS_BEFORE_PAUSE) return
      const factor = Math.min(2 ** conflicts, PAUSE_FACTOR_MAX)
      await sleep(Math.random() * factor * lastCommitMs)
    },
    conflict: () => {
      conflicts++
    },
    applied: (milliseconds) => {
      conflicts = 0
      lastCommitMs = milliseconds
      settle()
    },
    settle,
  }
}

/** A turn that comes too late is given back at once. */
async function turnWithin(turn: Promise<() => void>, milliseconds: number): Promise<() => void> {
  let isLate = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<() => void>((resolve) => {
    timer = setTimeout(() => {
      isLate = true
      resolve(() => undefined)
    }, milliseconds)
  })
  void turn.then((end) => {
    if (isLate) end()
  })
  try {
    return await Promise.race([turn, late])
  } finally {
    clearTimeout(timer)
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}
