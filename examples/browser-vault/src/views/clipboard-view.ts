/** What becomes of a copied value, on every view of the page. */
import { CLIPBOARD_SECONDS } from '../model/lent-clipboard.js'
import type { ClipboardState } from '../model/lent-clipboard.js'
import { h } from './elements.js'

export interface ClipboardView {
  readonly element: HTMLElement
  show(state: ClipboardState): void
}

const OVERDUE = 'The copied value is still on the clipboard: click or type here, and it leaves.'

export function createClipboardView(): ClipboardView {
  const seen = h('p', { class: 'message', 'aria-hidden': 'true' })
  // Said once: a screen reader does not read out every second.
  const heard = h('p', { class: 'heard', role: 'status' })
  return {
    element: h('div', {}, seen, heard),
    show: (state) => {
      seen.textContent = wordsOf(state)
      if (state.kind !== 'lent' || state.secondsLeft === CLIPBOARD_SECONDS) {
        heard.textContent = wordsOf(state)
      }
    },
  }
}

function wordsOf(state: ClipboardState): string {
  if (state.kind === 'empty') return ''
  if (state.kind === 'overdue') return OVERDUE
  return `Copied. It leaves the clipboard in ${state.secondsLeft} s, while this page is open.`
}
