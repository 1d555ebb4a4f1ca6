import type { StorageError } from '@stagevault/storage'
import type { IDBPDatabase } from 'idb'
import { openDB, unwrap } from 'idb'
import { blockedError, foreignError, missingError, openError } from './idb-errors.js'
import { LAYOUT_VERSION, RECORDS } from './identity.js'

/** Told when a connection ends that nobody here closed. */
export interface ConnectionEvents {
  /** Another tab wants to delete or replace the database: the connection must make way. */
  readonly onReplaced: () => void
  /** The browser closed the connection; the database may be there still. */
  readonly onLost: () => void
}

/**
 * Opens the database `name`. An upgrade from version 0 is what a missing database looks like,
 * also one that the browser emptied because it found it damaged: unless it is to be created, that
 * upgrade is aborted, which leaves nothing behind.
 *
 * Rejects with `STORAGE_MISSING`, `STORAGE_BLOCKED`, `STORAGE_FULL`, `STORAGE_UNAVAILABLE`.
 */
export async function openDatabase(
  name: string,
  create: boolean,
  events: ConnectionEvents,
): Promise<IDBDatabase> {
  const missing: StorageError[] = []
  let isBlocked = false
  const opening = new Promise<IDBPDatabase>((resolve, reject) => {
    openDB(name, LAYOUT_VERSION, {
      upgrade: (database, oldVersion, _newVersion, transaction, event) => {
        // Nobody waits for it, and an abort would be reported as a rejection that nobody caught.
        transaction.done.catch(() => undefined)
        if (oldVersion !== 0) return
        if (create) {
          database.createObjectStore(RECORDS)
          return
        }
        missing.push(missingError(name, findDamage(event)))
        transaction.abort()
      },
      blocked: () => {
        isBlocked = true
        reject(blockedError(name))
      },
      blocking: events.onReplaced,
      terminated: events.onLost,
    }).then((database) => {
      // Unblocked after all, when nobody waits any more: held open it would block others.
      if (isBlocked) database.close()
      else resolve(database)
    }, reject)
  })
  try {
    return requireRecords(unwrap(await opening), name)
  } catch (error) {
    throw missing[0] ?? openError(error, name)
  }
}

/** Not somebody else's database of that name, as far as its stores tell. */
function requireRecords(database: IDBDatabase, name: string): IDBDatabase {
  if (database.objectStoreNames.contains(RECORDS)) return database
  database.close()
  throw foreignError(name)
}

/** Chromium says so, and why, in properties that no standard knows. */
function findDamage(event: IDBVersionChangeEvent): string | null {
  if (!('dataLoss' in event) || event.dataLoss !== 'total') return null
  return 'dataLossMessage' in event ? String(event.dataLossMessage) : ''
}
