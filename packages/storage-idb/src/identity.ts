/** What a database holds, and what tells it from another of its name, made after it was deleted. */
import { foreignError, unwrittenError } from './idb-errors.js'
import { requireBytes } from './record-bytes.js'
import { answered, watchEnd } from './transaction.js'

/** The layout of a database. It changes only with the storage contract itself. */
export const LAYOUT_VERSION = 1

/** The one object store: records by storage key, which IndexedDB orders by code unit as well. */
export const RECORDS = 'records'

/** No storage key: those are strings, and no range of strings comes upon a number. */
export const IDENTITY_KEY = 0

const IDENTITY_BYTES = 16

/**
 * The identity as a text that is for comparing only, or `null`: the making of the database was cut
 * short, and nothing has been committed to it.
 *
 * Rejects with `STORAGE_UNAVAILABLE` where something else is in the database, which is left alone.
 *
 * @param creating - with what durability it is given one then, or `null`: it is not
 */
export async function findIdentity(
  database: IDBDatabase,
  creating: IDBTransactionDurability | null,
): Promise<string | null> {
  const found = await readIdentity(database)
  if (found !== null || creating === null) return found
  await addIdentity(database, creating)
  return readIdentity(database)
}

function readIdentity(database: IDBDatabase): Promise<string | null> {
  const transaction = database.transaction(RECORDS, 'readonly')
  const store = transaction.objectStore(RECORDS)
  const identity: IDBRequest<unknown> = store.get(IDENTITY_KEY)
  const anything = store.getAllKeys(null, 1)
  return answered(transaction, anything, () => {
    // Ours takes keys as they are, and neither makes numbers nor looks for them in the values.
    const isOurs = store.keyPath === null && !store.autoIncrement
    const found = isOurs ? requireBytes(identity.result) : null
    if (found !== null) return found.toString()
    if (!isOurs || anything.result.length > 0) throw foreignError(database.name)
    return null
  }).settled
}

/** Unless another tab was faster, or somebody uses the database for something else. */
function addIdentity(database: IDBDatabase, durability: IDBTransactionDurability): Promise<void> {
  const transaction = database.transaction(RECORDS, 'readwrite', { durability })
  const store = transaction.objectStore(RECORDS)
  const identity = crypto.getRandomValues(new Uint8Array(IDENTITY_BYTES))
  const anything = store.getAllKeys(null, 1)
  anything.onsuccess = () => {
    if (anything.result.length === 0) store.add(identity, IDENTITY_KEY)
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
