/** Fields for passphrases: they can be shown, and say that Caps Lock is on. */
import { PASSPHRASE_CHARS_MIN } from '../model/passphrase-rules.js'
import { button, h, newId } from './elements.js'
import { fieldRow } from './field-row.js'
import { createStrengthMeter } from './strength-meter.js'

export interface PassphraseField {
  readonly label: string
  /** `new` is chosen now and its strength shown; `again` repeats it; `known` opens the vault. */
  readonly kind: 'known' | 'new' | 'again'
}

export interface PassphraseFields {
  readonly elements: readonly HTMLElement[]
  readonly inputs: readonly HTMLInputElement[]
  /** Takes what was typed out of the page. */
  readonly clear: () => void
}

const HINT = `At least ${PASSPHRASE_CHARS_MIN} characters; several words are good.`

export function createPassphraseFields(fields: readonly PassphraseField[]): PassphraseFields {
  const inputs = fields.map(inputOf)
  const rows = fields.map(({ label, kind }, place) => {
    const input = inputs[place]
    if (input === undefined) throw new Error('a field has no input')
    if (kind !== 'new') return fieldRow(label, input, undefined)
    return fieldRow(label, input, HINT, createStrengthMeter(input))
  })
  const eye = createEye(inputs)
  return {
    elements: [...rows, h('div', { class: 'passphrase-aids' }, eye.element, capsHint(inputs))],
    inputs,
    clear: () => {
      for (const input of inputs) input.value = ''
      eye.hide()
    },
  }
}

function inputOf({ kind }: PassphraseField): HTMLInputElement {
  return h('input', {
    type: 'password',
    id: newId('passphrase'),
    autocomplete: kind === 'known' ? 'current-password' : 'new-password',
    autocapitalize: 'off',
    autocorrect: 'off',
    spellcheck: 'false',
    required: true,
  })
}

/** A button that shows what stands in all of the fields. */
function createEye(inputs: readonly HTMLInputElement[]): {
  readonly element: HTMLElement
  readonly hide: () => void
} {
  const element = button(
    '',
    () => {
      draw(inputs[0]?.type === 'password')
    },
    { class: 'link' },
  )
  function draw(isShown: boolean): void {
    for (const input of inputs) input.type = isShown ? 'text' : 'password'
    element.textContent = isShown ? 'Hide what is typed' : 'Show what is typed'
  }
  draw(false)
  return {
    element,
    hide: () => {
      draw(false)
    },
  }
}

function capsHint(inputs: readonly HTMLInputElement[]): HTMLElement {
  const hint = h('span', { class: 'caps', role: 'status' })
  // A browser that fills a field in sends an event that knows of no keys.
  const look = (event: Event): void => {
    const isOn = event instanceof KeyboardEvent && event.getModifierState('CapsLock')
    hint.textContent = isOn ? 'Caps Lock is on.' : ''
  }
  for (const input of inputs) {
    for (const type of ['keydown', 'keyup', 'blur']) input.addEventListener(type, look)
  }
  return hint
}
