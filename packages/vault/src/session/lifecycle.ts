/** Counts the operations in progress, and closes the vault. */

import { VaultError } from '@stagevault/core/errors'
import { platform } from '#platform'
import { HELD_MS_MAX } from '../platform/breather.js'

export interface Lifecycle {
  /**
   * Runs an operation, unless the vault is closed. If a program only awaits operations on a store
   * that answers immediately, this yields the thread between them.
   *
   * @throws {@link VaultError} `VAULT_CLOSED`, also if the operation did not end before the close
   *   timeout
   */
  run<T>(operation: () => Promise<T>): Promise<T>
  /**
   * Like {@link Lifecycle.run}, for an operation that commits by itself: closing waits for its end.
   */
  runToEnd<T>(operation: () => Promise<T>): Promise<T>
  /** @throws {@link VaultError} `VAULT_CLOSED` */
  requireOpen(): void
  /** Waits for the operations in progress, then releases the vault. */
  close(ending: Ending): Promise<void>
}

export interface Ending {
  /** How long closing waits for operations, in seconds. */
  readonly timeoutSeconds: number
  /**
   * Called after the timeout, to reject the operations that wait for a commit. Resolves when no
   * commit is under way. Operations that are still running then wait for a read that may never
   * settle.
   */
  readonly abandon: () => Promise<void>
  /** Called once, when no operation is in progress or the remaining ones were given up. */
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
    // Callers of committed changes are resolved first.
    await platform.yieldThread()
    unended.giveUp()
  }

  /**
   * Yields to other tasks of the thread, unless that happened a moment ago. The operation that ends
   * now does not wait for them, so that a single operation is not delayed; operations that end
   * before the other tasks have run do wait.
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
        // The vault stays closed for operations, but releasing it may be tried again.
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
  /** The outcome of an operation, unless it is given up first. */
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
