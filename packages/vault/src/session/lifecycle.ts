/** Operations in progress, and the end of a vault. */

import { VaultError } from '@stagevault/core/errors'
import { platform } from '#platform'
import { HELD_MS_MAX } from '../platform/breather.js'

export interface Lifecycle {
  /**
   * Runs an operation, unless the vault is closed. A program that does nothing but await
   * operations over a store that answers at once gives up the thread in between.
   *
   * @throws {@link VaultError} `VAULT_CLOSED`, also where it did not end in time for closing
   */
  run<T>(operation: () => Promise<T>): Promise<T>
  /** The same of one that commits by itself: closing waits for it as long as it takes. */
  runToEnd<T>(operation: () => Promise<T>): Promise<T>
  /** @throws {@link VaultError} `VAULT_CLOSED` */
  requireOpen(): void
  /** Lets the operations in progress end, then releases the vault. */
  close(ending: Ending): Promise<void>
}

export interface Ending {
  /** Seconds for which operations may go on. */
  readonly timeoutSeconds: number
  /**
   * Called when they have taken longer, to end those that wait for a commit. Resolves when no
   * commit is under way; what then is still in progress waits for something that may never answer.
   */
  readonly abandon: () => Promise<void>
  /** Called once, when no operation is in progress, or none that may go on. */
  readonly release: () => Promise<void>
}

export function createLifecycle(): Lifecycle {
  let running = 0
  const unended = createUnended()
  let closing: Promise<void> | null = null
  let isClosed = false
  let onIdle: () => void = () => undefined
  let turnEndedAt = performance.now()
  let turn: Promise<void> | null = null

  function requireOpen(): void {
    if (isClosed || closing !== null) throw closedError()
  }

  async function close({ timeoutSeconds, abandon, release }: Ending): Promise<void> {
    if (running > 0) {
      const timer = setTimeout(() => void giveUp(abandon), 1_000 * timeoutSeconds)
      await new Promise<void>((resolve) => {
        onIdle = resolve
      })
      clearTimeout(timer)
    }
    await release()
  }

  async function giveUp(abandon: Ending['abandon']): Promise<void> {
    await abandon()
    // What was committed is told to its callers first.
    await platform.yieldThread()
    unended.giveUp()
  }

  /**
   * Lets other tasks of the thread run, unless they ran a moment ago. The operation that ends now
   * does not wait for them, or each that comes alone would; those do that end before they have run.
   */
  function beginTurn(): void {
    if (performance.now() - turnEndedAt < HELD_MS_MAX) return
    turn = platform.yieldThread().then(() => {
      turn = null
      turnEndedAt = performance.now()
    })
  }

  async function runToEnd<T>(operation: () => Promise<T>): Promise<T> {
    requireOpen()
    running++
    try {
      return await operation()
    } finally {
      if (turn === null) beginTurn()
      else await turn
      if (--running === 0) onIdle()
    }
  }

  return {
    requireOpen,
    run: (operation) => runToEnd(() => unended.add(operation())),
    runToEnd,
    close: (ending) =>
      (closing ??= close(ending).catch((error: unknown) => {
        // It stays closed for operations; what could not be released may be tried again.
        closing = null
        isClosed = true
        throw error
      })),
  }
}

function closedError(): VaultError {
  return new VaultError('VAULT_CLOSED', 'the vault is closed')
}

/** The operations that may be given up before they end. */
interface Unended {
  /** The outcome of an operation, unless it is given up before. */
  add<T>(operation: Promise<T>): Promise<T>
  giveUp(): void
}

function createUnended(): Unended {
  const rejects = new Set<() => void>()
  return {
    add: (operation) =>
      new Promise((resolve, reject) => {
        const giveUp = (): void => {
          reject(closedError())
        }
        rejects.add(giveUp)
        void operation.then(resolve, reject).finally(() => rejects.delete(giveUp))
      }),
    giveUp: () => {
      for (const reject of rejects) reject()
    },
  }
}
