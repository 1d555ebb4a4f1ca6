import { createIdbStorage } from '@stagevault/storage-idb'
import type { IdbDurability } from '@stagevault/storage-idb'
import type { CaseFrame } from '@stagevault/browser-engines/page'
import { bytes, openRaw, rejects, same } from '@stagevault/browser-engines/page'
import { keysOf, put, withDatabase } from './idb-context.js'
import { abortAfterWrites, endScript } from './faults.js'

/** What is stored, when it counts, and how a commit fails. */
export function commitCases({ describe, it }: CaseFrame): void {
  describe('a commit', () => {
    it(
      'stores a view without the rest of its buffer',
      withDatabase(async ({ name, keep }) => {
        const storage = keep(await createIdbStorage({ name }))
        const whole = bytes('before the value after')
        const value = whole.subarray(11, 16)
        await storage.commit({ guards: [], mutations: [{ key: 'a', value }] })
        const stored = (await readRaw(name, 'a')) as Uint8Array
        same(stored, bytes('value'), 'bytes stored')
        same(stored.buffer.byteLength, 5, 'bytes in the buffer stored')
      }),
    )

    for (const durability of [undefined, 'strict', 'relaxed'] as const) {
      const expected: IdbDurability = durability ?? 'strict'
      it(
        `with durability ${durability ?? 'left out'} is ${expected}`,
        withDatabase(async (context) => {
          const { name, keep, layer } = context
          const options = durability === undefined ? { name } : { name, durability }
          const storage = keep(await createIdbStorage(options))
          const made = layer.transactions.length
          await put(storage, 'a')
          const [transaction] = layer.transactions.slice(made)
          same(transaction?.durability, expected, 'durability of the transaction')
        }),
      )
    }

    it(
      'is not applied before its transaction is complete',
      withDatabase(async (context) => {
        const { name, keep, layer } = context
        const storage = keep(await createIdbStorage({ name }))
        await put(storage, 'a')
        layer.onTransaction = (transaction) => {
          if (transaction.mode === 'readwrite') abortAfterWrites(transaction, 2)
        }
        const mutations = [
          { key: 'a', value: null },
          { key: 'b', value: bytes('b') },
        ]
        const commit = storage.commit({ guards: [{ key: 'b', value: null }], mutations })
        await rejects(commit, 'STORAGE_OUTCOME_UNKNOWN')
        layer.onTransaction = () => undefined
        same(await keysOf(storage), ['a'], 'keys')
      }),
    )

    for (const guards of [[], [{ key: 'c', value: null }]]) {
      const which = guards.length === 0 ? 'without guards' : 'with a guard'
      it(
        `${which} whose second write throws leaves out the first`,
        withDatabase(async (context) => {
          const { name, keep, layer } = context
          const storage = keep(await createIdbStorage({ name }))
          layer.onTransaction = (transaction) => {
            const store = transaction.objectStore('records')
            const sound = store.put.bind(store)
            store.put = (value, key) => {
              if (key === 'b') throw new DOMException('made to fail', 'UnknownError')
              return sound(value, key)
            }
          }
          const mutations = ['a', 'b'].map((key) => ({ key, value: bytes(key) }))
          await rejects(storage.commit({ guards, mutations }), 'STORAGE_UNAVAILABLE')
          layer.onTransaction = () => undefined
          same(await keysOf(storage), [], 'keys')
        }),
      )
    }

    const cutShort = [
      { where: 'among its writes', guards: [], fails: true },
      { where: 'while its guards are compared', guards: [{ key: 'text', value: null }] },
      { where: 'when a guard was found not to hold', guards: [{ key: 'c', value: bytes('c') }] },
    ]
    for (const { where, guards, fails = false } of cutShort) {
      it(
        `whose script is ended ${where} leaves nothing`,
        withDatabase(async (context) => {
          const { name, keep, layer } = context
          const storage = keep(await createIdbStorage({ name }))
          await writeRaw(name, 'text', 'no bytes')
          layer.onTransaction = (transaction) => {
            endScript(transaction, fails ? 'b' : null)
          }
          const mutations = ['a', 'b'].map((key) => ({ key, value: bytes(key) }))
          await storage.commit({ guards, mutations }).catch(() => undefined)
          layer.onTransaction = () => undefined
          same(await storage.read(['a', 'b']), [null, null], 'values')
          await put(storage, 'a')
        }),
      )
    }

    it(
      'to a database whose identity was taken away writes nothing',
      withDatabase(async (context) => {
        const { name, keep } = context
        const storage = keep(await createIdbStorage({ name }))
        await put(storage, 'a')
        await inRaw(name, 'readwrite', (store) => store.delete(0))
        await rejects(put(storage, 'b'), 'STORAGE_MISSING')
        same(await keysOf(storage), ['a'], 'keys')
        same(await readRaw(name, 0), undefined, 'identity')
      }),
    )

    it(
      'that finds no room is told so',
      withDatabase(async ({ name, keep, layer }) => {
        const storage = keep(await createIdbStorage({ name }))
        await put(storage, 'a')
        layer.onTransaction = (transaction) => {
          const error = new DOMException('made to fail', 'QuotaExceededError')
          Object.defineProperty(transaction, 'error', { value: error })
          abortAfterWrites(transaction, 1)
        }
        await rejects(put(storage, 'b'), 'STORAGE_FULL')
        layer.onTransaction = () => undefined
        same(await keysOf(storage), ['a'], 'keys')
        await put(storage, 'b')
      }),
    )
  })

  describe('something other than bytes', () => {
    it(
      'is neither a value nor absence',
      withDatabase(async ({ name, keep }) => {
        const storage = keep(await createIdbStorage({ name }))
        await writeRaw(name, 'a', 'text')
        await rejects(storage.read(['a']), 'STORAGE_UNAVAILABLE')
        await rejects(keysOf(storage), 'STORAGE_UNAVAILABLE')
        const mutations = [{ key: 'b', value: bytes('b') }]
        const commit = storage.commit({ guards: [{ key: 'a', value: null }], mutations })
        await rejects(commit, 'STORAGE_UNAVAILABLE')
        same(await storage.read(['b']), [null], 'value')
      }),
    )
  })
}

function readRaw(name: string, key: IDBValidKey): Promise<unknown> {
  return inRaw(name, 'readonly', (store) => store.get(key))
}

function writeRaw(name: string, key: string, value: unknown): Promise<unknown> {
  return inRaw(name, 'readwrite', (store) => store.put(value, key))
}

async function inRaw(
  name: string,
  mode: IDBTransactionMode,
  step: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  const database = await openRaw(name, 1)
  return new Promise((resolve, reject) => {
    const transaction = database.transaction('records', mode)
    const request = step(transaction.objectStore('records'))
    transaction.oncomplete = () => {
      database.close()
      resolve(request.result)
    }
    transaction.onabort = () => {
      reject(transaction.error ?? new Error('aborted'))
    }
  })
}
