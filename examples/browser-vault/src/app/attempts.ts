/** What a person asks for, tried: what went wrong is said, and so is what was done. */
import { problemWords } from '../model/problem-words.js'
import type { Announcer } from '../views/announcer.js'

export interface Attempts {
  /** Says what went wrong, and throws it on. */
  readonly attempt: <T>(work: () => Promise<T>) => Promise<T>
  /** Says what went wrong, or what was done. */
  readonly change: (work: () => Promise<void>, done?: string) => Promise<void>
  /** Nothing is said any more. */
  readonly stop: () => void
}

export function createAttempts(announcer: Announcer): Attempts {
  let isStopped = false

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    announcer.clear()
    try {
      return await work()
    } catch (error) {
      if (!isStopped) announcer.warn(problemWords(error))
      throw error
    }
  }

  return {
    attempt,
    change: async (work, done) => {
      try {
        await attempt(work)
        if (done !== undefined && !isStopped) announcer.say(done)
      } catch {
        // It was said.
      }
    },
    stop: () => { isStopped = true },
  }
}
