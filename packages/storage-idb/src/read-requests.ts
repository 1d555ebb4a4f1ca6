import type { Issued } from './issued.js'
import { deferred } from './deferred.js'
import { readError } from './idb-errors.js'
import { watchEnd } from './transaction-end.js'

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
