/** Tells a database from another of its name, which somebody made after it was deleted. */

import { unwrittenError } from './idb-errors.js'
import { IDENTITY_KEY, RECORDS } from './layout.js'
import { answered } from './read-requests.js'
import { requireBytes } from './record-bytes.js'
import { watchEnd } from './transaction-end.js'

const IDENTITY_BYTES = 16

/**
 * The identity as a text that is for comparing only, or `null`: the making of the database was cut
 * short, and nothing has been committed to it.
 */
export function readIdentity(database: IDBDatabase): Promise<string | null> {
  const transaction = database.transaction(RECORDS, 'readonly')
  const request: IDBRequest<unknown> = transaction.objectStore(RECORDS).get(IDENTITY_KEY)
  return answered(transaction, request, () => (
    requireBytes(request.result)?.toString() ?? null
  )).settled
}

/** Gives an identity to a database that has none, and returns the one that it has then. */
export async function ensureIdentity(database: IDBDatabase): Promise<string | null> {
  const transaction = database.transaction(RECORDS, 'readwrite')
  const identity = crypto.getRandomValues(new Uint8Array(IDENTITY_BYTES))
  const addition = transaction.objectStore(RECORDS).add(identity, IDENTITY_KEY)
  addition.onerror = (event) => {
    if (!isDuplicate(addition)) return
    // Another tab was faster, which is as good.
    event.preventDefault()
    event.stopPropagation()
  }
  await new Promise<void>((resolve, reject) => {
    void watchEnd(transaction, {
      onComplete: resolve,
      onAbort: (reason) => {
        reject(unwrittenError(reason))
      },
    })
  })
  return readIdentity(database)
}

/** Whether an addition failed because there is an identity. */
export function isDuplicate({ error }: IDBRequest): boolean {
  return error?.name === 'ConstraintError'
}
