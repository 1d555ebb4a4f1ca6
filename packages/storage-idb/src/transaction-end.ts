/** How a transaction ended. */
export interface TransactionEnd {
  readonly onComplete: () => void
  /** With the reason, `null` for an abort that gave none. Called once, and not after the other. */
  readonly onAbort: (reason: unknown) => void
}

/**
 * Tells how a transaction ends, and resolves when it has ended; it never rejects.
 *
 * A request that fails is the end of its transaction. Its event is not waited out: WebKit does not
 * send `abort` for a connection that is closed meanwhile, and what waits for it would wait forever.
 */
export function watchEnd(
  transaction: IDBTransaction,
  { onComplete, onAbort }: TransactionEnd,
): Promise<void> {
  return new Promise((resolve) => {
    let isOver = false
    function end(tell: () => void): void {
      if (isOver) return
      isOver = true
      tell()
      resolve()
    }
    transaction.addEventListener('complete', () => {
      end(onComplete)
    })
    transaction.addEventListener('abort', () => {
      end(() => {
        onAbort(transaction.error)
      })
    })
    transaction.addEventListener('error', ({ target }) => {
      end(() => {
        onAbort(target instanceof IDBRequest ? target.error : transaction.error)
      })
    })
  })
}
