/** Short messages at the bottom of the page, which screen readers read out too. */
import { h } from './elements.js'

export interface Announcer {
  readonly element: HTMLElement
  /** Something that happened. */
  say(text: string): void
  /** Something that did not. */
  warn(text: string): void
  clear(): void
}

const SHOWN_SECONDS = 8

export function createAnnouncer(): Announcer {
  const status = h('p', { class: 'message', role: 'status' })
  const alert = h('p', { class: 'message message-warning', role: 'alert' })
  let timer: ReturnType<typeof setTimeout> | undefined

  function clear(): void {
    clearTimeout(timer)
    status.textContent = ''
    alert.textContent = ''
  }

  return {
    element: h('div', {}, status, alert),
    say: (text) => {
      clear()
      status.textContent = text
      timer = setTimeout(clear, SHOWN_SECONDS * 1000)
    },
    // A failure stays until something else happens.
    warn: (text) => {
      clear()
      alert.textContent = text
    },
    clear,
  }
}
