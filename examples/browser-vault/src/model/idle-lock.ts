/** Locks a vault that nobody uses, by the clock: timers stand still while a computer sleeps. */

export const IDLE_MINUTES: readonly number[] = [1, 5, 15, 60]
export const IDLE_MINUTES_DEFAULT = 5

export interface IdleLock {
  /** Somebody used the vault. */
  touch(): void
  /** Looks at the clock, as after a sleep or in a tab that was hidden. */
  check(): void
  setMinutes(minutes: number): void
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
  clearTimer: (timer) => { clearTimeout(timer as number) },
}

/** @param lock - called once, after so many minutes without use */
export function createIdleLock(
  minutes: number, lock: () => void, clock: IdleClock = PAGE_CLOCK,
): IdleLock {
  let limit = minutes * 60_000
  let lastUse = clock.now()
  let timer: unknown

  function stop(): void {
    clock.clearTimer(timer)
  }

  function unused(): number {
    // A clock that was set back must not keep the vault open until it has caught up.
    lastUse = Math.min(lastUse, clock.now())
    return clock.now() - lastUse
  }

  function check(): void {
    stop()
    const left = limit - unused()
    if (left <= 0) lock()
    else timer = clock.setTimer(check, left)
  }

  check()
  return {
    touch: () => {
      // Time that has run out meanwhile is not given back by a late touch.
      if (unused() < limit) lastUse = clock.now()
      check()
    },
    check,
    setMinutes: (next) => {
      limit = next * 60_000
      check()
    },
    stop,
  }
}
