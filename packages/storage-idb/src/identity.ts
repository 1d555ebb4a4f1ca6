/** Tells a database from another of its name, which somebody made after it was deleted. */

import { IDENTITY_KEY, RECORDS } from './layout.js'
import { answered } from './read-requests.js'

const IDENTITY_BYTES = 16

/** Gives an identity to a database that is being made. */
export function putIdentity(records: IDBObjectStore): void {
  records.put(crypto.getRandomValues(new Uint8Array(IDENTITY_BYTES)), IDENTITY_KEY)
}

/** The identity as a text that is for comparing only. */
export function readIdentity(database: IDBDatabase): Promise<string> {
  const transaction = database.transaction(RECORDS, 'readonly')
  const request: IDBRequest<unknown> = transaction.objectStore(RECORDS).get(IDENTITY_KEY)
  return answered(transaction, request, () => String(request.result)).settled
}
