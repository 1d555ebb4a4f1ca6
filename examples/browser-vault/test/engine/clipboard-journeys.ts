/** The clipboard as each browser gives it to a page: nothing was permitted beforehand. */
import type { EngineName } from '@stagevault/browser-engines'
import { expect } from 'vitest'
import type { Journey } from '../support/journeys.js'
import { enterVaultIn } from '../support/planted-vault.js'
import type { VaultPage } from '../support/vault-page.js'
import { pastedInto, sleepIn, storeSecretIn, unlockVaultIn } from '../support/vault-page.js'

const LEAVES = 'It leaves the clipboard in'
const STAYS = 'The copied value is still on the clipboard'
const LONGER_THAN_LENT_MS = 32_000

async function copyCanary(vault: VaultPage): Promise<void> {
  await enterVaultIn(vault)
  await storeSecretIn(vault, 'MyDbCreds', 'canary')
  await vault.press('Copy')
  await vault.sees(LEAVES)
}

/** Nothing is asked of the page until then: browsers take that for a person who acts in it. */
function waitUntilOver(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, LONGER_THAN_LENT_MS)
  })
}

export function registerClipboard(journey: Journey, alike: Journey, engine: EngineName): void {
  /** Whether a page may ask, while a person acts in it, to write something later. */
  const mayAskEarly = engine !== 'webkit'

  alike('lends a value to the clipboard for 30 seconds, unseen', async ({ vault }) => {
    await copyCanary(vault)
    expect(await vault.everything()).not.toContain('canary')
    // A screen reader reads out the seconds once.
    expect(await vault.textsAt('.heard')).toEqual([expect.stringContaining('in 30 s')])
    expect(await pastedInto(vault, 'Search')).toBe('canary')
    await waitUntilOver()
    if (!mayAskEarly) {
      await vault.sees(STAYS)
      await vault.pressAt('h1')
    }
    await vault.seesNot('the clipboard')
    expect(await pastedInto(vault, 'Search')).toBe('')
  })

  journey('takes a value off the clipboard when it is locked', async ({ vault }) => {
    await copyCanary(vault)
    await vault.press('Lock now')
    await vault.sees('The vault in this browser is locked.')
    await vault.seesNot('the clipboard')
    expect(await pastedInto(vault, 'Passphrase')).toBe('')
  })

  journey('leaves nothing there where copying and locking coincide', async ({ vault }) => {
    await enterVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'canary')
    for (const pause of [null, 0, 1, 4]) {
      await vault.press('MyDbCreds')
      await vault.sees('Value of v1')
      await vault.evaluate((milliseconds) => {
        const lock = (): void => {
          const buttons = [...document.querySelectorAll('button')]
          buttons.find(({ textContent }) => textContent === 'Lock now')?.click()
        }
        document.addEventListener(
          'click',
          () => {
            if (milliseconds === null) queueMicrotask(lock)
            else setTimeout(lock, milliseconds)
          },
          { once: true },
        )
      }, pause)
      await vault.press('Copy')
      await vault.sees('The vault in this browser is locked.')
      // Where a browser wants a person for it, this is one.
      await vault.pressAt('h1')
      await vault.seesNot('the clipboard')
      expect(await pastedInto(vault, 'Passphrase')).toBe('')
      await unlockVaultIn(vault)
    }
  })

  journey(
    'clears it though no person is there, or once a person comes back',
    async ({ vault, openAnother }) => {
      await copyCanary(vault)
      // A value is pasted elsewhere: no page that is behind another is let at the clipboard.
      const other = await openAnother()
      await other.toFront()
      await sleepIn(vault, 60)
      await vault.sees('It was not used for a while.')
      if (!mayAskEarly) await vault.sees(STAYS)
      await vault.toFront()
      if (!mayAskEarly) await vault.pressAt('h1')
      await vault.seesNot('the clipboard')
      expect(await pastedInto(vault, 'Passphrase')).toBe('')
    },
  )
}
