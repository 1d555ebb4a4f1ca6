/** The value of one version: hidden until it is asked for, and on the clipboard for a while. */
import type { ClipboardState } from '../model/lent-clipboard.js'
import { button, h, newId } from './elements.js'

export interface ValueRequests {
  /** The value, read when it is asked for; who reads it says what goes wrong. */
  readonly read: () => Promise<string>
  readonly copy: () => Promise<void>
  readonly rollBack: () => Promise<void>
}

export interface ValuePanel {
  readonly element: HTMLElement
  /** Another version, of which nothing is shown yet. */
  show(versionId: string, isCurrent: boolean, isReadable: boolean): void
  showClipboard(state: ClipboardState): void
  /** Takes the value out of the page. */
  hide(): void
}

const MASK = '••••••••••••'

export function createValuePanel(requests: ValueRequests): ValuePanel {
  const titleId = newId('value')
  const title = h('h3', { id: titleId })
  const value = h('pre', { class: 'value value-hidden', tabindex: 0, 'aria-labelledby': titleId })
  const toggle = button('Show', () => {
    if (isShown()) hide()
    else void reveal()
  }, { 'data-key': 'toggle' })
  const copy = button('Copy', requests.copy)
  const rollBack = button('Make it current again', requests.rollBack)
  const clipboard = h('p', { class: 'hint', role: 'status' })
  /** Counts what was asked for, so that an answer that comes late is not shown. */
  let asked = 0

  function isShown(): boolean {
    return value.dataset['state'] === 'shown'
  }

  async function reveal(): Promise<void> {
    asked += 1
    const turn = asked
    const text = await requests.read().catch(() => null)
    if (text === null || turn !== asked) return
    value.textContent = text
    value.dataset['state'] = 'shown'
    value.classList.remove('value-hidden')
    toggle.textContent = 'Hide'
  }

  function hide(): void {
    asked += 1
    value.textContent = MASK
    value.dataset['state'] = 'hidden'
    value.classList.add('value-hidden')
    toggle.textContent = 'Show'
  }

  return {
    element: h('section', { class: 'value-panel', 'aria-labelledby': titleId },
      title, value, h('div', { class: 'actions' }, toggle, copy, rollBack), clipboard),
    show: (versionId, isCurrent, isReadable) => {
      title.textContent = `Value of ${versionId}${isCurrent ? ', current' : ''}`
      rollBack.hidden = isCurrent || !isReadable
      toggle.disabled = !isReadable
      copy.disabled = !isReadable
      hide()
    },
    showClipboard: (state) => { clipboard.textContent = clipboardWords(state) },
    hide,
  }
}

function clipboardWords(state: ClipboardState): string {
  if (state.kind === 'empty') return ''
  if (state.kind === 'overdue') {
    return 'Still on the clipboard: click or type here, and the browser lets the page clear it.'
  }
  return `Copied. It leaves the clipboard in ${state.secondsLeft} s.`
}
