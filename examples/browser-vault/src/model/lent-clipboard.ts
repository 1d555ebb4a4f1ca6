/** A value on the clipboard for a while: 30 seconds, then it is taken off again. */

export const CLIPBOARD_SECONDS = 30

export type ClipboardState =
  | { readonly kind: 'empty' }
  /** The value is there for so many more seconds. */
  | { readonly kind: 'lent'; readonly secondsLeft: number }
  /** The time is over, and the browser lets no page at the clipboard until a person acts in it. */
  | { readonly kind: 'overdue' }

export interface LentClipboard {
  /** @throws what the browser says where it lets nobody at the clipboard. */
  lend(text: string): Promise<void>
  /** Takes the value off now, as on locking. */
  takeBack(): Promise<void>
  /** Somebody acted in the page: the time may be over, and what was refused be allowed now. */
  retry(): Promise<void>
}

export interface ClipboardParts {
  readonly write: (text: string) => Promise<void>
  /** What is there, or `null` where the browser does not say. */
  readonly read: () => Promise<string | null>
  /** Milliseconds. Timers stand still while a computer sleeps. */
  readonly now: () => number
  readonly setTimer: (callback: () => void, milliseconds: number) => unknown
  readonly clearTimer: (timer: unknown) => void
  readonly show: (state: ClipboardState) => void
}

export function createLentClipboard(parts: ClipboardParts): LentClipboard {
  let lent: string | null = null
  let isOverdue = false
  let until = 0
  let timer: unknown

  /** Lending and taking back wait for each other: a value is not taken back before it is there. */
  let queue: Promise<unknown> = Promise.resolve()
  function inTurn(step: () => Promise<void>): Promise<void> {
    const done = queue.then(step)
    queue = done.catch(() => undefined)
    return done
  }

  function count(): void {
    parts.clearTimer(timer)
    const secondsLeft = Math.ceil((until - parts.now()) / 1000)
    if (secondsLeft <= 0) {
      void takeBack()
      return
    }
    // A clock that was set back must not leave it there for longer.
    parts.show({ kind: 'lent', secondsLeft: Math.min(secondsLeft, CLIPBOARD_SECONDS) })
    timer = parts.setTimer(count, 1000)
  }

  function takeBack(): Promise<void> {
    return inTurn(async () => {
      parts.clearTimer(timer)
      if (lent === null) return
      try {
        // What somebody copied since is theirs.
        const found = await parts.read()
        if (found === null || found === lent) await parts.write('')
      } catch {
        isOverdue = true
        parts.show({ kind: 'overdue' })
        return
      }
      lent = null
      isOverdue = false
      parts.show({ kind: 'empty' })
    })
  }

  return {
    lend: (text) => inTurn(async () => {
      await parts.write(text)
      lent = text
      isOverdue = false
      until = parts.now() + CLIPBOARD_SECONDS * 1000
      count()
    }),
    takeBack,
    retry: async () => {
      if (isOverdue) await takeBack()
      else if (lent !== null) count()
    },
  }
}
