/** In Chromium alone: others let no test at the clipboard. Takes the time that a person waits. */
import { describeEngine } from '@stagevault/browser-engines/vitest'
import { expect } from 'vitest'
import { journeysOf } from '../support/journeys.js'
import type { PuppeteerHands } from '../support/puppeteer-hands.js'
import { openPuppeteerHands } from '../support/puppeteer-hands.js'
import type { VaultPage } from '../support/vault-page.js'
import { createVaultIn, sleepIn, storeSecretIn, unlockVaultIn } from '../support/vault-page.js'

type ChromiumPage = VaultPage<PuppeteerHands>

/** A vault with one secret, in a page that may look at the clipboard. */
async function storeCanary(vault: ChromiumPage, address: string): Promise<void> {
  await vault.page.browserContext().setPermission(new URL(address).origin, {
    permission: { name: 'clipboard-read' }, state: 'granted',
  })
  await createVaultIn(vault)
  await storeSecretIn(vault, 'MyDbCreds', 'canary')
}

function clipboardOf({ page }: ChromiumPage): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText())
}

await describeEngine('chromium', {}, ({ engine }) => {
  const journey = journeysOf(engine, openPuppeteerHands)

  journey('lends a value to the clipboard for 30 seconds, unseen', async ({ vault, address }) => {
    const { press, sees, seesNot, everything } = vault
    await storeCanary(vault, address)
    await press('Copy')
    await sees('It leaves the clipboard in 2')
    expect(await clipboardOf(vault)).toBe('canary')
    expect(await everything()).not.toContain('canary')
    // Whoever cannot see the seconds is told of them once.
    expect(await vault.textsAt('.heard')).toEqual([expect.stringContaining('in 30 s')])
    await seesNot('It leaves the clipboard')
    expect(await clipboardOf(vault)).toBe('')

    await press('Copy')
    await sees('It leaves the clipboard in')
    await press('Lock now')
    await sees('The vault in this browser is locked.')
    await expect.poll(() => clipboardOf(vault)).toBe('')
  })

  journey('leaves nothing there where copying and locking coincide', async ({ vault, address }) => {
    await storeCanary(vault, address)
    for (const pause of [null, 0, 1, 2, 4, 8]) {
      await vault.press('MyDbCreds')
      await vault.sees('Value of v1')
      await vault.evaluate(async (milliseconds) => {
        const buttons = [...document.querySelectorAll('button')]
        const click = (name: string): void => {
          buttons.find(({ textContent }) => textContent === name)?.click()
        }
        click('Copy')
        if (milliseconds !== null) await new Promise((go) => { setTimeout(go, milliseconds) })
        click('Lock now')
      }, pause)
      await vault.sees('The vault in this browser is locked.')
      await expect.poll(() => clipboardOf(vault)).toBe('')
      await unlockVaultIn(vault)
    }
  })

  journey('clears it when somebody comes back, though it locked meanwhile', async (
    { vault, address, openAnother },
  ) => {
    await storeCanary(vault, address)
    await vault.press('Copy')
    await vault.sees('It leaves the clipboard in')
    // A value is pasted elsewhere: no page that is behind another is let at the clipboard.
    const other = await openAnother()
    await other.toFront()
    await vault.sees('The copied value is still on the clipboard')
    await sleepIn(vault, 60)
    await vault.sees('It was not used for a while.')
    expect(await vault.seen()).toContain('The copied value is still on the clipboard')
    await vault.toFront()
    await vault.pressAt('h1')
    await vault.seesNot('on the clipboard')
    expect(await clipboardOf(vault)).toBe('')
  })
})
