/** The value of one version, hidden until it is asked for. */
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
  /** Takes the value out of the page. */
  hide(): void
}

const MASK = '••••••••••••'

export function createValuePanel(requests: ValueRequests): ValuePanel {
  const titleId = newId('value')
  const title = h('h3', { id: titleId })
  const value = h('pre', {
    class: 'value value-hidden',
    role: 'group',
    'aria-labelledby': titleId,
  })
  const toggle = button(
    'Show',
    () => {
      if (isShown()) hide()
      else void reveal()
    },
    { 'data-key': 'toggle' },
  )
  const copy = button('Copy', requests.copy)
  const rollBack = button('Make it current again', requests.rollBack)
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
    // What is long scrolls, and has to with the keys alone.
    value.tabIndex = 0
    value.classList.remove('value-hidden')
    toggle.textContent = 'Hide'
  }

  function hide(): void {
    asked += 1
    value.textContent = MASK
    value.dataset['state'] = 'hidden'
    value.removeAttribute('tabindex')
    value.classList.add('value-hidden')
    toggle.textContent = 'Show'
  }

  return {
    element: h(
      'section',
      { class: 'value-panel', 'aria-labelledby': titleId },
      title,
      value,
      h('div', { class: 'actions' }, toggle, copy, rollBack),
    ),
    show: (versionId, isCurrent, isReadable) => {
      title.textContent = `Value of ${versionId}${isCurrent ? ', current' : ''}`
      const hadFocus = document.activeElement === rollBack
      rollBack.hidden = isCurrent || !isReadable
      toggle.disabled = !isReadable
      copy.disabled = !isReadable
      hide()
      if (hadFocus && rollBack.hidden) toggle.focus()
    },
    hide,
  }
}
