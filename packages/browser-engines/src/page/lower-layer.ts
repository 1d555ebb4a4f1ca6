/**
 * IndexedDB below the adapter: records what it opened, and injects faults at chosen points. Affects
 * one database only; `restore` undoes everything.
 */
export interface LowerLayer {
  /** The connections opened since the watch began, in order. */
  readonly connections: readonly IDBDatabase[]
  /** The transactions opened since the watch began, in order. */
  readonly transactions: readonly IDBTransaction[]
  /** Called with every connection before the adapter gets it. */
  onConnection: (database: IDBDatabase) => void
  /** Called with every transaction before the adapter gets it. */
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
