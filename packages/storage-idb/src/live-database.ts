import type { StorageError } from '@stagevault/storage'
import { closedError, isInterruption, missingError, openError } from './idb-errors.js'
import { findIdentity } from './identity.js'
import { openDatabase } from './open-database.js'

/** A database with its current connection, until it is lost, replaced or closed. */
export interface LiveDatabase {
  /** Why the database can no longer be used, or `null` while it can. */
  ended(): string | null
  /** The connection, which is reopened if the last one was lost. */
  connection(): IDBDatabase | Promise<IDBDatabase>
  /** Drops a connection that turned out to be dead. */
  forget(connection: IDBDatabase): void
  /** Ends the use of the database for this reason, and rejects a pending reopening. */
  end(why: string): void
  close(): void
}

/**
 * Rejects as {@link openDatabase}; so does every reopening, which never creates the database.
 *
 * @param creating - the durability for creating a missing database; `null`: never create it
 */
export async function openLiveDatabase(
  name: string,
  creating: IDBTransactionDurability | null,
): Promise<LiveDatabase> {
  let ended: string | null = null
  let current: IDBDatabase | null = null
  let reopening: Promise<IDBDatabase> | null = null
  let identity: string | null = null
  let giveUp: (why: StorageError) => void = () => undefined

  function end(why: string): void {
    ended ??= why
    giveUp(closedError(ended))
  }

  async function open(durability: IDBTransactionDurability | null): Promise<IDBDatabase> {
    const opened: IDBDatabase = await openDatabase(name, durability !== null, {
      onReplaced: () => {
        end(`another tab is deleting or replacing ${name}`)
        opened.close()
      },
      onLost: () => {
        forget(opened)
      },
    })
    try {
      const found = await findIdentity(opened, durability)
      if (ended !== null) throw closedError(ended)
      identity ??= found
      // Created only in part, or deleted and created again: missing, and not empty.
      if (found === null || found !== identity) throw missingError(name)
    } catch (error) {
      opened.close()
      // If another tab replaced the database, its reason is more precise.
      throw ended === null ? error : closedError(ended)
    }
    current = opened
    return opened
  }

  /** A database that was deleted with its connection is missing and must not be created again. */
  function reopen(): Promise<IDBDatabase> {
    reopening ??= new Promise<IDBDatabase>((resolve, reject) => {
      giveUp = reject
      twice(() => open(null)).then(resolve, reject)
    }).finally(() => {
      reopening = null
    })
    return reopening
  }

  function forget(connection: IDBDatabase): void {
    connection.close()
    if (current === connection) current = null
  }

  await open(creating).catch((error: unknown) => {
    throw openError(error, name)
  })
  return {
    ended: () => ended,
    connection: () => current ?? reopen(),
    forget,
    end,
    close: () => {
      current?.close()
      current = null
    },
  }
}

/** The cause that closed the last connection may still be active and abort this one, too. */
async function twice<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    if (!isInterruption(error)) throw error
    return attempt()
  }
}
