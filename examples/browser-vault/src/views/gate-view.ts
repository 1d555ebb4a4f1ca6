/** Before the vault: making it, or unlocking it. */
import { button, h, newId } from './elements.js'

export interface GateRequests {
  readonly create: (text: string, work: GateWork) => Promise<void>
  readonly unlock: (text: string, work: GateWork) => Promise<void>
  readonly words: (error: unknown) => string
}

/** What takes a while, and can be ended. */
export interface GateWork {
  readonly signal: AbortSignal
  readonly onProgress: (fraction: number) => void
}

export interface GateView {
  readonly element: HTMLElement
  /** @param why - what a person should know, such as that the vault was locked */
  show(kind: 'create' | 'unlock', why: string): void
  forget(): void
}

const PASSPHRASE_CHARS_MIN = 8

const INTRODUCTION = {
  create: 'Choose a passphrase. It is the only way into the vault, and nobody can restore it.',
  unlock: 'The vault in this browser is locked.',
} as const

export function createGateView(requests: GateRequests): GateView {
  const element = h('main', { class: 'gate' })
  let forms: readonly HTMLInputElement[] = []

  function show(kind: 'create' | 'unlock', why: string): void {
    const gate = kind === 'create' ? createForm(requests) : unlockForm(requests)
    forms = gate.inputs
    element.replaceChildren(h('div', { class: 'card' },
      h('img', { src: './icon.svg', alt: '', width: 56, height: 56 }),
      h('h1', {}, 'Browser vault'),
      h('p', { class: 'quiet' }, INTRODUCTION[kind]),
      why === '' ? null : h('p', { class: 'notice', role: 'status' }, why),
      gate.form,
      kind === 'create' ? aboutStorage() : null))
    gate.inputs[0]?.focus()
  }

  return {
    element,
    show,
    forget: () => {
      for (const input of forms) input.value = ''
      element.replaceChildren()
    },
  }
}

function aboutStorage(): HTMLElement {
  return h('p', { class: 'hint' },
    'The vault stays in this browser, on this computer. Whoever clears the data of this site, or ',
    'the browser when it runs short of space, deletes it. Keep a second copy of what matters.')
}

interface GateForm {
  readonly form: HTMLFormElement
  readonly inputs: readonly HTMLInputElement[]
}

function createForm({ create, words }: GateRequests): GateForm {
  const first = passphraseInput('new-password')
  const again = passphraseInput('new-password')
  return gateForm('Create the vault', words, [
    field('Passphrase', first,
      `At least ${PASSPHRASE_CHARS_MIN} characters; several words are good.`),
    field('The same again', again),
  ], [first, again], async (work) => {
    if (first.value.length < PASSPHRASE_CHARS_MIN) {
      throw new GateProblem(`A passphrase needs at least ${PASSPHRASE_CHARS_MIN} characters.`)
    }
    if (first.value !== again.value) throw new GateProblem('The two passphrases differ.')
    await create(first.value, work)
  })
}

function unlockForm({ unlock, words }: GateRequests): GateForm {
  const input = passphraseInput('current-password')
  return gateForm('Unlock', words, [field('Passphrase', input)], [input], (work) => (
    unlock(input.value, work)
  ))
}

/** A refusal of the form itself. */
class GateProblem extends Error {}

function gateForm(
  submit: string, words: (error: unknown) => string, fields: readonly HTMLElement[],
  inputs: readonly HTMLInputElement[], run: (work: GateWork) => Promise<void>,
): GateForm {
  const failure = h('p', { class: 'failure', role: 'alert' })
  const progress = h('progress', { max: 1, 'aria-label': 'Deriving the key' })
  let ending = new AbortController()
  const cancel = button('Cancel', () => { ending.abort() })
  const send = h('button', { type: 'submit', class: 'primary' }, submit)
  const working = h('div', { class: 'working', hidden: true }, progress, cancel)

  function setWorking(isWorking: boolean): void {
    working.hidden = !isWorking
    send.hidden = isWorking
    for (const input of inputs) input.disabled = isWorking
    if (isWorking) cancel.focus()
    else inputs[0]?.focus()
  }

  async function answer(): Promise<void> {
    failure.textContent = ''
    ending = new AbortController()
    progress.value = 0
    setWorking(true)
    try {
      const onProgress = (fraction: number): void => { progress.value = fraction }
      await run({ signal: ending.signal, onProgress })
      for (const input of inputs) input.value = ''
    } catch (error) {
      if (!ending.signal.aborted) {
        failure.textContent = error instanceof GateProblem ? error.message : words(error)
      }
      setWorking(false)
      inputs[0]?.select()
    }
  }

  const form = h('form', {
    onsubmit: (event: SubmitEvent) => {
      event.preventDefault()
      if (!send.hidden) void answer()
    },
  }, ...fields, failure, send, working)
  return { form, inputs }
}

function passphraseInput(autocomplete: string): HTMLInputElement {
  return h('input', { type: 'password', id: newId('passphrase'), autocomplete, required: true })
}

function field(label: string, input: HTMLInputElement, hint?: string): HTMLElement {
  const hintId = newId('hint')
  if (hint !== undefined) input.setAttribute('aria-describedby', hintId)
  return h('div', { class: 'field' },
    h('label', { for: input.id }, label),
    input,
    hint === undefined ? null : h('p', { class: 'hint', id: hintId }, hint))
}
