/** A label, what it labels, and a hint that is said with it. */
import type { Attributes, Child } from './elements.js'
import { h, newId } from './elements.js'

export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

export interface NamedField {
  readonly name: string
  readonly label: string
  readonly hint?: string
}

export interface FieldView {
  readonly element: HTMLElement
  readonly control: Control
  /** Whether it can be sent as it is; where not, it asks its question. */
  readonly settle: () => boolean
}

/** @param more - what stands between the control and its hint */
export function fieldRow(
  label: string,
  control: Control,
  hint: string | undefined,
  ...more: readonly Child[]
): HTMLElement {
  const hintId = newId('hint')
  if (hint !== undefined) describeBy(control, hintId)
  return h(
    'div',
    { class: 'field' },
    h('label', { for: control.id }, label),
    control,
    ...more,
    hint === undefined ? null : h('p', { class: 'hint', id: hintId }, hint),
  )
}

/** Of a field for a text that only the vault keeps: no browser is to store or correct it. */
export function textAttributes(name: string): Attributes {
  return {
    name,
    id: newId(name),
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
    autocorrect: 'off',
  }
}

/** Has an element said with a control that gets the focus, after what is said with it already. */
export function describeBy(control: Element | undefined, id: string): void {
  const before = control?.getAttribute('aria-describedby') ?? ''
  control?.setAttribute('aria-describedby', `${before} ${id}`.trim())
}
