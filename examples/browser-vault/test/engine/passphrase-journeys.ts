/** Typing passphrases, and changing the one of a vault. */
import { expect } from 'vitest'
import type { Journey } from '../support/journeys.js'
import { enterVaultIn } from '../support/planted-vault.js'
import type { VaultPage } from '../support/vault-page.js'
import { WORDS } from '../support/vault-page.js'

const NEXT_WORDS = 'seven harbour swordfish'

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

  alike('changes the passphrase, after which the old one opens nothing', async ({ vault }) => {
    const { press, sees, type } = vault
    const change = async (now: string, next: string): Promise<void> => {
      await type('Present passphrase', now)
      await type('New passphrase', next)
      await type('The new one again', next)
      await press('Change it')
    }
    await enterVaultIn(vault)
    await press('Change passphrase')
    await change('incorrect horse', NEXT_WORDS)
    await sees('This passphrase does not open the vault.')
    await change(WORDS, 'qwertyui')
    await sees('This passphrase is guessed too easily.')
    await change(WORDS, WORDS)
    await sees('The new passphrase is the present one.')
    await vault.picture('change-passphrase')
    await change(WORDS, NEXT_WORDS)
    await sees('The passphrase is changed')
    expect(await vault.textsAt('dialog')).toEqual([])
    expect(await vault.everything()).not.toContain(NEXT_WORDS)
    await press('Lock now')
    await sees('The vault in this browser is locked.')
    await type('Passphrase', WORDS)
    await press('Unlock')
    await sees('This passphrase does not open the vault.')
    await type('Passphrase', NEXT_WORDS)
    await press('Unlock')
    await sees('Lock now')
  })
}
