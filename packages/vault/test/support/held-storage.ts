/** A store whose calls wait for the test. */

import type { StorageAdapter } from '@stagevault/storage'

type Held = 'reads' | 'commits'

export interface HeldStorage {
  readonly storage: StorageAdapter
  /** From now on calls of this kind wait. */
  hold(kind: Held): void
  /** Resolves when a call waits. */
  arrival(): Promise<void>
  /** Lets what waits go on, and what comes later. */
  release(): void
  /** The same, but the commits that wait are refused, as where another writer was faster. */
  refuse(): void
  /** Calls of the store since the last call of this function. */
  takeCalls(): { readonly reads: number; readonly commits: number }
}

export function heldStorage(inner: StorageAdapter): HeldStorage {
  let held: Held | null = null
  let isRefused = false
  let waiting: (() => void)[] = []
  let onArrival: () => void = () => undefined
  let calls = { reads: 0, commits: 0 }

  async function wait(kind: Held): Promise<void> {
    calls[kind] += 1
    if (held !== kind) return
    await new Promise<void>((resolve) => {
      waiting.push(resolve)
      onArrival()
    })
  }

  function release(): void {
    held = null
    for (const resolve of waiting) resolve()
    waiting = []
  }

  return {
    storage: {
      read: async (keys) => {
        await wait('reads')
        return inner.read(keys)
      },
      scan: async (range) => {
        await wait('reads')
        return inner.scan(range)
      },
      commit: async (commit) => {
        await wait('commits')
        if (!isRefused) return inner.commit(commit)
        isRefused = false
        return 'conflict'
      },
      close: () => inner.close(),
    },
    hold: (kind) => {
      held = kind
    },
    arrival: () =>
      waiting.length > 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            onArrival = resolve
          }),
    release,
    refuse: () => {
      isRefused = true
      release()
    },
    takeCalls: () => {
      const taken = calls
      calls = { reads: 0, commits: 0 }
      return taken
    },
  }
}
