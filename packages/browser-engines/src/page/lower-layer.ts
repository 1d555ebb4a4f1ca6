/**
 * IndexedDB below the adapter: what it opened, and faults at chosen points. Everything is put back
 * by `restore`, and concerns one database only.
 */
export interface LowerLayer {
  /** The connections that were opened since, in order. */
  readonly connections: readonly IDBDatabase[]
  /** The transactions that were opened since, in order. */
  readonly transactions: readonly IDBTransaction[]
  /** Called with every connection before the adapter has it. */
  onConnection: (database: IDBDatabase) => void
  /** Called with every transaction before the adapter has it. */
  onTransaction: (transaction: IDBTransaction) => void
  restore(): void
}

export function watchLowerLayer(name: string): LowerLayer {
  const connections: IDBDatabase[] = []
  const transactions: IDBTransaction[] = []
  const factory = IDBFactory.prototype
  const database = IDBDatabase.prototype
  const open = Reflect.get(factory, 'open')
  const begin = Reflect.get(database, 'transaction')
  const layer: LowerLayer = {
    connections,
    transactions,
    onConnection: () => undefined,
    onTransaction: () => undefined,
    restore: () => {
      factory.open = open
      database.transaction = begin
    },
  }
  factory.open = function (this: IDBFactory, ...rest) {
    const request = open.apply(this, rest)
    if (rest[0] === name) {
      request.addEventListener('success', () => {
        connections.push(request.result)
        layer.onConnection(request.result)
      })
    }
    return request
  }
  database.transaction = function (this: IDBDatabase, ...rest) {
    const transaction = begin.apply(this, rest)
    if (this.name === name) {
      transactions.push(transaction)
      layer.onTransaction(transaction)
    }
    return transaction
  }
  return layer
}
