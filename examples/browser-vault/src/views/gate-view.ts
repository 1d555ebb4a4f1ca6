/** Before the vault: making it, or unlocking it. */
import { PASSPHRASE_CHARS_MIN, whyTooWeak } from '../model/passphrase-rules.js'
import { Refusal } from '../model/problem-words.js'
import type { DerivationOptions } from '../unlocking/worker-passphrase.js'
import type { Child } from './elements.js'
import { button, h, newId } from './elements.js'
import { describeBy, fieldRow } from './field-row.js'

export interface GateRequests {
  readonly create: (text: string, work: DerivationOptions) => Promise<void>
  readonly unlock: (text: string, work: DerivationOptions) => Promise<void>
  /** The passphrase is forgotten. */
  readonly beginAnew: () => void
  readonly words: (error: unknown) => string
}

export interface GateView {
  readonly element: HTMLElement
  /** @param why - what a person should know, such as that the vault was locked */
  show(kind: 'create' | 'unlock', why: string): void
  /** Nothing can be done but to try again. */
  showProblem(words: string, again: () => void): void
  /** Ends what goes on, and takes what was typed out of the page. */
  stop(): void
}

const INTRODUCTION = {
  create: 'Choose a passphrase. It is the only way into the vault, and nobody can restore it.',
  unlock: 'The vault in this browser is locked.',
} as const

export function createGateView(requests: GateRequests): GateView {
  const element = h('main', { class: 'gate' })
  let stopForm = (): void => undefined

  function show(kind: 'create' | 'unlock', why: string): void {
    const whyId = newId('why')
    const gate = kind === 'create' ? createForm(requests) : unlockForm(requests)
    stopForm()
    stopForm = gate.stop
    element.replaceChildren(
      card(
        h('p', { class: 'quiet' }, INTRODUCTION[kind]),
        why === '' ? null : h('p', { class: 'notice', role: 'status', id: whyId }, why),
        gate.form,
        kind === 'create' ? aboutStorage() : null,
      ),
    )
    const [first] = gate.inputs
    // Said with the field that gets the focus: a status that was there before is not always said.
    if (why !== '') describeBy(first, whyId)
    first?.focus()
  }

  return {
    element,
    show,
    showProblem: (words, again) => {
      stopForm()
      const retry = button('Try again', again, { class: 'primary' })
      element.replaceChildren(card(h('p', { class: 'failure', role: 'alert' }, words), retry))
      retry.focus()
    },
    stop: () => {
      stopForm()
      element.replaceChildren()
    },
  }
}

function card(...children: readonly Child[]): HTMLElement {
  return h(
    'div',
    { class: 'card' },
    h('img', { src: './icon.svg', alt: '', width: 56, height: 56 }),
    h('h1', {}, 'Browser vault'),
    ...children,
  )
}

function aboutStorage(): HTMLElement {
  return h(
    'div',
    { class: 'hint about-vault' },
    h(
      'p',
      {},
      'Values are encrypted. Names, descriptions and tags are not: anyone who can read the files ',
      'of this browser can read them.',
    ),
    h(
      'p',
      {},
      'The vault stays in this browser, on this computer. Clearing the data of this site deletes ',
      'it, and so may the browser when it runs short of space. Keep a second copy of what matters.',
    ),
  )
}

interface GateForm {
  readonly form: HTMLFormElement
  readonly inputs: readonly HTMLInputElement[]
  /** Ends what was asked for, and takes what was typed out of the page. */
  readonly stop: () => void
}

function createForm({ create, words }: GateRequests): GateForm {
  const first = passphraseInput('new-password')
  const again = passphraseInput('new-password')
  return gateForm(
    'Create the vault',
    words,
    [
      fieldRow(
        'Passphrase',
        first,
        `At least ${PASSPHRASE_CHARS_MIN} characters; several words are good.`,
      ),
      fieldRow('The same again', again, undefined),
    ],
    [first, again],
    async (work) => {
      const why =
        first.value === again.value ? whyTooWeak(first.value) : 'The two passphrases differ.'
      if (why !== null) throw new Refusal(why)
      await create(first.value, work)
    },
  )
}

function unlockForm({ unlock, beginAnew, words }: GateRequests): GateForm {
  const input = passphraseInput('current-password')
  const forgotten = button('I forgot the passphrase', beginAnew, { class: 'link' })
  return gateForm(
    'Unlock',
    words,
    [fieldRow('Passphrase', input, undefined)],
    [input],
    (work) => unlock(input.value, work),
    forgotten,
  )
}

function gateForm(
  submit: string,
  words: (error: unknown) => string,
  fields: readonly HTMLElement[],
  inputs: readonly HTMLInputElement[],
  run: (work: DerivationOptions) => Promise<void>,
  instead: HTMLElement | null = null,
): GateForm {
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
    if (instead !== null) instead.hidden = isWorking
    for (const input of inputs) input.disabled = isWorking
    // Not on the button: whoever presses Enter twice does not want to cancel.
    if (isWorking) working.focus()
    else inputs[0]?.focus()
  }

  async function answer(): Promise<void> {
    failure.textContent = ''
    ending = new AbortController()
    progress.value = 0
    setWorking(true)
    try {
      const onProgress = (fraction: number): void => {
        progress.value = fraction
      }
      // What cannot be ended, as waiting for another tab, need not be waited for.
      await Promise.race([run({ signal: ending.signal, onProgress }), endOf(ending.signal)])
    } catch (error) {
      // The vault is open, or the gate shows something else: what was typed is gone.
      if (!form.isConnected) return
      if (!ending.signal.aborted) failure.textContent = words(error)
      setWorking(false)
      inputs[0]?.select()
    }
  }

  const form = h(
    'form',
    {
      onsubmit: (event: SubmitEvent) => {
        event.preventDefault()
        if (!send.hidden) void answer()
      },
    },
    ...fields,
    failure,
    send,
    working,
    instead,
  )
  return {
    form,
    inputs,
    stop: () => {
      ending.abort()
      for (const input of inputs) input.value = ''
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

function passphraseInput(autocomplete: string): HTMLInputElement {
  return h('input', { type: 'password', id: newId('passphrase'), autocomplete, required: true })
}
