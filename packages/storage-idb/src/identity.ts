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
 *
 * @param creating - with what durability it is given one then, or `null`: it is not
 */
export async function findIdentity(
  database: IDBDatabase, creating: IDBTransactionDurability | null,
): Promise<string | null> {
  const found = await readIdentity(database)
  if (found !== null || creating === null) return found
  await addIdentity(database, creating)
  return readIdentity(database)
}

function readIdentity(database: IDBDatabase): Promise<string | null> {
  const transaction = database.transaction(RECORDS, 'readonly')
  const request: IDBRequest<unknown> = transaction.objectStore(RECORDS).get(IDENTITY_KEY)
  return answered(transaction, request, () => (
    requireBytes(request.result)?.toString() ?? null
  )).settled
}

function addIdentity(database: IDBDatabase, durability: IDBTransactionDurability): Promise<void> {
  const transaction = database.transaction(RECORDS, 'readwrite', { durability })
  const identity = crypto.getRandomValues(new Uint8Array(IDENTITY_BYTES))
  const addition = transaction.objectStore(RECORDS).add(identity, IDENTITY_KEY)
  addition.onerror = (event) => {
    if (!isDuplicate(addition)) return
    // Another tab was faster, which is as good.
    event.preventDefault()
    event.stopPropagation()
  }
  return new Promise((resolve, reject) => {
    void watchEnd(transaction, {
      onComplete: resolve,
      onAbort: (reason) => {
        reject(unwrittenError(reason))
      },
    })
  })
}

/** Whether an addition failed because there is an identity. */
export function isDuplicate({ error }: IDBRequest): boolean {
  return error?.name === 'ConstraintError'
}
