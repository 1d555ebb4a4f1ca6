/** A clock and timers that a test moves by hand. */
export interface HandClock {
  readonly now: () => number
  readonly setTimer: (callback: () => void, milliseconds: number) => unknown
  readonly clearTimer: (timer: unknown) => void
  /** Lets time pass; what falls due in that time happens in its order. */
  readonly pass: (milliseconds: number) => void
  /** Lets time pass while nothing runs, as when the computer sleeps. */
  readonly sleep: (milliseconds: number) => void
  readonly pending: () => number
}

interface Timer {
  readonly due: number
  readonly callback: () => void
}

export function createHandClock(): HandClock {
  let time = 0
  const timers = new Set<Timer>()
  return {
    now: () => time,
    setTimer: (callback, milliseconds) => {
      const timer = { due: time + milliseconds, callback }
      timers.add(timer)
      return timer
    },
    clearTimer: (timer) => {
      timers.delete(timer as Timer)
    },
    pass: (milliseconds) => {
      const end = time + milliseconds
      for (;;) {
        const [next] = [...timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)
        if (next === undefined) break
        timers.delete(next)
        time = Math.max(time, next.due)
        next.callback()
      }
      time = end
    },
    sleep: (milliseconds) => {
      time += milliseconds
    },
    pending: () => timers.size,
  }
}
