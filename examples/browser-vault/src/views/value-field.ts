/**
 * The field for a value: one line, in which Enter sends the form, or several on request. The
 * form asks about invisible characters of a value before it is stored.
 */
import { unseenIn } from '../model/unseen-text.js'
import { button, h } from './elements.js'
import type { FieldView, NamedField } from './field-row.js'
import { fieldRow, textAttributes } from './field-row.js'

/** The value of a secret. */
export interface ValueField extends NamedField {
  readonly kind: 'value'
  /** Makes a password that a button fills in. */
  readonly generate: () => Promise<string>
}

/** How many lines are seen where there can be several. */
const LINES_SEEN = 4

/** How browsers call what Enter does, on every keyboard. */
const LINE_ENDS = ['insertLineBreak', 'insertParagraph']

export function createValueField(
  { name, label, hint, generate }: ValueField,
  fail: (error: unknown) => void,
): FieldView {
  const control = h('textarea', {
    ...textAttributes(name),
    required: true,
    enterkeyhint: 'done',
    onbeforeinput: (event: InputEvent) => {
      if (several.checked || !LINE_ENDS.includes(event.inputType)) return
      event.preventDefault()
      control.form?.requestSubmit()
    },
    oninput: () => {
      question.hide()
      draw()
      if (hasUnwantedLines()) question.ask(() => undefined)
    },
  })
  const several = h('input', {
    type: 'checkbox',
    onchange: () => {
      draw()
    },
  })
  const question = createQuestion(control, several, draw)

  function hasUnwantedLines(): boolean {
    return !several.checked && control.value.includes('\n')
  }

  function draw(): void {
    const isOneLine = !several.checked && !hasUnwantedLines()
    control.rows = isOneLine ? 1 : LINES_SEEN
    control.classList.toggle('one-line', isOneLine)
  }

  draw()
  return {
    control,
    element: fieldRow(
      label,
      control,
      hint,
      h(
        'div',
        { class: 'actions' },
        generator(generate, control, fail),
        h('label', { class: 'option' }, several, 'Several lines'),
      ),
      question.element,
    ),
    settle: () => question.ask(() => control.form?.requestSubmit()),
  }
}

interface Question {
  readonly element: HTMLElement
  /**
   * Asks about invisible characters of the value.
   *
   * @param answered - called once the person has chosen
   * @returns whether there is nothing to ask about
   */
  ask(answered: () => void): boolean
  hide(): void
}

function createQuestion(
  control: HTMLTextAreaElement,
  several: HTMLInputElement,
  draw: () => void,
): Question {
  const element = h('div', { role: 'alert' })
  /** The value that a person wants as it is. */
  let kept: string | null = null

  function ask(answered: () => void): boolean {
    const { value } = control
    const unseen = unseenIn(value, several.checked)
    if (unseen === null || value === kept) return true
    const { words, marks, without, removal } = unseen
    const choose = (chosen: string): void => {
      kept = chosen
      if (chosen.trim().includes('\n')) several.checked = true
      control.value = chosen
      control.dispatchEvent(new Event('input', { bubbles: true }))
      control.focus()
      draw()
      answered()
    }
    const choices = [
      [removal, without],
      ['Keep it as it is', value],
    ] as const
    element.replaceChildren(
      h(
        'div',
        { class: 'notice question' },
        h('p', {}, words, marks === '' ? null : h('code', { class: 'marks' }, marks)),
        h(
          'div',
          { class: 'actions' },
          ...choices.map(([text, chosen]) =>
            button(
              text,
              () => {
                choose(chosen)
              },
              { class: 'small' },
            ),
          ),
        ),
      ),
    )
    return false
  }

  return {
    element,
    ask,
    hide: () => {
      element.replaceChildren()
    },
  }
}

/** Fills a field. Where something stands in it already, the button says what becomes of that. */
function generator(
  generate: () => Promise<string>,
  control: HTMLTextAreaElement,
  fail: (error: unknown) => void,
): HTMLElement {
  const fill = button(
    '',
    async () => {
      try {
        control.value = await generate()
        control.focus()
        control.dispatchEvent(new Event('input', { bubbles: true }))
      } catch (error) {
        fail(error)
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
