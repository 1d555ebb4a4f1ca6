let databases = 0

/** A name that no other test of this origin uses, in this page or another. */
export function uniqueName(): string {
  databases += 1
  return `test-${crypto.randomUUID()}-${databases}`
}

/** Rejects if an open connection blocks the deletion. */
export function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => {
      resolve()
    }
    request.onerror = () => {
      reject(request.error ?? new Error(`could not delete ${name}`))
    }
    request.onblocked = () => {
      reject(new Error(`${name} is still open somewhere`))
    }
  })
}

/** WebKit lists a database whose creation was aborted, with version 0: it does not exist. */
export async function databaseExists(name: string): Promise<boolean> {
  return (await indexedDB.databases()).some((each) => each.name === name && each.version !== 0)
}

/** A connection without the adapter, which does not close when others want to upgrade or delete. */
export function openRaw(
  name: string,
  version: number,
  upgrade: (database: IDBDatabase) => void = () => undefined,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version)
    request.onupgradeneeded = () => {
      upgrade(request.result)
    }
    request.onsuccess = () => {
      resolve(request.result)
    }
    request.onerror = () => {
      reject(request.error ?? new Error(`could not open ${name}`))
    }
  })
}
