/** scrypt in a page or a worker, where it shares one thread with other tasks. */

import { loadPart } from './platform.js'
import type { ScryptInput } from './platform.js'

// noble reports up to 10,000 times, which suits noticing an abort but is too often for a caller.
const PROGRESS_STEP = 0.01

/**
 * How many timer ticks without progress are allowed before the derivation restarts in the
 * foreground. A single long task counts as one tick, because timers that it delayed are not caught
 * up.
 */
const IDLE_TICKS_MAX = 3
const TICK_MS = 100

export async function scryptInPage(input: ScryptInput): Promise<Uint8Array> {
  input.signal?.throwIfAborted()
  const { r, p, keyBytes } = input
  const N = 2 ** input.logN
  // noble reads them once loaded and again at the end, when the caller may have wiped them.
  const password = new Uint8Array(input.password)
  const salt = new Uint8Array(input.salt)
  try {
    const { scryptAsync } = await loadPart(() => import('@noble/hashes/scrypt.js'))
    input.signal?.throwIfAborted()
    const report = progressOf(input)
    return await runInBackground((onStep) =>
      scryptAsync(password, salt, {
        N,
        r,
        p,
        dkLen: keyBytes,
        maxmem: 128 * r * (N + p + 1),
        onProgress: (fraction) => {
          onStep()
          report(fraction)
        },
      }),
    )
  } finally {
    password.fill(0)
  }
}

function progressOf({ signal, onProgress }: ScryptInput): (fraction: number) => void {
  let reported = 0
  return (fraction) => {
    // Throwing is the only way to stop noble, which then wipes its memory.
    signal?.throwIfAborted()
    if (fraction < 1 && fraction - reported < PROGRESS_STEP) return
    reported = fraction
    onProgress?.(fraction)
  }
}

/** https://wicg.github.io/scheduling-apis, which Safari does not support. */
interface Scheduling {
  readonly scheduler?: {
    postTask<T>(work: () => Promise<T>, options: { readonly signal: AbortSignal }): Promise<T>
  }
  readonly TaskController?: new (options: { readonly priority: 'background' }) => AbortController
}

/**
 * noble pauses with `scheduler.yield`, which resumes before timers and clicks, including the one
 * that aborts. So it runs in a task of the lowest priority, which resumes after them. If other
 * tasks never end, it is started again outside such a task, where it always makes progress.
 */
async function runInBackground<T>(work: (onStep: () => void) => Promise<T>): Promise<T> {
  const { scheduler, TaskController } = globalThis as unknown as Scheduling
  if (scheduler === undefined || TaskController === undefined) return work(() => undefined)
  const task = new TaskController({ priority: 'background' })
  let idleTicks = 0
  const watch = setInterval(() => {
    if (++idleTicks > IDLE_TICKS_MAX) task.abort()
  }, TICK_MS)
  try {
    const onStep = (): void => {
      idleTicks = 0
    }
    return await scheduler.postTask(() => work(onStep), { signal: task.signal })
  } catch (error) {
    if (!task.signal.aborted) throw error
  } finally {
    clearInterval(watch)
  }
  return work(() => undefined)
}
