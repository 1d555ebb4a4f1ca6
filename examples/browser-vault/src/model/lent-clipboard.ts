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
  /** Somebody acted in the page: what was refused before may be allowed now. */
  retry(): Promise<void>
}

export interface ClipboardParts {
  readonly write: (text: string) => Promise<void>
  /** What is there, or `null` where the browser does not say. */
  readonly read: () => Promise<string | null>
  readonly setTimer: (callback: () => void, milliseconds: number) => unknown
  readonly clearTimer: (timer: unknown) => void
  readonly show: (state: ClipboardState) => void
}

export function createLentClipboard(parts: ClipboardParts): LentClipboard {
  let lent: string | null = null
  let isOverdue = false
  let timer: unknown

  function count(secondsLeft: number): void {
    if (secondsLeft === 0) {
      void takeBack()
      return
    }
    parts.show({ kind: 'lent', secondsLeft })
    timer = parts.setTimer(() => { count(secondsLeft - 1) }, 1000)
  }

  async function takeBack(): Promise<void> {
    parts.clearTimer(timer)
    const text = lent
    if (text === null) return
    try {
      // What somebody copied since is theirs.
      const found = await parts.read()
      if (found === null || found === text) await parts.write('')
    } catch {
      isOverdue = true
      parts.show({ kind: 'overdue' })
      return
    }
    // Another value may have been lent while this one was taken back.
    if (lent !== text) return
    lent = null
    isOverdue = false
    parts.show({ kind: 'empty' })
  }

  return {
    lend: async (text) => {
      parts.clearTimer(timer)
      await parts.write(text)
      lent = text
      isOverdue = false
      count(CLIPBOARD_SECONDS)
    },
    takeBack,
    retry: async () => {
      if (isOverdue) await takeBack()
    },
  }
}
