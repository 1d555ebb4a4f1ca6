/** A form in a dialog: asks for texts, does something with them, and forgets them. */
import { showDialog } from './dialog.js'
import { button, h } from './elements.js'
import type { DialogField } from './form-fields.js'
import { createField, isTyped } from './form-fields.js'

export interface FormDialog {
  readonly title: string
  readonly fields: readonly DialogField[]
  readonly text?: string
  readonly submit: string
  readonly isDangerous?: boolean
  /** What the form is for. Where it rejects the dialog stays, with the words for it. */
  readonly run: (values: ReadonlyMap<string, string>) => Promise<void>
  readonly words: (error: unknown) => string
}

export function openFormDialog({
  title,
  fields,
  text,
  submit,
  isDangerous = false,
  run,
  words,
}: FormDialog): void {
  const failure = h('p', { class: 'failure', role: 'alert' })
  const fail = (error: unknown): void => {
    failure.textContent = words(error)
  }
  const views = fields.map((field) => [field, createField(field, fail)] as const)
  const send = h('button', { type: 'submit', class: isDangerous ? 'danger' : 'primary' }, submit)
  const cancel = button('Cancel', () => {
    dialog.close()
  })
  const guard = createLossGuard(
    () => send.disabled,
    () => views.some(([field, view]) => isTyped(field, view)),
    failure,
  )
  const form = h(
    'form',
    { onsubmit: (event: SubmitEvent) => void answer(event) },
    text === undefined ? null : h('p', { class: 'quiet' }, text),
    ...views.map(([, { element }]) => element),
    failure,
    h('div', { class: 'actions' }, cancel, send),
  )

  function forget(): void {
    removeEventListener('beforeunload', guard.onLeave)
    for (const [, { control }] of views) control.value = ''
  }

  function setBusy(isBusy: boolean): void {
    send.disabled = isBusy
    cancel.disabled = isBusy
    // A browser may let a page refuse only the first of several presses of Escape.
    dialog.setAttribute('closedby', isBusy ? 'none' : 'closerequest')
  }

  async function answer(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (send.disabled) return
    failure.textContent = ''
    if (!views.every(([, { settle }]) => settle())) return
    setBusy(true)
    try {
      await run(new Map(views.map(([{ name }, { control }]) => [name, control.value])))
      dialog.close()
    } catch (error) {
      fail(error)
    } finally {
      setBusy(false)
    }
  }

  addEventListener('beforeunload', guard.onLeave)
  const attributes = { oncancel: guard.onCancel, oninput: guard.onInput }
  const dialog = showDialog(title, attributes, [form], forget)
}

interface LossGuard {
  readonly onCancel: (event: Event) => void
  readonly onInput: () => void
  readonly onLeave: (event: Event) => void
}

/** What is being stored cannot be called back, and what was typed is soon lost by one key. */
function createLossGuard(
  isBusy: () => boolean,
  hasTyped: () => boolean,
  failure: HTMLElement,
): LossGuard {
  let isWarned = false
  return {
    onCancel: (event) => {
      if (!isBusy() && (isWarned || !hasTyped())) return
      event.preventDefault()
      if (isBusy()) return
      isWarned = true
      failure.textContent = 'Escape once more throws away what you typed.'
    },
    onInput: () => {
      if (isWarned) failure.textContent = ''
      isWarned = false
    },
    // The browser asks whether the page is to be left.
    onLeave: (event) => {
      if (isBusy() || hasTyped()) event.preventDefault()
    },
  }
}
