/** The clipboard of the page's browser. */
import type { ClipboardState, LaterWrite, LentClipboard } from '../model/lent-clipboard.js'
import { createLentClipboard } from '../model/lent-clipboard.js'
import { Refusal } from '../model/problem-words.js'

export function createPageClipboard(show: (state: ClipboardState) => void): LentClipboard {
  return createLentClipboard({
    write: writeText,
    writeLater,
    read: readWithoutAsking,
    now: () => Date.now(),
    setTimer: (callback, milliseconds) => setTimeout(callback, milliseconds),
    clearTimer: (timer) => {
      clearTimeout(timer as number)
    },
    show,
  })
}

/** Asks the browser at once, and gives it the text when it is there. */
async function writeText(text: Promise<string>): Promise<void> {
  if (!isSecureContext) {
    throw new Refusal('Browsers let no page at the clipboard that came over plain HTTP.')
  }
  // Chromium would ask its user whether the page may see what is on the clipboard.
  if (!navigator.userActivation.isActive) {
    throw new DOMException('no person is active in this page now', 'NotAllowedError')
  }
  const blob = text.then((each) => new Blob([each], { type: 'text/plain' }))
  blob.catch(() => undefined)
  await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })])
}

function writeLater(): LaterWrite {
  let give: (text: Promise<string>) => void = () => undefined
  let refuse: (reason: Error) => void = () => undefined
  const text = new Promise<string>((resolve, reject) => {
    give = resolve
    refuse = reject
  })
  text.catch(() => undefined)
  const written = writeText(text)
  written.catch(() => undefined)
  return {
    make: (each) => {
      give(each)
      return written
    },
    drop: () => {
      refuse(new Error('nothing is to be written any more'))
    },
  }
}

/** Only if the browser asks no question: 30 seconds later a person would not understand it. */
async function readWithoutAsking(): Promise<string | null> {
  try {
    const name = 'clipboard-read' as PermissionName
    const { state } = await navigator.permissions.query({ name })
    return state === 'granted' ? await navigator.clipboard.readText() : null
  } catch {
    return null
  }
}
