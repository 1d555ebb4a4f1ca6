/** The clipboard of the page's browser. */
import type { ClipboardState, LentClipboard } from '../model/lent-clipboard.js'
import { createLentClipboard } from '../model/lent-clipboard.js'

export function createPageClipboard(show: (state: ClipboardState) => void): LentClipboard {
  return createLentClipboard({
    write: (text) => navigator.clipboard.writeText(text),
    read: readWithoutAsking,
    now: () => Date.now(),
    setTimer: (callback, milliseconds) => setTimeout(callback, milliseconds),
    clearTimer: (timer) => { clearTimeout(timer as number) },
    show,
  })
}

/** Only where no browser asks its user for it, which nobody would understand 30 seconds later. */
async function readWithoutAsking(): Promise<string | null> {
  try {
    const name = 'clipboard-read' as PermissionName
    const { state } = await navigator.permissions.query({ name })
    return state === 'granted' ? await navigator.clipboard.readText() : null
  } catch {
    return null
  }
}
