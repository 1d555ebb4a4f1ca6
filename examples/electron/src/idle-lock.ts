/** Locks after a time in which nobody used the vault. */

export interface IdleLock {
  /** Somebody did: the time begins anew. */
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
