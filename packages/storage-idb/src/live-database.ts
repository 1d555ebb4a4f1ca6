import { openDatabase } from './open-database.js'

/** A database of which there is a connection, until it is lost, replaced or closed. */
export interface LiveDatabase {
  /** Why nothing more may be done with it, once there is a reason. */
  ended(): string | null
  /** The connection, opened anew where the last one was lost. */
  connection(): IDBDatabase | Promise<IDBDatabase>
  /** Gives up a connection that turned out dead. */
  forget(connection: IDBDatabase): void
  /** From here on there is a reason, and no connection is opened any more. */
  end(why: string): void
  close(): void
}

/** Rejects as {@link openDatabase}, and so does every opening anew, which never creates. */
export async function openLiveDatabase(name: string, create: boolean): Promise<LiveDatabase> {
  let ended: string | null = null
  let current: IDBDatabase | null = null
  let reopening: Promise<IDBDatabase> | null = null

  async function open(mayCreate: boolean): Promise<IDBDatabase> {
    const opened: IDBDatabase = await openDatabase(name, mayCreate, {
      onReplaced: () => {
        ended ??= `another tab is deleting or replacing ${name}`
        opened.close()
      },
      onLost: () => {
        forget(opened)
      },
    })
    current = opened
    return opened
  }

  /** A database that vanished with its connection is missing, not new. */
  function reopen(): Promise<IDBDatabase> {
    reopening ??= open(false).finally(() => {
      reopening = null
    })
    return reopening
  }

  function forget(connection: IDBDatabase): void {
    if (current === connection) current = null
  }

  await open(create)
  return {
    ended: () => ended,
    connection: () => current ?? reopen(),
    forget,
    end: (why) => {
      ended ??= why
    },
    close: () => {
      current?.close()
      current = null
    },
  }
}
