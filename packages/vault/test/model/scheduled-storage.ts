/** A store whose every call waits for a scheduler twice: before it is made, and with its answer. */

import type fc from 'fast-check'
import type { StorageAdapter } from '@stagevault/storage'

export interface ScheduledStorage extends StorageAdapter {
  /** From here on calls wait for the scheduler; what came before went straight through. */
  begin(): void
  /** From here on calls go straight through again. */
  end(): void
}

export function scheduledStorage(
  inner: StorageAdapter,
  scheduler: fc.Scheduler,
  onConflict: () => void,
): ScheduledStorage {
  let isScheduled = false

  async function turn(label: string): Promise<void> {
    if (isScheduled) await scheduler.schedule(Promise.resolve(), label)
  }

  async function run<T>(method: string, call: () => Promise<T>): Promise<T> {
    await turn(`${method} is made`)
    // Awaited after the turn of its answer: by then others may have changed what it tells of.
    const [answer] = await Promise.allSettled([call()])
    await turn(`${method} answers`)
    if (answer.status === 'rejected') throw answer.reason as Error
    return answer.value
  }

  return {
    read: (keys) => run('read', () => inner.read(keys)),
    scan: (range) => run('scan', () => inner.scan(range)),
    commit: (commit) =>
      run('commit', async () => {
        const outcome = await inner.commit(commit)
        if (outcome === 'conflict') onConflict()
        return outcome
      }),
    close: () => inner.close(),
    begin: () => {
      isScheduled = true
    },
    end: () => {
      isScheduled = false
    },
  }
}
