import type { StorageAdapter } from '@stagevault/storage'
import { createIdbStorage, openIdbStorage } from '@stagevault/storage-idb'
import type { CaseFrame } from '@stagevault/browser-engines/page'
import {
  bytes,
  check,
  databaseExists,
  deleteDatabase,
  openRaw,
  rejects,
  same,
} from '@stagevault/browser-engines/page'
import type { IdbContext } from './idb-context.js'
import { deleteSoon, keysOf, put, withDatabase } from './idb-context.js'
import { dropConnection } from './faults.js'

/** Connections that the browser takes away: one reopening and one retry, and none of a commit. */
export function lostConnectionCases({ describe, it }: CaseFrame): void {
  describe('a lost connection', () => {
    for (const tells of [true, false]) {
      const how = tells ? 'with an event' : 'without a word'
      it(
        `${how} is opened again, once, by the next call`,
        withDatabase(async (context) => {
          const storage = await seeded(context)
          const { connections } = context.layer
          const calls: readonly (() => Promise<unknown>)[] = [
            () => storage.read(['a']),
            () => storage.scan({ start: '!', end: '~', limit: 1 }),
            () => put(storage, 'a'),
          ]
          for (const [i, call] of calls.entries()) {
            dropConnection(latest(connections), tells)
            await Promise.all([call(), call(), call()])
            same(connections.length, i + 2, 'connections opened so far')
          }
          same(await keysOf(storage), ['a'], 'keys')
        }),
      )
    }

    it(
      'that is lost again at once rejects',
      withDatabase(async (context) => {
        const { layer } = context
        const storage = await seeded(context)
        layer.onConnection = (database) => {
          // After the adapter was told that it is open.
          setTimeout(() => {
            dropConnection(database, false)
          }, 0)
          database.close()
        }
        dropConnection(latest(layer.connections), false)
        await rejects(storage.read(['a']), 'STORAGE_CLOSED')
        same(layer.connections.length, 2, 'connections opened')
        await rejects(put(storage, 'b'), 'STORAGE_CLOSED')
        same(layer.connections.length, 3, 'connections opened')
        layer.onConnection = () => undefined
        same(await keysOf(storage), ['a'], 'keys')
      }),
    )

    it(
      'under a read that was issued: it is read again, once',
      withDatabase(async (context) => {
        const { layer } = context
        const storage = await seeded(context)
        const issued = layer.transactions.length
        dropUnderNext(context, 'readonly')
        same(await storage.read(['a', 'b']), [bytes('a'), null], 'values')
        same(layer.connections.length, 2, 'connections opened')
        // One was lost, one asked which database this is, and one answered.
        same(layer.transactions.length - issued, 3, 'transactions opened')
      }),
    )

    it(
      'under a commit that was issued: it is not made again',
      withDatabase(async (context) => {
        const { layer } = context
        const storage = await seeded(context)
        dropUnderNext(context, 'readwrite')
        const mutations = [{ key: 'b', value: bytes('b') }]
        const commit = storage.commit({ guards: [], mutations })
        // Nothing let it complete yet: that it was not made is known.
        await rejects(commit, 'STORAGE_UNAVAILABLE')
        same(layer.connections.length, 1, 'connections opened before the next call')
        same(await keysOf(storage), ['a'], 'keys')
        same(layer.connections.length, 2, 'connections opened')
        await put(storage, 'b')
      }),
    )

    it(
      'to a database that is gone: it is missing, not new',
      withDatabase(async (context) => {
        const storage = await seeded(context)
        dropConnection(latest(context.layer.connections), true)
        await deleteDatabase(context.name)
        await rejects(storage.read(['a']), 'STORAGE_MISSING')
        await rejects(put(storage, 'a'), 'STORAGE_MISSING')
        check(!(await databaseExists(context.name)), 'the database is there again')
      }),
    )

    it(
      'to one that was made again under its name: it is missing',
      withDatabase(async (context) => {
        const { name, keep } = context
        const storage = await seeded(context)
        const other = keep(await openIdbStorage({ name }))
        const first = context.layer.connections
        for (const connection of first) dropConnection(connection, true)
        await deleteSoon(name)
        const next = keep(await createIdbStorage({ name }))
        await put(next, 'a', 'of another vault')
        await rejects(storage.read(['a']), 'STORAGE_MISSING')
        await rejects(storage.scan({ start: '!', end: '~', limit: 1 }), 'STORAGE_MISSING')
        await rejects(put(storage, 'b'), 'STORAGE_MISSING')
        await rejects(other.read(['a']), 'STORAGE_MISSING')
        same(await keysOf(next), ['a'], 'keys')
      }),
    )

    it(
      'behind a deletion that waits does not prevent closing',
      withDatabase(async (context) => {
        const { name, layer } = context
        const storage = await createIdbStorage({ name })
        // A connection that does not close, so that the deletion waits, and all calls after it.
        const stubborn = await openRaw(name, 1)
        dropConnection(latest(layer.connections.slice(0, 1)), true)
        const deleted = deleteSoon(name)
        const reading = rejects(storage.read(['a']), 'STORAGE_CLOSED')
        await storage.close()
        await reading
        stubborn.close()
        await deleted
      }),
    )

    it(
      'is not opened again by a handle that was closed',
      withDatabase(async (context) => {
        const storage = await seeded(context)
        await storage.close()
        await rejects(storage.read(['a']), 'STORAGE_CLOSED')
        same(context.layer.connections.length, 1, 'connections opened')
      }),
    )
  })
}

async function seeded({ name, keep }: IdbContext): Promise<StorageAdapter> {
  const storage = keep(await createIdbStorage({ name }))
  await put(storage, 'a')
  return storage
}

/** The connection goes away under the next transaction of that mode, which takes it along. */
function dropUnderNext({ layer }: IdbContext, mode: IDBTransactionMode): void {
  layer.onTransaction = (transaction) => {
    if (transaction.mode !== mode) return
    layer.onTransaction = () => undefined
    queueMicrotask(() => {
      transaction.abort()
      dropConnection(transaction.db, false)
    })
  }
}

function latest(connections: readonly IDBDatabase[]): IDBDatabase {
  const connection = connections.at(-1)
  check(connection !== undefined, 'a connection is open')
  return connection
}
