/** A form in a dialog: asks for texts, does something with them, and forgets them. */
import type { Child } from './elements.js'
import { button, h, newId, refocus } from './elements.js'

export interface DialogField {
  readonly name: string
  readonly label: string
  readonly kind: 'line' | 'lines' | 'value' | 'choice'
  readonly hint?: string
  readonly value?: string
  readonly isRequired?: boolean
  /** Of a choice: what is sent and what is seen. */
  readonly choices?: readonly (readonly [value: string, text: string])[]
  /** A button that fills the field. */
  readonly generate?: () => Promise<string>
}

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

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

/** What takes each dialog that is open out of the page. */
const forgetters = new Set<() => void>()

export function openFormDialog({
  title, fields, text, submit, isDangerous = false, run, words,
}: FormDialog): void {
  const titleId = newId('dialog')
  const controls = new Map(fields.map((field) => [field.name, controlOf(field)]))
  const failure = h('p', { class: 'failure', role: 'alert' })
  const send = h('button', { type: 'submit', class: isDangerous ? 'danger' : 'primary' }, submit)
  const cancel = button('Cancel', () => { dialog.close() })
  let isWarned = false
  const opener = document.activeElement
  const holder = opener?.closest('[tabindex="-1"]') ?? document.body
  const dialog = h('dialog', {
    'aria-labelledby': titleId, onclose: forget,
    oncancel: (event: Event) => {
      // What is being stored cannot be called back, and what was typed is soon lost by one key.
      if (!send.disabled && (isWarned || !isTyped(fields, controls))) return
      event.preventDefault()
      if (send.disabled) return
      isWarned = true
      failure.textContent = 'Escape once more throws away what you typed.'
    },
    oninput: () => {
      if (isWarned) failure.textContent = ''
      isWarned = false
    },
  })
  const form = h(
    'form', { onsubmit: (event: SubmitEvent) => void answer(event) },
    h('h2', { id: titleId }, title),
    text === undefined ? null : h('p', { class: 'quiet' }, text),
    ...fields.map((field) => rowOf(field, controls.get(field.name), failure, words)),
    failure,
    h('div', { class: 'actions' },
      cancel,
      send),
  )

  function forget(): void {
    forgetters.delete(forget)
    for (const control of controls.values()) control.value = ''
    dialog.remove()
    // The page was drawn anew meanwhile, with another button in the place of this one.
    if (opener instanceof HTMLElement && !opener.isConnected) refocus(opener, holder)
  }

  function setBusy(isBusy: boolean): void {
    send.disabled = isBusy
    cancel.disabled = isBusy
  }

  async function answer(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (send.disabled) return
    failure.textContent = ''
    setBusy(true)
    try {
      await run(new Map([...controls].map(([name, { value }]) => [name, value])))
      dialog.close()
    } catch (error) {
      failure.textContent = words(error)
    } finally {
      setBusy(false)
    }
  }

  forgetters.add(forget)
  dialog.append(form)
  document.body.append(dialog)
  dialog.showModal()
}

/** As on locking: what was typed and not sent is gone at once. */
export function closeDialogs(): void {
  for (const forget of forgetters) forget()
}

function isTyped(
  fields: readonly DialogField[], controls: ReadonlyMap<string, Control>,
): boolean {
  return fields.some(({ name, kind, value = '' }) => (
    kind !== 'choice' && controls.get(name)?.value !== value
  ))
}

function controlOf(
  { kind, name, value = '', isRequired = false, choices = [] }: DialogField,
): Control {
  const attributes = { name, id: newId(name), required: isRequired, autocomplete: 'off' }
  if (kind === 'choice') {
    return h('select', attributes, ...choices.map(([each, text]) => (
      h('option', { value: each, selected: each === value }, text)
    )))
  }
  const control = kind === 'line'
    ? h('input', { ...attributes, type: 'text', spellcheck: 'false' })
    : h('textarea', { ...attributes, rows: kind === 'value' ? 4 : 3, spellcheck: 'false' })
  control.value = value
  return control
}

function rowOf(
  { label, hint, generate }: DialogField, control: Control | undefined, failure: HTMLElement,
  words: (error: unknown) => string,
): Child {
  if (control === undefined) return null
  const hintId = newId('hint')
  if (hint !== undefined) control.setAttribute('aria-describedby', hintId)
  return h('div', { class: 'field' },
    h('label', { for: control.id }, label),
    control,
    generate === undefined ? null : generator(generate, control, failure, words),
    hint === undefined ? null : h('p', { class: 'hint', id: hintId }, hint))
}

/** Fills a field. Where something stands in it already, the button says what becomes of that. */
function generator(
  generate: () => Promise<string>, control: Control, failure: HTMLElement,
  words: (error: unknown) => string,
): HTMLElement {
  const fill = button('', async () => {
    try {
      control.value = await generate()
      control.focus()
      control.dispatchEvent(new Event('input', { bubbles: true }))
    } catch (error) {
      failure.textContent = words(error)
    }
  }, { class: 'small' })
  function showWhat(): void {
    fill.textContent = control.value === ''
      ? 'Generate a password' : 'Replace it with a generated password'
  }
  control.addEventListener('input', showWhat)
  showWhat()
  return fill
}
