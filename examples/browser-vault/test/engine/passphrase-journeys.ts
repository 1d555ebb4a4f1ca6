/** Typing passphrases. */
import { expect } from 'vitest'
import type { Journey } from '../support/journeys.js'
import type { VaultPage } from '../support/vault-page.js'
import { WORDS } from '../support/vault-page.js'

function fieldTypes({ evaluate }: VaultPage): Promise<string[]> {
  return evaluate(() => [...document.querySelectorAll('input')].map(({ type }) => type))
}

/** As a keyboard does whose Caps Lock is on, or is not. */
function turnCapsLock(isOn: boolean): void {
  const key = new KeyboardEvent('keydown', { key: 'x', modifierCapsLock: isOn, bubbles: true })
  document.activeElement?.dispatchEvent(key)
}

export function registerPassphrases(alike: Journey): void {
  alike('shows a passphrase on request, and says that Caps Lock is on', async ({ vault }) => {
    await vault.sees('Choose a passphrase')
    expect(await fieldTypes(vault)).toEqual(['password', 'password'])
    await vault.type('Passphrase', WORDS)
    await vault.sees('Strong')
    await vault.evaluate(turnCapsLock, true)
    await vault.sees('Caps Lock is on.')
    await vault.evaluate(turnCapsLock, false)
    await vault.seesNot('Caps Lock is on.')
    await vault.press('Show what is typed')
    expect(await fieldTypes(vault)).toEqual(['text', 'text'])
    await vault.press('Hide what is typed')
    expect(await fieldTypes(vault)).toEqual(['password', 'password'])
  })
}
