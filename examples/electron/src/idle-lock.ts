/** Locks after a time in which the vault was not used. */

export interface IdleLock {
  /** The vault was used: the time starts again. */
  touch(): void
  stop(): void
}

/** @param lock - called once, `seconds` after it was touched last, if it was touched at all */
export function createIdleLock(seconds: number, lock: () => void): IdleLock {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = (): void => {
    clearTimeout(timer)
  }
  return {
    stop,
    touch: () => {
      stop()
      timer = setTimeout(lock, seconds * 1000)
    },
  }
}
