import type { Commit, CommitOutcome, Guard } from '@stagevault/storage'
import type { Issued } from './issued.js'
import { deferred } from './deferred.js'
import { lostCommitError, unwrittenError } from './idb-errors.js'
import { RECORDS } from './layout.js'
import { equalBytes, ownBytes, requireBytes } from './record-bytes.js'
import { watchEnd } from './transaction-end.js'

/**
 * Makes a commit in a transaction that was opened for it.
 *
 * Writes are queued right behind the reads of the guards. Guards are compared in the callback of
 * the last one read, which lets the transaction go on or aborts it, with all that it has written:
 * no transaction completes before that callback has returned.
 * Transactions that write wait for each other, across tabs and workers: that makes it one step.
 * It is `applied` once the transaction is complete; that a request succeeded means nothing yet.
 *
 * `transaction.commit()` would save a message to the browser. In WebKit, a worker that is ended
 * after it leaves the database locked for everyone.
 */
export function commitAll(transaction: IDBTransaction, commit: Commit): Issued<CommitOutcome> {
  const { guards, mutations } = commit
  const { promise, resolve, reject } = deferred<CommitOutcome>()
  const store = transaction.objectStore(RECORDS)
  let isLetGo = false
  let isIssued = false

  /** What throws here must end the transaction, or it would complete with a part of its writes. */
  function orAbort(step: () => void): void {
    try {
      step()
    } catch (error) {
      reject(unwrittenError(error))
      abortIfOpen(transaction)
    }
  }

  const ended = watchEnd(transaction, {
    onComplete: () => {
      resolve('applied')
    },
    onAbort: (reason) => {
      reject(isLetGo ? lostCommitError(reason) : unwrittenError(reason))
    },
  })
  orAbort(() => {
    const requests = guards.map(({ key }) => store.get(key))
    for (const { key, value } of mutations) {
      if (value === null) store.delete(key)
      else store.put(ownBytes(value), key)
    }
    isIssued = true
    const last = requests.at(-1)
    if (last === undefined) {
      isLetGo = true
      return
    }
    last.onsuccess = () => {
      orAbort(() => {
        isLetGo = guardsHold(guards, requests)
        if (isLetGo) return
        resolve('conflict')
        transaction.abort()
      })
    }
  })
  return { settled: promise, ended, isRepeatable: !isIssued }
}

function abortIfOpen(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It has ended by itself.
  }
}

function guardsHold(guards: readonly Guard[], requests: readonly IDBRequest<unknown>[]): boolean {
  return guards.every(({ value }, i) => {
    const stored = requireBytes(requests[i]?.result)
    return stored === null || value === null ? stored === value : equalBytes(stored, value)
  })
}
