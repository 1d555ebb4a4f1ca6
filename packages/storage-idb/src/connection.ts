import { isStorageError } from '@stagevault/storage'
import { closedError, isInterruption, isRefusal, readError } from './idb-errors.js'
import { RECORDS } from './identity.js'
import { openLiveDatabase } from './live-database.js'
import type { Issued, Step } from './transaction.js'

/** A connection that is opened again for a step when the browser has dropped it. */
export interface Connection {
  /**
   * Runs a step on the open database. When the connection turns out dead before the step has
   * issued anything, or under a step that may be repeated, it is replaced and the step run again,
   * once; so is a step that the browser refused for the moment.
   */
  run<T>(step: Step<T>): Promise<T>
  close(): Promise<void>
}

/** @param creating - with what durability it is made where it is missing, or `null`: it is not */
export async function openConnection(
  name: string,
  creating: IDBTransactionDurability | null,
): Promise<Connection> {
  const live = await openLiveDatabase(name, creating)
  /** Steps, and transactions that outlive them: until they end the database stays open. */
  const running = new Set<Promise<unknown>>()

  function keepUntilSettled(promise: Promise<unknown>): void {
    const forgetIt = (): void => {
      running.delete(promise)
    }
    running.add(promise)
    promise.then(forgetIt, forgetIt)
  }

  function issue<T>(database: IDBDatabase, step: Step<T>): Issued<T> {
    const issued = step(database)
    keepUntilSettled(issued.ended)
    return issued
  }

  async function attempt<T>(step: Step<T>): Promise<T> {
    const found = live.connection()
    // What had to be opened anew is not opened a second time.
    if (found instanceof Promise) return issue(await found, step).settled
    let isRepeatable = true
    try {
      const issued = issue(found, step)
      isRepeatable = issued.isRepeatable
      return await issued.settled
    } catch (error) {
      if (live.ended() !== null || !isRepeatable) throw error
      if (!isRefusal(error) && !isInterruption(error)) throw error
      if (isInterruption(error) || isDead(found)) live.forget(found)
    }
    return issue(await live.connection(), step).settled
  }

  async function run<T>(step: Step<T>): Promise<T> {
    try {
      return await attempt(step)
    } catch (error) {
      if (isStorageError(error)) throw error
      // A handle that ended meanwhile has a better reason than its dead connection.
      const why = live.ended()
      if (!isRefusal(error)) throw readError(error)
      throw closedError(why ?? 'the browser closed the database again')
    }
  }

  return {
    run: (step) => {
      const why = live.ended()
      if (why !== null) return Promise.reject(closedError(why))
      const done = run(step)
      keepUntilSettled(done)
      return done
    },
    close: async () => {
      live.end('the store is closed')
      while (running.size > 0) await Promise.allSettled(running)
      live.close()
    },
  }
}

/** A connection that is closed under us refuses transactions before it says that it is closed. */
function isDead(database: IDBDatabase): boolean {
  try {
    database.transaction(RECORDS, 'readonly').abort()
    return false
  } catch (error) {
    return isRefusal(error)
  }
}
