/** A form of passphrases: what it does takes a second or more, shows how far it is, and ends. */
import type { DerivationOptions } from '../unlocking/worker-passphrase.js'
import { button, h } from './elements.js'
import type { PassphraseFields } from './passphrase-fields.js'

export interface DerivationFormParts {
  readonly submit: string
  readonly fields: PassphraseFields
  /** What the form is for. Where it rejects the form stays, with the words for it. */
  readonly run: (texts: readonly string[], work: DerivationOptions) => Promise<void>
  readonly words: (error: unknown) => string
  /** What else can be done while nothing goes on. */
  readonly instead?: HTMLElement
}

export interface DerivationForm {
  readonly element: HTMLFormElement
  /** What gets the focus. */
  readonly first: HTMLInputElement | undefined
  /** Ends what was asked for, and takes what was typed out of the page. */
  readonly stop: () => void
}

export function createDerivationForm(parts: DerivationFormParts): DerivationForm {
  const { submit, fields, run, words, instead } = parts
  const [first] = fields.inputs
  const failure = h('p', { class: 'failure', role: 'alert' })
  const progress = h('progress', { max: 1, 'aria-label': 'Deriving the key' })
  let ending = new AbortController()
  const cancel = button('Cancel', () => {
    ending.abort()
    failure.textContent = 'Cancelled.'
  })
  const send = h('button', { type: 'submit', class: 'primary' }, submit)
  const working = h(
    'div',
    {
      class: 'working',
      hidden: true,
      tabindex: -1,
      role: 'group',
      'aria-label': 'Working',
    },
    progress,
    cancel,
  )

  function setWorking(isWorking: boolean): void {
    working.hidden = !isWorking
    send.hidden = isWorking
    if (instead !== undefined) instead.hidden = isWorking
    for (const input of fields.inputs) input.disabled = isWorking
    // Not on the button: a person who presses Enter twice does not want to cancel.
    if (isWorking) working.focus()
    else first?.focus()
  }

  async function answer(): Promise<void> {
    failure.textContent = ''
    const texts = fields.inputs.map(({ value }) => value)
    ending = new AbortController()
    progress.value = 0
    setWorking(true)
    try {
      const onProgress = (fraction: number): void => {
        progress.value = fraction
      }
      // What cannot be ended, as waiting for another tab, need not be waited for.
      await Promise.race([run(texts, { signal: ending.signal, onProgress }), endOf(ending.signal)])
    } catch (error) {
      // The vault is open, or something else is shown: what was typed is gone.
      if (!element.isConnected) return
      if (!ending.signal.aborted) failure.textContent = words(error)
      setWorking(false)
      first?.select()
    }
  }

  const element = h(
    'form',
    {
      onsubmit: (event: SubmitEvent) => {
        event.preventDefault()
        if (!send.hidden) void answer()
      },
    },
    ...fields.elements,
    failure,
    send,
    working,
    instead ?? null,
  )
  return {
    element,
    first,
    stop: () => {
      ending.abort()
      fields.clear()
    },
  }
}

function endOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(signal.reason as Error)
      },
      { once: true },
    )
  })
}
