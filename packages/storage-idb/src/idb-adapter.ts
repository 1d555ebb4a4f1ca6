import type { DisposableStorage, StorageAdapter, StorageEntry } from '@stagevault/storage'
import { withAsyncDispose } from '@stagevault/storage'
import { commitAll } from './commit-all.js'
import type { Connection } from './connection.js'
import { RECORDS } from './identity.js'
import { requireBytes } from './record-bytes.js'
import type { Issued } from './transaction.js'
import { answered } from './transaction.js'

/** When a commit counts as applied. See `IdbStorageOptions`. */
export type IdbDurability = 'strict' | 'relaxed'

/**
 * The storage contract over a connection.
 *
 * Between the opening of a transaction and its end there is no promise of any kind, only requests
 * and their callbacks: a transaction ends as soon as it has nothing to do, and browsers disagree
 * about what that means where something else is awaited.
 */
export function idbAdapter(connection: Connection, durability: IdbDurability): DisposableStorage {
  return withAsyncDispose<StorageAdapter>({
    read: (keys) =>
      connection.run((database) => readAll(database.transaction(RECORDS, 'readonly'), keys)),
    scan: ({ start, end, limit }) =>
      connection.run((database) => {
        // IndexedDB takes a range that holds nothing for a mistake.
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

const NOTHING: Issued<StorageEntry[]> = {
  get settled() {
    return Promise.resolve([])
  },
  ended: Promise.resolve(),
  isRepeatable: true,
}

function readAll(
  transaction: IDBTransaction,
  keys: readonly string[],
): Issued<(Uint8Array | null)[]> {
  const store = transaction.objectStore(RECORDS)
  const requests = keys.map((key) => store.get(key))
  return answered(transaction, requests.at(-1), () =>
    requests.map(({ result }) => requireBytes(result)),
  )
}

/** Keys and values are asked for apart; both requests see what their transaction began with. */
function scanPage(
  transaction: IDBTransaction,
  range: IDBKeyRange,
  limit: number,
): Issued<StorageEntry[]> {
  const store = transaction.objectStore(RECORDS)
  const keys = store.getAllKeys(range, limit)
  const values = store.getAll(range, limit)
  return answered(transaction, values, () =>
    keys.result.map((key, i) => ({ key: key as string, value: requireEntry(values.result[i]) })),
  )
}

function requireEntry(stored: unknown): Uint8Array {
  const value = requireBytes(stored)
  if (value === null) throw new Error('IndexedDB gave a key without a value')
  return value
}
