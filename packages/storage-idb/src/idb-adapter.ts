import type { DisposableStorage, StorageAdapter, StorageEntry } from '@stagevault/storage'
import { withAsyncDispose } from '@stagevault/storage'
import { commitAll } from './commit-all.js'
import type { Connection } from './connection.js'
import { RECORDS, requireBytes } from './identity.js'
import type { PendingTransaction } from './transaction.js'
import { answered } from './transaction.js'

/** When a commit counts as applied. See `IdbStorageOptions`. */
export type IdbDurability = 'strict' | 'relaxed'

/**
 * Implements the storage contract over a connection.
 *
 * While a transaction is open, this code uses only requests and their callbacks, no promises. A
 * transaction ends as soon as it has no pending request, and browsers disagree about when that is
 * if other promises are awaited.
 */
export function idbAdapter(connection: Connection, durability: IdbDurability): DisposableStorage {
  return withAsyncDispose<StorageAdapter>({
    read: (keys) =>
      connection.run((database) => readAll(database.transaction(RECORDS, 'readonly'), keys)),
    scan: ({ start, end, limit }) =>
      connection.run((database) => {
        // IndexedDB throws for an empty range.
        if (start >= end) return NOTHING
        const range = IDBKeyRange.bound(start, end, false, true)
        return scanPage(database.transaction(RECORDS, 'readonly'), range, limit)
      }),
    commit: (commit) =>
      connection.run((database) =>
        commitAll(database.transaction(RECORDS, 'readwrite', { durability }), commit),
      ),
    close: () => connection.close(),
  })
}

const NOTHING: PendingTransaction<StorageEntry[]> = {
  get settled() {
    return Promise.resolve([])
  },
  ended: Promise.resolve(),
  isRepeatable: true,
}

function readAll(
  transaction: IDBTransaction,
  keys: readonly string[],
): PendingTransaction<(Uint8Array | null)[]> {
  const store = transaction.objectStore(RECORDS)
  const requests = keys.map((key) => store.get(key))
  return answered(transaction, requests.at(-1), () =>
    requests.map(({ result }) => requireBytes(result)),
  )
}

/** Two requests, for keys and for values; both see the state at the start of the transaction. */
function scanPage(
  transaction: IDBTransaction,
  range: IDBKeyRange,
  limit: number,
): PendingTransaction<StorageEntry[]> {
  const store = transaction.objectStore(RECORDS)
  const keys = store.getAllKeys(range, limit)
  const values = store.getAll(range, limit)
  return answered(transaction, values, () =>
    keys.result.map((key, i) => ({ key: key as string, value: requireEntry(values.result[i]) })),
  )
}

function requireEntry(stored: unknown): Uint8Array {
  const value = requireBytes(stored)
  if (value === null) throw new Error('IndexedDB returned a key without a value')
  return value
}
