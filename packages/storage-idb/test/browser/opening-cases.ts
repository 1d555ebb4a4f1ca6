import type { StorageAdapter } from '@stagevault/storage'
import { isStorageError } from '@stagevault/storage'
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
import { deleteSoon, keysOf, put, withDatabase } from './idb-context.js'

/** Opening and creating, and connections of others to the same database. */
export function openingCases({ describe, it }: CaseFrame): void {
  describe('opening', () => {
    it(
      'a missing database rejects and leaves nothing behind',
      withDatabase(async ({ name }) => {
        await rejects(openIdbStorage({ name }), 'STORAGE_MISSING')
        check(!(await databaseExists(name)), 'the database is there now')
        await rejects(openIdbStorage({ name }), 'STORAGE_MISSING')
      }),
    )

    it(
      'is refused and creating goes on when both come at once',
      withDatabase(async (context) => {
        const { name, keep } = context
        const opening = rejects(openIdbStorage({ name }), 'STORAGE_MISSING')
        const storage = keep(await createIdbStorage({ name }))
        await opening
        await put(storage, 'a')
        same(await keysOf(storage), ['a'], 'keys')
      }),
    )

    it(
      'finds what another handle wrote, and creating again keeps it',
      withDatabase(async (context) => {
        const { name, keep } = context
        const first = keep(await createIdbStorage({ name }))
        await put(first, 'a')
        const second = keep(await openIdbStorage({ name }))
        const third = keep(await createIdbStorage({ name }))
        for (const storage of [first, second, third]) {
          same(await storage.read(['a']), [bytes('a')], 'value')
        }
      }),
    )

    it(
      'a database that was deleted since is missing',
      withDatabase(async ({ name }) => {
        const storage = await createIdbStorage({ name })
        await put(storage, 'a')
        await storage.close()
        await deleteDatabase(name)
        await rejects(openIdbStorage({ name }), 'STORAGE_MISSING')
        check(!(await databaseExists(name)), 'the database is there again')
      }),
    )

    it(
      'one whose making was cut short is missing, and can be made',
      withDatabase(async (context) => {
        const { name, keep } = context
        const raw = await openRaw(name, 1, (database) => database.createObjectStore('records'))
        raw.close()
        await rejects(openIdbStorage({ name }), 'STORAGE_MISSING')
        const [first, second] = await Promise.all([
          createIdbStorage({ name }).then(keep),
          createIdbStorage({ name }).then(keep),
        ])
        await put(first, 'a')
        await put(second, 'b')
        for (const connection of context.layer.connections) connection.close()
        // Opened again, each finds the database that it had.
        same(await keysOf(first), ['a', 'b'], 'keys')
        same(await keysOf(second), ['a', 'b'], 'keys')
      }),
    )

    it(
      'one that is deleted while it is made is closed, not broken',
      withDatabase(async (context) => {
        const { name, keep } = context
        for (let round = 0; round < 10; round += 1) {
          const deletion = deleteSoon(name)
          const storage = await createIdbStorage({ name }).catch((error: unknown) => error)
          await deletion
          if (isStorageError(storage)) same(storage.code, 'STORAGE_CLOSED', 'code')
          else await keep(storage as StorageAdapter).close()
        }
        await deleteSoon(name)
      }),
    )

    it(
      'a database of another program is refused and left alone',
      withDatabase(async ({ name }) => {
        const raw = await openRaw(name, 1, (database) => database.createObjectStore('others'))
        await rejects(openIdbStorage({ name }), 'STORAGE_UNAVAILABLE')
        await rejects(createIdbStorage({ name }), 'STORAGE_UNAVAILABLE')
        same([...raw.objectStoreNames], ['others'], 'its stores')
      }),
    )

    for (const [how, options] of [
      ['takes any keys', undefined],
      ['makes numbers', { autoIncrement: true }],
      ['has keys in its values', { keyPath: 'id' }],
    ] as const) {
      it(
        `also where its store has the name of ours and ${how}`,
        withDatabase(async ({ name }) => {
          const raw = await openRaw(name, 1, (database) =>
            database.createObjectStore('records', options),
          )
          const writing = raw.transaction('records', 'readwrite')
          writing
            .objectStore('records')
            .put({ id: 'x' }, how === 'takes any keys' ? 'x' : undefined)
          await finished(writing)
          await rejects(openIdbStorage({ name }), 'STORAGE_UNAVAILABLE')
          await rejects(createIdbStorage({ name }), 'STORAGE_UNAVAILABLE')
          const reading = raw.transaction('records')
          const count = reading.objectStore('records').count()
          await finished(reading)
          same(count.result, 1, 'its records')
        }),
      )
    }

    it(
      'a database of a later layout is refused',
      withDatabase(async ({ name }) => {
        await openRaw(name, 2, (database) => database.createObjectStore('records'))
        await rejects(openIdbStorage({ name }), 'STORAGE_UNAVAILABLE')
      }),
    )

    it(
      'waiting for a tab that holds an older version rejects',
      withDatabase(async (context) => {
        const { name } = context
        const stubborn = await openRaw(name, 1, (database) => database.createObjectStore('records'))
        await rejects(
          withLaterLayout(() => openIdbStorage({ name })),
          'STORAGE_BLOCKED',
        )
        stubborn.close()
        // The upgrade goes through now, and no handle holds the connection that it opened.
        await deleteDatabase(name)
      }),
    )
  })

  describe('others', () => {
    it(
      'may delete the database: the handle makes way and is closed',
      withDatabase(async (context) => {
        const { name, keep } = context
        const storage = keep(await createIdbStorage({ name }))
        const commit = put(storage, 'a')
        await Promise.all([commit, deleteDatabase(name)])
        await rejects(storage.read(['a']), 'STORAGE_CLOSED')
        await rejects(storage.scan({ start: 'a', end: 'b', limit: 1 }), 'STORAGE_CLOSED')
        await rejects(storage.commit({ guards: [], mutations: [] }), 'STORAGE_CLOSED')
        check(!(await databaseExists(name)), 'the database is there again')
      }),
    )

    it(
      'may upgrade the database: the handle makes way and is closed',
      withDatabase(async (context) => {
        const { name, keep } = context
        const storage = keep(await createIdbStorage({ name }))
        await put(storage, 'a')
        await openRaw(name, 2)
        await rejects(put(storage, 'b'), 'STORAGE_CLOSED')
        await rejects(openIdbStorage({ name }), 'STORAGE_UNAVAILABLE')
      }),
    )
  })
}

/** Opens with the next version, as the code of a later layout will. */
async function withLaterLayout<T>(step: () => Promise<T>): Promise<T> {
  const open = Reflect.get(IDBFactory.prototype, 'open')
  IDBFactory.prototype.open = function (this: IDBFactory, name, version) {
    return open.call(this, name, (version ?? 0) + 1)
  }
  try {
    return await step()
  } finally {
    IDBFactory.prototype.open = open
  }
}

function finished(transaction: IDBTransaction): Promise<unknown> {
  return new Promise((resolve) => {
    transaction.oncomplete = resolve
  })
}
