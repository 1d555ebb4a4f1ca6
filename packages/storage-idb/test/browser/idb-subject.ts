import type { StorageSubject } from '@stagevault/storage/conformance'
import type { IdbDurability } from '@stagevault/storage-idb'
import { createIdbStorage } from '@stagevault/storage-idb'
import { deleteDatabase, uniqueName } from '@stagevault/browser-engines/page'

/**
 * Whether a write that is made to fail is made nevertheless. A request that fails takes back the
 * whole transaction; one that is complete and told as aborted is what a page sees when the process
 * that keeps the database dies before it answers.
 */
export type FailedWrite = 'not made' | 'made'

/** The adapter over a database of its own, with failures put in below it, in IndexedDB. */
export function idbSubject(durability: IdbDurability, failedWrite: FailedWrite): StorageSubject {
  const name = uniqueName()
  const faults: Faults = { reads: false, writes: null }
  FAULTS.set(name, faults)
  install()
  return {
    open: () => createIdbStorage({ name, durability }),
    failReads() {
      faults.reads = true
    },
    failWrites() {
      faults.writes = failedWrite
    },
    heal() {
      faults.reads = false
      faults.writes = null
    },
    async dispose() {
      FAULTS.delete(name)
      await deleteDatabase(name)
    },
  }
}

interface Faults {
  reads: boolean
  writes: FailedWrite | null
}

const FAULTS = new Map<string, Faults>()
let isInstalled = false

type Method = (this: IDBObjectStore, ...rest: unknown[]) => IDBRequest

function install(): void {
  if (isInstalled) return
  isInstalled = true
  const store = IDBObjectStore.prototype as unknown as Record<string, Method>
  for (const method of ['get', 'getAll', 'getAllKeys']) {
    replace(store, method, (faults) => faults.reads)
  }
  for (const method of ['put', 'delete']) {
    replace(store, method, (faults) => faults.writes === 'not made')
  }
  // Not the method of the same name, which is called with its options.
  const database = IDBDatabase.prototype
  const open = Reflect.get(database, 'transaction')
  database.transaction = function (this: IDBDatabase, ...rest) {
    const transaction = open.apply(this, rest)
    const isLost = FAULTS.get(this.name)?.writes === 'made' && transaction.mode === 'readwrite'
    if (isLost) loseAnswer(transaction)
    return transaction
  }
}

/** A request that fails as an I/O error makes it fail: with an error event that ends it all. */
function replace(
  store: Record<string, Method>,
  method: string,
  fails: (faults: Faults) => boolean,
): void {
  const sound = store[method]
  if (sound === undefined) throw new Error(`there is no ${method}`)
  store[method] = function (...rest) {
    const faults = FAULTS.get(this.transaction.db.name)
    const request = sound.apply(this, rest)
    if (faults !== undefined && fails(faults)) failRequest(request, this.transaction)
    return request
  }
}

function failRequest(request: IDBRequest, transaction: IDBTransaction): void {
  request.addEventListener('success', (event) => {
    event.stopImmediatePropagation()
    transaction.abort()
  })
}

/** Listeners that were added first are called first, before those of the adapter. */
function loseAnswer(transaction: IDBTransaction): void {
  transaction.addEventListener('complete', (event) => {
    event.stopImmediatePropagation()
    transaction.dispatchEvent(new Event('abort'))
  })
}
