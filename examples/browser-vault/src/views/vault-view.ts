/** The open vault: its bar, the list next to the secret, and the layout of small screens. */
import { IDLE_MINUTES } from '../model/idle-lock.js'
import { button, h, newId } from './elements.js'

export interface VaultView {
  readonly element: HTMLElement
  /** On small screens the list and the secret take turns. */
  showDetail(isShown: boolean): void
  showPersistence(words: string): void
}

export interface VaultParts {
  readonly list: HTMLElement
  readonly detail: HTMLElement
  readonly minutes: number
  readonly onPassphrase: () => void
  readonly onLock: () => void
  readonly onMinutes: (minutes: number) => void
}

/** Room for the ring around what has the focus. */
const BREATHING_PIXELS = 8

export function createVaultView(parts: VaultParts): VaultView {
  const selectId = newId('idle')
  const select = h(
    'select',
    {
      id: selectId,
      onchange: () => {
        parts.onMinutes(Number(select.value))
      },
    },
    ...IDLE_MINUTES.map((minutes) =>
      h('option', { value: minutes, selected: minutes === parts.minutes }, minuteWords(minutes)),
    ),
  )
  const persistence = h('p', { class: 'hint' })
  const bar = h(
    'header',
    { class: 'bar' },
    h('img', { src: './icon.svg', alt: '', width: 28, height: 28 }),
    h('h1', {}, 'Browser vault'),
    h('div', { class: 'bar-idle' }, h('label', { for: selectId }, 'Locks after'), select),
    button('Change passphrase', parts.onPassphrase),
    button('Lock now', parts.onLock, { class: 'lock' }),
  )
  const panes = h(
    'main',
    {
      class: 'panes',
      onfocusin: ({ target }: FocusEvent) => {
        keepBelow(bar, target)
      },
    },
    parts.list,
    parts.detail,
    h('footer', { class: 'foot' }, persistence),
  )
  const element = h('div', { class: 'vault' }, bar, panes)
  return {
    element,
    showDetail: (isShown) => {
      panes.classList.toggle('panes-detail', isShown)
    },
    showPersistence: (words) => {
      persistence.textContent = words
    },
  }
}

/** Safari ignores the styles and leaves an element that gets the focus by keys under the bar. */
function keepBelow(bar: HTMLElement, target: EventTarget | null): void {
  if (!(target instanceof HTMLElement) || !target.matches(':focus-visible')) return
  const covered = bar.getBoundingClientRect().bottom - target.getBoundingClientRect().top
  if (covered > 0) scrollBy(0, -covered - BREATHING_PIXELS)
}

function minuteWords(minutes: number): string {
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}
