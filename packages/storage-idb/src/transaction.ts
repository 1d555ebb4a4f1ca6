/** Transactions: the requests that an operation issues, their results, and their end. */
import { readError } from './idb-errors.js'

/** The transaction that an operation has started on a database. */
export interface PendingTransaction<T> {
  readonly settled: Promise<T>
  /** Settles when the transaction has ended, which is after a read was answered. Never rejects. */
  readonly ended: Promise<void>
  /** Whether the operation may be repeated: reads may, and commits of which nothing was issued. */
  readonly isRepeatable: boolean
}

/** Opens a transaction, which throws on a dead connection, and issues requests in it. */
export type Operation<T> = (database: IDBDatabase) => PendingTransaction<T>

/**
 * The result that `collect` makes from the requests of a read, once `last` is answered. Requests
 * are answered in order, so the last answer means that all have been answered.
 */
export function answered<T>(
  transaction: IDBTransaction,
  last: IDBRequest | undefined,
  collect: () => T,
): PendingTransaction<T> {
  const { promise, resolve, reject } = deferred<T>()
  function settle(): void {
    try {
      resolve(collect())
    } catch (error) {
      reject(readError(error))
    }
  }
  if (last === undefined) settle()
  else last.onsuccess = settle
  const ended = watchEnd(transaction, {
    onComplete: () => undefined,
    onAbort: (reason) => {
      reject(readError(reason))
    },
  })
  return { settled: promise, ended, isRepeatable: true }
}

/** The callbacks for the end of a transaction. */
export interface TransactionEnd {
  readonly onComplete: () => void
  /**
   * Called with the reason, `null` for an abort without one. Called at most once, and not after
   * `onComplete`.
   */
  readonly onAbort: (reason: unknown) => void
}

/**
 * Reports how a transaction ends, and resolves when it has ended; never rejects.
 *
 * A failed request is the end of its transaction. This does not wait for the `abort` event, because
 * WebKit does not send it if the connection was closed by then. In Firefox, a transaction that was
 * opened while its connection was being closed gets no event at all; only the connection does.
 */
export function watchEnd(
  transaction: IDBTransaction,
  { onComplete, onAbort }: TransactionEnd,
): Promise<void> {
  return new Promise((resolve) => {
    let isOver = false
    function end(tell: () => void): void {
      if (isOver) return
      isOver = true
      transaction.db.removeEventListener('close', endSoon)
      tell()
      resolve()
    }
    /** Delayed, so that pending events of the transaction itself come first. */
    function endSoon(): void {
      setTimeout(() => {
        end(() => {
          onAbort(transaction.error ?? new DOMException('the connection was closed', 'AbortError'))
        })
      }, 0)
    }
    transaction.db.addEventListener('close', endSoon)
    transaction.addEventListener('complete', () => {
      end(onComplete)
    })
    transaction.addEventListener('abort', () => {
      end(() => {
        onAbort(transaction.error)
      })
    })
    transaction.addEventListener('error', ({ target }) => {
      end(() => {
        onAbort(target instanceof IDBRequest ? target.error : transaction.error)
      })
    })
  })
}

/** A promise with its settling functions, for the callbacks of a transaction. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: Error) => void
}

/** `Promise.withResolvers`, which browsers support only since 2024. */
export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<T>((...settlers) => {
    ;[resolve, reject] = settlers
  })
  return { promise, resolve, reject }
}
