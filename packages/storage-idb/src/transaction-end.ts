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
 * In Firefox a transaction that was opened while its connection was being closed hears of nothing
 * at all; the connection does.
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
      transaction.db.removeEventListener('close', endSoon)
      tell()
      resolve()
    }
    /** Behind whatever the transaction itself may be told yet. */
    function endSoon(): void {
      setTimeout(() => {
        end(() => {
          onAbort(transaction.error ?? new DOMException('the connection was closed', 'AbortError'))
        })
      }, 0)
    }
    transaction.db.addEventListener('close', endSoon)
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
