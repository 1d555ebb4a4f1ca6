/** Says how easily the passphrase in a field is guessed, while it is typed. */
import { strengthOf } from '../model/passphrase-rules.js'
import { h } from './elements.js'

const SCORE_MAX = 4

export function createStrengthMeter(input: HTMLInputElement): HTMLElement {
  const meter = h('meter', { min: 0, low: 3, high: 3, optimum: 4, max: SCORE_MAX })
  meter.ariaLabel = 'Strength of the passphrase'
  const words = h('span', { role: 'status' })
  const element = h('div', { class: 'strength', hidden: true }, meter, words)

  async function show(): Promise<void> {
    const text = input.value
    const strength = text === '' ? null : await strengthOf(text).catch(() => null)
    // More was typed since.
    if (text !== input.value) return
    element.hidden = strength === null
    meter.value = strength?.score ?? 0
    words.textContent = strength?.words ?? ''
  }

  // What it takes is loaded while the first letters are typed.
  input.addEventListener('focus', () => void strengthOf('').catch(() => undefined), { once: true })
  input.addEventListener('input', () => void show())
  return element
}
