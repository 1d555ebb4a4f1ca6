/** What a person asks for, tried: what went wrong is said, and so is what was done. */
import { isStorageError } from 'stagevault'
import { problemWords } from '../model/problem-words.js'
import type { Announcer } from '../views/announcer.js'

export interface Attempts {
  /** Leaves the vault if it turns out to be gone, and rethrows every failure. */
  readonly orGone: <T>(work: () => Promise<T>) => Promise<T>
  /** Says what went wrong, and throws it on. */
  readonly attempt: <T>(work: () => Promise<T>) => Promise<T>
  /** Reports a failure of work that no person asked for; keeps the message that is shown. */
  readonly watch: (work: () => Promise<void>) => Promise<void>
  /** Says what went wrong, or what was done. */
  readonly change: (work: () => Promise<void>, done?: string) => Promise<void>
  /** Nothing is said any more. */
  readonly stop: () => void
  readonly isStopped: () => boolean
}

/** @param onGone - the vault cannot be used any more: what is shown of it must not stay */
export function createAttempts(announcer: Announcer, onGone: (why: string) => void): Attempts {
  let isStopped = false

  async function orGone<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const isGone =
        isStorageError(error, 'STORAGE_CLOSED') || isStorageError(error, 'STORAGE_MISSING')
      if (isGone && !isStopped) onGone(problemWords(error))
      throw error
    }
  }

  async function warnOf<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await orGone(work)
    } catch (error) {
      if (!isStopped) announcer.warn(problemWords(error))
      throw error
    }
  }

  function attempt<T>(work: () => Promise<T>): Promise<T> {
    announcer.clear()
    return warnOf(work)
  }

  return {
    orGone,
    attempt,
    watch: async (work) => {
      try {
        await warnOf(work)
      } catch {
        // It was said.
      }
    },
    change: async (work, done) => {
      try {
        await attempt(work)
        if (done !== undefined && !isStopped) announcer.say(done)
      } catch {
        // It was said.
      }
    },
    stop: () => {
      isStopped = true
    },
    isStopped: () => isStopped,
  }
}
