/** Aborts a transaction as soon as all its writes, which are `count`, have succeeded. */
export function abortAfterWrites(transaction: IDBTransaction, count: number): void {
  const store = transaction.objectStore('records')
  let open = count
  for (const method of ['put', 'delete'] as const) {
    const sound = store[method].bind(store) as (...rest: unknown[]) => IDBRequest
    Reflect.set(store, method, (...rest: unknown[]) => {
      const request = sound(...rest)
      request.addEventListener('success', () => {
        open -= 1
        if (open === 0) transaction.abort()
      })
      return request
    })
  }
}

/** Ends a connection as browsers do that take it away: with an event, or, in Safari, without. */
export function dropConnection(database: IDBDatabase, tells: boolean): void {
  database.close()
  if (tells) database.dispatchEvent(new Event('close'))
}
