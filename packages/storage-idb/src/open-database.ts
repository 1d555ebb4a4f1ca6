import type { StorageError } from '@stagevault/storage'
import type { IDBPDatabase } from 'idb'
import { openDB, unwrap } from 'idb'
import { blockedError, foreignError, missingError, openError } from './idb-errors.js'
import { LAYOUT_VERSION, RECORDS } from './identity.js'

/** Called when a connection ends that this code did not close. */
export interface ConnectionEvents {
  /** Another tab wants to delete or replace the database, so the connection must close. */
  readonly onReplaced: () => void
  /** The browser closed the connection; the database may still exist. */
  readonly onLost: () => void
}

/**
 * Opens the database `name`. A missing database appears as an upgrade from version 0, and so does
 * one that the browser emptied because it was damaged. Unless the database is to be created, that
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
        // Not awaited: without this, an abort would be reported as an unhandled rejection.
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
      // The opening was unblocked after its promise rejected: close it, or it would block others.
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

/** Rejects a database of another program, as far as its object stores show that. */
function requireRecords(database: IDBDatabase, name: string): IDBDatabase {
  if (database.objectStoreNames.contains(RECORDS)) return database
  database.close()
  throw foreignError(name)
}

/** Chromium reports the reason in non-standard properties. */
function findDamage(event: IDBVersionChangeEvent): string | null {
  if (!('dataLoss' in event) || event.dataLoss !== 'total') return null
  return 'dataLossMessage' in event ? String(event.dataLossMessage) : ''
}
