import type { Commit, CommitOutcome, Guard } from '@stagevault/storage'
import { lostCommitError, missingError, unwrittenError } from './idb-errors.js'
import { IDENTITY_KEY, RECORDS, requireBytes } from './identity.js'
import type { PendingTransaction } from './transaction.js'
import { deferred, watchEnd } from './transaction.js'

/**
 * Makes a commit in a transaction that was opened for it.
 *
 * A transaction completes with the requests it has, unless it is aborted. If its script is stopped
 * midway (Firefox does that to a tab that is being closed), a part of the writes would be applied
 * without a check of the guards. So the first request is one that is certain to fail, and its
 * failure aborts the transaction. The failure is prevented only once all writes are queued and the
 * guards hold. Requests are answered in order, so the guards have been read by then.
 *
 * Read-write transactions wait for each other, across tabs and workers, which makes the commit one
 * atomic step. It is `applied` once the transaction completes; the success of a single request does
 * not suffice.
 *
 * `transaction.commit()` would save a message to the browser. It is not used, because in WebKit a
 * worker that is terminated after it leaves the database locked for every tab and worker.
 */
export function commitAll(
  transaction: IDBTransaction,
  commit: Commit,
): PendingTransaction<CommitOutcome> {
  const { guards, mutations } = commit
  const { promise, resolve, reject } = deferred<CommitOutcome>()
  const store = transaction.objectStore(RECORDS)
  let isIssued = false
  let mayComplete = false
  let isGivenUp = false

  /** An exception here must abort the transaction, too. */
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
      reject(mayComplete ? lostCommitError(reason) : unwrittenError(reason))
    },
  })
  orAbort(() => {
    const reads = guards.map(({ key }) => store.get(key))
    failOnPurpose(store, {
      onFailure: (event) => {
        orAbort(() => {
          if (!isIssued || isGivenUp) return
          mayComplete = guardsHold(guards, reads)
          if (mayComplete) event.preventDefault()
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
  /** The transaction is aborted unless this prevents the default action. */
  readonly onFailure: (event: Event) => void
  /** The request did not fail: the identity is gone, so the database is no longer the same. */
  readonly onSuccess: () => void
}

/** A request that fails because the identity of the database exists. */
function failOnPurpose(store: IDBObjectStore, { onFailure, onSuccess }: PurposeFailure): void {
  const request = store.add(null, IDENTITY_KEY)
  request.onsuccess = onSuccess
  request.onerror = (event) => {
    if (request.error?.name !== 'ConstraintError') return
    // Otherwise it would bubble up and count as the end of the transaction.
    event.stopPropagation()
    onFailure(event)
  }
}

function abortIfOpen(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // The transaction has already ended.
  }
}

function guardsHold(guards: readonly Guard[], requests: readonly IDBRequest<unknown>[]): boolean {
  return guards.every(({ value }, i) => {
    const stored = requireBytes(requests[i]?.result)
    return stored === null || value === null ? stored === value : equalBytes(stored, value)
  })
}

/**
 * A copy with its own buffer. IndexedDB would store a view with its whole buffer, which may hold
 * other records, and cannot store shared memory at all.
 */
function ownBytes(value: Uint8Array): Uint8Array {
  return new Uint8Array(value)
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i += 1) {
    if (a[i] !== b[i]) return false
  }
  return true
}
