/** A value on the clipboard for a while: 30 seconds, then it is taken off again. */

export const CLIPBOARD_SECONDS = 30

export type ClipboardState =
  | { readonly kind: 'empty' }
  /** The value is there for so many more seconds. */
  | { readonly kind: 'lent'; readonly secondsLeft: number }
  /** The time is over, and the browser lets no page at the clipboard until a person acts in it. */
  | { readonly kind: 'overdue' }

export interface LentClipboard {
  /**
   * To be called while a person acts: some browsers let a page at the clipboard at no other time,
   * and not even once the value has been read.
   *
   * @throws what kept the text from coming, or the browser's error if it refuses access to the
   *   clipboard
   */
  lend(text: Promise<string>): Promise<void>
  /** Takes the value off now, as on locking. */
  takeBack(): Promise<void>
  /** A person acted in the page: the time may be over, or a refused access may be allowed now. */
  retry(): Promise<void>
}

/** A write that was asked for while a person acted, and is made when the page wants it. */
export interface LaterWrite {
  /** @throws where the browser refused it then, or does so now. */
  readonly make: (text: Promise<string>) => Promise<void>
  readonly drop: () => void
}

export interface ClipboardParts {
  readonly write: (text: Promise<string>) => Promise<void>
  readonly writeLater: () => LaterWrite
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
  let clearing: LaterWrite | null = null
  let isOverdue = false
  let until = 0
  let timer: unknown
  /** Lending and taking back wait for each other: a value is not taken back before it is there. */
  const inTurn = createQueue()

  function count(): void {
    parts.clearTimer(timer)
    const secondsLeft = Math.ceil((until - parts.now()) / 1000)
    if (secondsLeft <= 0) {
      void takeBackIfOver()
      return
    }
    // A clock that was set back must not leave it there for longer.
    parts.show({ kind: 'lent', secondsLeft: Math.min(secondsLeft, CLIPBOARD_SECONDS) })
    timer = parts.setTimer(count, 1000)
  }

  /** Another value may have been lent before it is its turn. */
  function takeBackIfOver(): Promise<void> {
    return takeBack(() => isOverdue || parts.now() >= until)
  }

  function takeBack(isWanted = () => true): Promise<void> {
    return inTurn(async () => {
      if (lent === null || !isWanted()) return
      parts.clearTimer(timer)
      const [own, asked] = [lent, clearing]
      clearing = null
      const isOurs = parts.read().then((found) => found === null || found === own)
      try {
        await clear(parts, asked, nothingIf(isOurs))
      } catch {
        // A text that was copied since then stays.
        if (await isOurs) {
          isOverdue = true
          parts.show({ kind: 'overdue' })
          return
        }
      }
      lent = null
      isOverdue = false
      parts.show({ kind: 'empty' })
    })
  }

  return {
    lend: (text) => {
      // It may fail before it is its turn.
      text.catch(() => undefined)
      return inTurn(async () => {
        lent = await writeValue(parts, text)
        clearing?.drop()
        clearing = parts.writeLater()
        isOverdue = false
        until = parts.now() + CLIPBOARD_SECONDS * 1000
        count()
      })
    },
    takeBack: () => takeBack(),
    retry: async () => {
      if (isOverdue) await takeBackIfOver()
      else if (lent !== null) count()
    },
  }
}

/** @returns the value, once it is there: what kept it from coming is said before anything else */
async function writeValue({ write }: ClipboardParts, text: Promise<string>): Promise<string> {
  const writing = write(text)
  writing.catch(() => undefined)
  const value = await text
  await writing
  return value
}

/**
 * As it was asked for when the value came there, or else now, which takes a person who acts. What
 * is to be written may be decided later: the browser has to be asked before that.
 */
async function clear(
  { write }: ClipboardParts,
  asked: LaterWrite | null,
  text: Promise<string>,
): Promise<void> {
  const isDone = await asked?.make(text).then(
    () => true,
    () => false,
  )
  if (isDone !== true) await write(text)
}

function nothingIf(isOurs: Promise<boolean>): Promise<string> {
  const text = isOurs.then((ours) => {
    if (ours) return ''
    throw new Error('the clipboard holds something else')
  })
  // In case nothing awaits the text.
  text.catch(() => undefined)
  return text
}

function createQueue(): (step: () => Promise<void>) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve()
  return (step) => {
    const done = last.then(step)
    last = done.catch(() => undefined)
    return done
  }
}
