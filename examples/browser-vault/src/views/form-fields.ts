/** What a form asks for: lines, texts, choices, each with its label. */
import type { Child } from './elements.js'
import { button, h, newId } from './elements.js'

export interface DialogField {
  readonly name: string
  readonly label: string
  readonly kind: 'line' | 'lines' | 'value' | 'choice'
  /** Of several lines: how many are seen at once. */
  readonly rows?: number
  readonly hint?: string
  readonly value?: string
  readonly isRequired?: boolean
  /** Of a choice: what is sent and what is seen. */
  readonly choices?: readonly (readonly [value: string, text: string])[]
  /** A button that fills the field. */
  readonly generate?: () => Promise<string>
}

export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

/** A text as a field gives it back, whatever its lines ended in. */
export function asTyped(text: string): string {
  return text.replace(/\r\n?/g, '\n')
}

/** Whether something would be lost. */
export function isTyped(
  fields: readonly DialogField[],
  controls: ReadonlyMap<string, Control>,
): boolean {
  return fields.some(
    ({ name, kind, value = '' }) =>
      kind !== 'choice' && controls.get(name)?.value !== asTyped(value),
  )
}

export function controlOf({
  kind,
  name,
  value = '',
  isRequired = false,
  choices = [],
  rows = 4,
}: DialogField): Control {
  const attributes = {
    name,
    id: newId(name),
    required: isRequired,
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
    autocorrect: 'off',
  }
  if (kind === 'choice') {
    return h(
      'select',
      attributes,
      ...choices.map(([each, text]) =>
        h('option', { value: each, selected: each === value }, text),
      ),
    )
  }
  const control =
    kind === 'line'
      ? h('input', { ...attributes, type: 'text' })
      : h('textarea', { ...attributes, rows })
  control.value = value
  return control
}

export function rowOf(
  { label, hint, generate }: DialogField,
  control: Control | undefined,
  failure: HTMLElement,
  words: (error: unknown) => string,
): Child {
  if (control === undefined) return null
  const hintId = newId('hint')
  if (hint !== undefined) control.setAttribute('aria-describedby', hintId)
  return h(
    'div',
    { class: 'field' },
    h('label', { for: control.id }, label),
    control,
    generate === undefined ? null : generator(generate, control, failure, words),
    hint === undefined ? null : h('p', { class: 'hint', id: hintId }, hint),
  )
}

/** Fills a field. Where something stands in it already, the button says what becomes of that. */
function generator(
  generate: () => Promise<string>,
  control: Control,
  failure: HTMLElement,
  words: (error: unknown) => string,
): HTMLElement {
  const fill = button(
    '',
    async () => {
      try {
        control.value = await generate()
        control.focus()
        control.dispatchEvent(new Event('input', { bubbles: true }))
      } catch (error) {
        failure.textContent = words(error)
      }
    },
    { class: 'small' },
  )
  function showWhat(): void {
    fill.textContent =
      control.value === '' ? 'Generate a password' : 'Replace it with a generated password'
  }
  control.addEventListener('input', showWhat)
  showWhat()
  return fill
}
