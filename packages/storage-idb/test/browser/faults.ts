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

/**
 * What a script that is ended in the middle does not come to: to abort its transaction. With a key,
 * nor to any write from that one on.
 */
export function endScript(transaction: IDBTransaction, key: string | null): void {
  transaction.abort = () => undefined
  const store = transaction.objectStore('records')
  const sound = store.put.bind(store)
  store.put = (value, each) => {
    if (each === key) throw new Error('the script is ended')
    return sound(value, each)
  }
}

/** Ends a connection as browsers do that take it away: with an event, or, in Safari, without. */
export function dropConnection(database: IDBDatabase, tells: boolean): void {
  database.close()
  if (tells) database.dispatchEvent(new Event('close'))
}
