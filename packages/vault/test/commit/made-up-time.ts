/** Stores that take their time, which is made up. */

import { vi } from 'vitest'
import type { StorageAdapter } from '@stagevault/storage'

/** From now on timers and the monotonic clock show made-up time, until they are real again. */
export function makeUpTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
}

export function passes(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}

/** Lets made-up time pass until the work is done. */
export async function finish<T>(work: Promise<T>): Promise<T> {
  const state = { isDone: false }
  const done = (): void => {
    state.isDone = true
  }
  work.then(done, done)
  while (!state.isDone) await vi.advanceTimersByTimeAsync(1)
  return work
}

/** The milliseconds of made-up time that some work takes. */
export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now()
  await finish(work())
  return performance.now() - before
}

export interface Counted {
  readonly storage: StorageAdapter
  commits: number
}

/** A store as one handle sees it, each of whose calls takes some milliseconds. */
export function slowStorage(inner: StorageAdapter, milliseconds: () => number): Counted {
  const counted: Counted = {
    commits: 0,
    storage: {
      ...inner,
      read: async (keys) => {
        await passes(milliseconds())
        return inner.read(keys)
      },
      commit: async (commit) => {
        counted.commits += 1
        await passes(milliseconds())
        return inner.commit(commit)
      },
    },
  }
  return counted
}

/** What becomes of a commit, by its number; a slow one takes three seconds. */
export type Script = (commit: number) => 'pass' | 'conflict' | 'hang' | 'slow'

export const LOSES_ONCE: Script = (commit) => (commit === 1 ? 'conflict' : 'pass')

/** A store as one handle sees it, for whose commits others are too fast as a script says. */
export function scriptedStorage(inner: StorageAdapter, script: Script): Counted {
  const counted: Counted = {
    commits: 0,
    storage: {
      ...inner,
      commit: async (commit) => {
        counted.commits += 1
        const verdict = script(counted.commits)
        if (verdict === 'hang') return new Promise<never>(() => undefined)
        // Time has to pass where a handle loses without pause.
        await passes(verdict === 'slow' ? 3_000 : 1)
        return verdict === 'conflict' ? 'conflict' : inner.commit(commit)
      },
    },
  }
  return counted
}
