/** What a form asks for: lines, texts, choices, each with its label. */
import { h, newId } from './elements.js'
import type { Control, FieldView, NamedField } from './field-row.js'
import { fieldRow, textAttributes } from './field-row.js'
import type { ValueField } from './value-field.js'
import { createValueField } from './value-field.js'

export interface TextField extends NamedField {
  readonly kind: 'line' | 'lines'
  readonly value?: string
  readonly isRequired?: boolean
  /** Of several lines: how many are seen at once. */
  readonly rows?: number
}

export interface ChoiceField extends NamedField {
  readonly kind: 'choice'
  readonly value: string
  /** What is sent and what is seen. */
  readonly choices: readonly (readonly [value: string, text: string])[]
}

export type DialogField = TextField | ChoiceField | ValueField

/** A text as a field returns it: with one kind of line end. */
export function asTyped(text: string): string {
  return text.replace(/\r\n?/g, '\n')
}

/** Whether something would be lost. */
export function isTyped(field: DialogField, { control }: FieldView): boolean {
  if (field.kind === 'choice') return false
  return control.value !== (field.kind === 'value' ? '' : asTyped(field.value ?? ''))
}

/** @param fail - told what went wrong in the field itself */
export function createField(field: DialogField, fail: (error: unknown) => void): FieldView {
  if (field.kind === 'value') return createValueField(field, fail)
  const control = field.kind === 'choice' ? choiceOf(field) : textOf(field)
  return {
    control,
    element: fieldRow(field.label, control, field.hint),
    settle: () => true,
  }
}

function choiceOf({ name, value, choices }: ChoiceField): Control {
  return h(
    'select',
    { name, id: newId(name) },
    ...choices.map(([each, text]) => h('option', { value: each, selected: each === value }, text)),
  )
}

function textOf({ kind, name, value = '', isRequired = false, rows = 4 }: TextField): Control {
  const attributes = { ...textAttributes(name), required: isRequired }
  const control =
    kind === 'line'
      ? h('input', { ...attributes, type: 'text' })
      : h('textarea', { ...attributes, rows })
  control.value = value
  return control
}
