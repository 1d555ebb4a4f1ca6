import { isStorageError } from '@stagevault/storage'
import { closedError, isInterruption, isRefusal, readError } from './idb-errors.js'
import { RECORDS } from './identity.js'
import { openLiveDatabase } from './live-database.js'
import type { Operation, PendingTransaction } from './transaction.js'

/** A connection that is reopened for an operation after the browser has dropped it. */
export interface Connection {
  /**
   * Runs an operation on the open database. If the connection turns out to be dead before the
   * operation has issued anything, or during an operation that may be repeated, it is replaced and
   * the operation runs once more. An operation that the browser refused temporarily is also
   * repeated once.
   */
  run<T>(operation: Operation<T>): Promise<T>
  close(): Promise<void>
}

/** @param creating - the durability for creating a missing database; `null`: never create it */
export async function openConnection(
  name: string,
  creating: IDBTransactionDurability | null,
): Promise<Connection> {
  const live = await openLiveDatabase(name, creating)
  /** Operations and transactions in progress; closing waits for them. */
  const running = new Set<Promise<unknown>>()

  function keepUntilSettled(promise: Promise<unknown>): void {
    const forgetIt = (): void => {
      running.delete(promise)
    }
    running.add(promise)
    promise.then(forgetIt, forgetIt)
  }

  function issue<T>(database: IDBDatabase, operation: Operation<T>): PendingTransaction<T> {
    const issued = operation(database)
    keepUntilSettled(issued.ended)
    return issued
  }

  async function attempt<T>(operation: Operation<T>): Promise<T> {
    const found = live.connection()
    // A connection that was just reopened is not reopened a second time.
    if (found instanceof Promise) return issue(await found, operation).settled
    let isRepeatable = true
    try {
      const issued = issue(found, operation)
      isRepeatable = issued.isRepeatable
      return await issued.settled
    } catch (error) {
      if (live.ended() !== null || !isRepeatable) throw error
      if (!isRefusal(error) && !isInterruption(error)) throw error
      if (isInterruption(error) || isDead(found)) live.forget(found)
    }
    return issue(await live.connection(), operation).settled
  }

  async function run<T>(operation: Operation<T>): Promise<T> {
    try {
      return await attempt(operation)
    } catch (error) {
      if (isStorageError(error)) throw error
      // If the handle has ended since, its reason is more precise than the dead connection.
      const why = live.ended()
      if (!isRefusal(error)) throw readError(error)
      throw closedError(why ?? 'the browser closed the database twice')
    }
  }

  return {
    run: (operation) => {
      const why = live.ended()
      if (why !== null) return Promise.reject(closedError(why))
      const done = run(operation)
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

/** A connection that the browser closed refuses transactions before it sends its close event. */
function isDead(database: IDBDatabase): boolean {
  try {
    database.transaction(RECORDS, 'readonly').abort()
    return false
  } catch (error) {
    return isRefusal(error)
  }
}
