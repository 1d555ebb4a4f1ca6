/** What takes a driver that sees more than a person does. */
import { expect } from 'vitest'
import { middleOf } from '../support/fingers.js'
import type { Journey } from '../support/journeys.js'
import { enterVaultIn } from '../support/planted-vault.js'
import type { PuppeteerHands } from '../support/puppeteer-hands.js'
import { WORDS, createVaultIn, flagsOf, unlockVaultIn } from '../support/vault-page.js'
import { CARD, CURRENT, FLAG, PREVIOUS, storeThree } from '../support/version-picture.js'

export function registerDriven(journey: Journey<PuppeteerHands>): void {
  journey('stops deriving when it is told to, and makes nothing', async ({ vault }) => {
    const { page, sees, type } = vault
    await sees('Choose a passphrase')
    await type('Passphrase', WORDS)
    await type('The same again', WORDS)
    await sees('Strong')
    await expect.poll(() => page.workers().length).toBe(1)
    const deriving = page.workers()
    await vault.evaluate(async () => {
      const find = (name: string): HTMLButtonElement | undefined => {
        const buttons = [...document.querySelectorAll('button')]
        return buttons.find(({ textContent }) => textContent === name)
      }
      find('Create the vault')?.click()
      // As fast as a person at the most, and before a fast machine is done; a busy one may not show
      // the button yet.
      do {
        await new Promise((go) => {
          setTimeout(go, 100)
        })
      } while (find('Cancel') === undefined && find('Lock now') === undefined)
      find('Cancel')?.click()
    })
    await sees('Create the vault')
    await expect
      .poll(() => page.workers().filter((each) => deriving.includes(each)), { timeout: 10_000 })
      .toEqual([])
    await page.reload()
    await createVaultIn(vault)
  })

  journey('says that nothing can be stored, and tries again', async ({ vault, address }) => {
    const { page } = vault
    const { identifier } = await page.evaluateOnNewDocument(() => {
      Object.defineProperty(self, 'indexedDB', { get: () => undefined })
      Object.defineProperty(self, 'localStorage', {
        get: () => {
          throw new DOMException('not here', 'SecurityError')
        },
      })
    })
    await page.goto(address)
    await vault.sees('This browser lets the page store nothing')
    await vault.press('Try again')
    await vault.sees('This browser lets the page store nothing')
    await page.removeScriptToEvaluateOnNewDocument(identifier)
    await page.reload()
    await createVaultIn(vault)
  })
}

/** In Chromium, whose driver can empty the cache. */
export function registerAway(journey: Journey<PuppeteerHands>): void {
  journey('says so where neither server nor cache has its files', async (traveller) => {
    const { vault, stopServing } = traveller
    await enterVaultIn(vault)
    await vault.page.setCacheEnabled(false)
    await stopServing()
    await vault.press('Lock now')
    await unlockVaultIn(vault)
    await vault.press('Lock now')
    await vault.sees('The vault in this browser is locked.')
    await vault.type('Passphrase', WORDS)
    await vault.press('Unlock')
    await vault.sees('Is its server still running? The vault is as it was.')
    // The browser complains of it, too.
    vault.complaints.length = 0
  })
}

/** In Chromium, whose driver has fingers. */
export function registerTouch(journey: Journey<PuppeteerHands>): void {
  journey('moves a flag by finger', async ({ vault }) => {
    const { page } = vault
    await storeThree(vault)
    const [from, to] = [await middleOf(vault, FLAG), await middleOf(vault, CARD('v1'))]
    const finger = await page.touchscreen.touchStart(from.x, from.y)
    for (const share of [0.2, 0.6, 1]) {
      await finger.move(from.x + share * (to.x - from.x), from.y + share * (to.y - from.y))
    }
    await finger.end()
    await expect.poll(() => flagsOf(vault)).toEqual({ v1: [CURRENT], v2: [], v3: [PREVIOUS] })
    // The finger that let go has not picked it up again.
    expect(await vault.seen()).not.toContain('Put it here')
  })
}

/** In Chromium: Firefox's driver waits for ever for a page that comes out of a cache. */
export function registerReturn(journey: Journey<PuppeteerHands>): void {
  journey('is there again after a visit to another site', async ({ vault }) => {
    const { page, sees } = vault
    await sees('Choose a passphrase')
    for (const openVault of [createVaultIn, unlockVaultIn]) {
      await page.goto('data:text/html,elsewhere')
      // Later: leaving ends the call that asks for it.
      await page.evaluate(() => {
        setTimeout(() => {
          history.back()
        })
      })
      await openVault(vault)
    }
  })
}
