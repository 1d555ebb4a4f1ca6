/** Before the vault: making it, or unlocking it. */
import { requireNewPassphrase } from '../model/passphrase-rules.js'
import type { DerivationOptions } from '../unlocking/worker-passphrase.js'
import type { DerivationForm } from './derivation-form.js'
import { createDerivationForm } from './derivation-form.js'
import type { Child } from './elements.js'
import { button, h, newId } from './elements.js'
import { describeBy } from './field-row.js'
import { createPassphraseFields } from './passphrase-fields.js'

export interface GateRequests {
  readonly create: (text: string, work: DerivationOptions) => Promise<void>
  readonly unlock: (text: string, work: DerivationOptions) => Promise<void>
  /** The passphrase is forgotten. */
  readonly deleteVault: () => void
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
  create: 'Choose a passphrase. It is the only way into the vault, and it cannot be restored.',
  unlock: 'The vault in this browser is locked.',
} as const

export function createGateView(requests: GateRequests): GateView {
  const element = h('main', { class: 'gate' })
  let stopForm = (): void => undefined

  function show(kind: 'create' | 'unlock', why: string): void {
    const whyId = newId('why')
    const form = kind === 'create' ? createForm(requests) : unlockForm(requests)
    stopForm()
    stopForm = form.stop
    element.replaceChildren(
      card(
        h('p', { class: 'quiet' }, INTRODUCTION[kind]),
        why === '' ? null : h('p', { class: 'notice', role: 'status', id: whyId }, why),
        form.element,
        kind === 'create' ? aboutStorage() : null,
      ),
    )
    const { first } = form
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

function createForm({ create, words }: GateRequests): DerivationForm {
  return createDerivationForm({
    submit: 'Create the vault',
    fields: createPassphraseFields([
      { label: 'Passphrase', kind: 'new' },
      { label: 'The same again', kind: 'again' },
    ]),
    words,
    run: async ([text = '', again = ''], work) => {
      await requireNewPassphrase(text, again)
      await create(text, work)
    },
  })
}

function unlockForm({ unlock, deleteVault, words }: GateRequests): DerivationForm {
  return createDerivationForm({
    submit: 'Unlock',
    fields: createPassphraseFields([{ label: 'Passphrase', kind: 'known' }]),
    words,
    run: ([text = ''], work) => unlock(text, work),
    instead: button('I forgot the passphrase', deleteVault, { class: 'link' }),
  })
}
