import type { StorageError } from '@stagevault/storage'
import { closedError, isInterruption, missingError, openError } from './idb-errors.js'
import { findIdentity } from './identity.js'
import { openDatabase } from './open-database.js'

/** A database of which there is a connection, until it is lost, replaced or closed. */
export interface LiveDatabase {
  /** Why nothing more may be done with it, once there is a reason. */
  ended(): string | null
  /** The connection, opened anew where the last one was lost. */
  connection(): IDBDatabase | Promise<IDBDatabase>
  /** Gives up a connection that turned out dead. */
  forget(connection: IDBDatabase): void
  /** From here on there is a reason, and nobody waits for a connection any more. */
  end(why: string): void
  close(): void
}

/**
 * Rejects as {@link openDatabase}, and so does every opening anew, which never creates.
 *
 * @param creating - with what durability it is made where it is missing, or `null`: it is not
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
      // Not made to its end; or deleted, and another made: what was here is missing, and not empty.
      if (found === null || found !== identity) throw missingError(name)
    } catch (error) {
      opened.close()
      // A connection that made way meanwhile refuses everything, for a reason that is known.
      throw ended === null ? error : closedError(ended)
    }
    current = opened
    return opened
  }

  /** A database that vanished with its connection is missing, not new. */
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

/** What took a connection away may be going on still, and abort the next one as well. */
async function twice<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    if (!isInterruption(error)) throw error
    return attempt()
  }
}
