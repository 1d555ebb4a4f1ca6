import type { Commit, CommitOutcome, Guard } from '@stagevault/storage'
import { lostCommitError, missingError, unwrittenError } from './idb-errors.js'
import { IDENTITY_KEY, RECORDS } from './identity.js'
import { equalBytes, ownBytes, requireBytes } from './record-bytes.js'
import type { Issued } from './transaction.js'
import { deferred, watchEnd } from './transaction.js'

/**
 * Makes a commit in a transaction that was opened for it.
 *
 * A transaction completes by itself, with whatever it was given, unless somebody aborts it. A
 * script that is ended in the middle (Firefox does that to a tab that is being closed) would leave
 * a part of its writes, compared with nothing. So a request comes before them that is bound to fail
 * and, failing, to abort the transaction: only once all writes are queued and the guards were found
 * to hold is its failure taken back. Requests are answered in order, so that the guards have been
 * read by then.
 *
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
  let isIssued = false
  let isLetGo = false
  let isGivenUp = false

  /** What throws here must end the transaction as well. */
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
      isGivenUp = true
      reject(isLetGo ? lostCommitError(reason) : unwrittenError(reason))
    },
  })
  orAbort(() => {
    const reads = guards.map(({ key }) => store.get(key))
    failOnPurpose(store, {
      onFailure: (event) => {
        orAbort(() => {
          if (!isIssued || isGivenUp) return
          isLetGo = guardsHold(guards, reads)
          if (isLetGo) event.preventDefault()
          else resolve('conflict')
        })
      },
      onSuccess: () => {
        reject(missingError(transaction.db.name))
        abortIfOpen(transaction)
      },
    })
    for (const { key, value } of mutations) {
      if (value === null) store.delete(key)
      else store.put(ownBytes(value), key)
    }
    isIssued = true
  })
  return { settled: promise, ended, isRepeatable: !isIssued }
}

interface PurposeFailure {
  /** The transaction is aborted unless this prevents it. */
  readonly onFailure: (event: Event) => void
  /** It did not fail: the identity is gone, and with it the database that this one was. */
  readonly onSuccess: () => void
}

/** A request that fails because the identity of the database is there. */
function failOnPurpose(store: IDBObjectStore, { onFailure, onSuccess }: PurposeFailure): void {
  const request = store.add(null, IDENTITY_KEY)
  request.onsuccess = onSuccess
  request.onerror = (event) => {
    if (request.error?.name !== 'ConstraintError') return
    // Nobody else is to take it for the end of the transaction.
    event.stopPropagation()
    onFailure(event)
  }
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
