/** In Chromium alone: others let no test at the clipboard. Takes the time that a person waits. */
import { describeEngine } from '@stagevault/browser-engines/vitest'
import { expect } from 'vitest'
import { journeysOf } from '../support/journeys.js'
import { openPuppeteerHands } from '../support/puppeteer-hands.js'
import { createVaultIn, storeSecretIn } from '../support/vault-page.js'

await describeEngine('chromium', {}, ({ engine }) => {
  const journey = journeysOf(engine, openPuppeteerHands)

  journey('lends a value to the clipboard for 30 seconds, unseen', async ({ vault, address }) => {
    const { page, press, sees, seesNot, everything } = vault
    await page.browserContext().setPermission(new URL(address).origin, {
      permission: { name: 'clipboard-read' }, state: 'granted',
    })
    const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText())
    await createVaultIn(vault)
    await storeSecretIn(vault, 'MyDbCreds', 'canary')
    await press('Copy')
    await sees('It leaves the clipboard in 2')
    expect(await clipboard()).toBe('canary')
    expect(await everything()).not.toContain('canary')
    await seesNot('It leaves the clipboard')
    expect(await clipboard()).toBe('')

    await press('Copy')
    await sees('It leaves the clipboard in')
    await press('Lock now')
    await sees('The vault in this browser is locked.')
    expect(await clipboard()).toBe('')
  })
})
