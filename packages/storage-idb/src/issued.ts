/** What a step has issued on a database. */
export interface Issued<T> {
  readonly settled: Promise<T>
  /** The end of its transaction, which comes after a read has been answered. Never rejects. */
  readonly ended: Promise<void>
  /** Whether it may be done again: reads may, and a commit that nothing of was issued. */
  readonly isRepeatable: boolean
}

/** Opens a transaction, which throws on a dead connection, and issues requests in it. */
export type Step<T> = (database: IDBDatabase) => Issued<T>
