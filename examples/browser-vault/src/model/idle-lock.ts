/** Locks a vault that is not used, by the clock: timers stand still while a computer sleeps. */

export const IDLE_MINUTES: readonly number[] = [1, 5, 15, 60]
export const IDLE_MINUTES_DEFAULT = 5

/** How often the clock is looked at: nothing else tells a page that the computer slept. */
const LOOK_MS = 5_000

export interface IdleLock {
  /** The vault is open from now on. */
  start(): void
  /** The vault was used. */
  touch(): void
  /** Looks at the clock, as in a tab that was hidden. */
  check(): void
  setMinutes(minutes: number): void
  /** The vault is locked. */
  stop(): void
}

export interface IdleClock {
  /** Milliseconds. */
  readonly now: () => number
  readonly setTimer: (callback: () => void, milliseconds: number) => unknown
  readonly clearTimer: (timer: unknown) => void
}

const PAGE_CLOCK: IdleClock = {
  now: () => Date.now(),
  setTimer: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimer: (timer) => {
    clearTimeout(timer as number)
  },
}

/** @param lock - called once after each start, when the vault was not used for so many minutes */
export function createIdleLock(
  minutes: number,
  lock: () => void,
  clock: IdleClock = PAGE_CLOCK,
): IdleLock {
  let limit = minutes * 60_000
  /** `null` while the vault is locked. */
  let lastUse: number | null = null
  let timer: unknown

  function stop(): void {
    clock.clearTimer(timer)
    lastUse = null
  }

  function check(): void {
    clock.clearTimer(timer)
    if (lastUse === null) return
    // A clock that was set back must not keep the vault open until it has caught up.
    lastUse = Math.min(lastUse, clock.now())
    const left = lastUse + limit - clock.now()
    if (left > 0) {
      timer = clock.setTimer(check, Math.min(left, LOOK_MS))
      return
    }
    stop()
    lock()
  }

  return {
    start: () => {
      lastUse = clock.now()
      check()
    },
    touch: () => {
      // A late touch does not give back time that has run out.
      check()
      if (lastUse !== null) lastUse = clock.now()
    },
    check,
    setMinutes: (next) => {
      limit = next * 60_000
      check()
    },
    stop,
  }
}
