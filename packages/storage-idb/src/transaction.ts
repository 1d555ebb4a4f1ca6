/** Transactions: what a step issues on a database, how its answers are told, and how it ends. */
import { readError } from './idb-errors.js'

/** What a step has issued on a database. */
export interface Issued<T> {
  readonly settled: Promise<T>
  /** The end of its transaction, which comes after a read has been answered. Never rejects. */
  readonly ended: Promise<void>
  /** Whether it may be done again: reads may, and a commit that nothing of was issued. */
  readonly isRepeatable: boolean
}

/** Opens a transaction, which throws on a dead connection, and issues requests in it. */
export type Step<T> = (database: IDBDatabase) => Issued<T>

/**
 * What `collect` makes of the requests of a transaction that reads, once `last` is answered:
 * requests are answered in order, so that the last one's answer is the answer to them all.
 */
export function answered<T>(
  transaction: IDBTransaction,
  last: IDBRequest | undefined,
  collect: () => T,
): Issued<T> {
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

/** How a transaction ended. */
export interface TransactionEnd {
  readonly onComplete: () => void
  /** With the reason, `null` for an abort that gave none. Called once, and not after the other. */
  readonly onAbort: (reason: unknown) => void
}

/**
 * Tells how a transaction ends, and resolves when it has ended; it never rejects.
 *
 * A request that fails is the end of its transaction. Its event is not waited out: WebKit does not
 * send `abort` for a connection that is closed by then, and what waits for it would wait forever.
 * In Firefox a transaction that was opened while its connection was being closed hears of nothing
 * at all; the connection does.
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
    /** Behind whatever the transaction itself may be told yet. */
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

/** A promise and what settles it, for the callbacks of a transaction. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: Error) => void
}

/** `Promise.withResolvers`, which browsers have had since 2024 only. */
export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<T>((...settlers) => {
    ;[resolve, reject] = settlers
  })
  return { promise, resolve, reject }
}
