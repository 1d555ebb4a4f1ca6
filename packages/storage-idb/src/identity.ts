/**
 * The layout of a database, and the identity that distinguishes it from a later one of its name.
 */
import { StorageError } from '@stagevault/storage'
import { foreignError, unwrittenError } from './idb-errors.js'
import { answered, watchEnd } from './transaction.js'

/** The layout of a database. It changes only together with the storage contract. */
export const LAYOUT_VERSION = 1

/** The one object store: records by storage key. IndexedDB also orders them by code unit. */
export const RECORDS = 'records'

/** Not a storage key: those are strings, and no range of strings includes a number. */
export const IDENTITY_KEY = 0

const IDENTITY_BYTES = 16

/**
 * The identity as a text for comparison only, or `null` if the creation of the database was
 * interrupted, so that nothing was committed to it.
 *
 * Rejects with `STORAGE_UNAVAILABLE` if the database holds other data, which is left unchanged.
 *
 * @param creating - the durability for adding a missing identity; `null`: do not add it
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
    // The object store of this adapter has external keys and no key generator.
    const isOurs = store.keyPath === null && !store.autoIncrement
    const found = isOurs ? requireBytes(identity.result) : null
    if (found !== null) return found.toString()
    if (!isOurs || anything.result.length > 0) throw foreignError(database.name)
    return null
  }).settled
}

/** Adds an identity, unless another tab has added one or the database holds other data. */
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

/**
 * The bytes stored under a key, or `null` for none. Anything else was written by another program.
 */
export function requireBytes(stored: unknown): Uint8Array | null {
  if (stored === undefined) return null
  if (stored instanceof Uint8Array) return stored
  throw new StorageError('STORAGE_UNAVAILABLE', 'the database holds something other than records')
}
