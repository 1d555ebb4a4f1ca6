/** The page as a person uses it, in Chromium, over a vault on the disk. */

import type { Browser } from '@stagevault/browser-engines'
import { describeEngine } from '@stagevault/browser-engines/vitest'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Application } from './application.js'
import { WORDS, newFolder, startApplication, usedFolder } from './application.js'
import type { VaultPage } from './vault-page.js'
import { openVaultPage } from './vault-page.js'

// Electron's renderer is Chromium.
await describeEngine('chromium', {}, ({ engine }) => {
  let browser: Browser

  beforeAll(async () => {
    browser = await engine.launch()
  })

  afterAll(async () => {
    await browser.close()
  })

  /** With the secret S, unlocked by the keychain. */
  async function openUsed(): Promise<Application & VaultPage> {
    const application = startApplication(await usedFolder())
    await application.keeper.unlock()
    const page = await openVaultPage(browser, application)
    await page.sees('Secrets')
    return { ...application, ...page }
  }

  it('makes a vault, stores, shows and hides', async () => {
    const application = startApplication(newFolder())
    await application.keeper.unlock()
    const { sees, seen, press, type, complaints } = await openVaultPage(browser, application)
    await sees('Choose a passphrase')
    await type('Passphrase', WORDS)
    await type('The same again', 'something else')
    await press('Make the vault')
    await sees('The two differ.')

    await type('Passphrase', WORDS)
    await type('The same again', WORDS)
    await press('Make the vault')
    await sees('There are none yet.')

    await type('Name', 'MyDbCreds')
    await type('Value', '<b>first</b>')
    await press('Store')
    await sees('MyDbCreds')
    expect(await seen()).not.toContain('first')

    await press('Show MyDbCreds')
    await sees('<b>first</b>')
    await press('Hide')
    expect(await seen()).not.toContain('first')
    expect(complaints).toEqual([])
  })

  it('forgets what it showed when the vault is locked, by a person or without one', async () => {
    const { keeper, page, sees, press, tellStatus } = await openUsed()
    const content = (): Promise<string> => page.evaluate(() => document.documentElement.outerHTML)
    await press('Show S')
    await sees('one')
    await press('Lock')
    await sees('The vault is locked')
    expect(await content()).not.toMatch(/>one<|>S</)

    await press('Unlock with the keychain')
    await sees('Secrets')
    await press('Show S')
    await sees('one')
    await keeper.lock()
    await tellStatus()
    await sees('The vault is locked')
    expect(await content()).not.toMatch(/>one<|>S</)
  })

  it('takes the passphrase when the keychain fails, and keeps none', async () => {
    const { keeper, safeStorage, page, sees, press, type, tellStatus } = await openUsed()
    await keeper.lock()
    safeStorage.reset()
    await tellStatus()
    await press('Unlock with the keychain')
    await sees('The keychain of this computer has no key to this vault')
    await type('Passphrase', 'wrong')
    await press('Unlock with the passphrase')
    await sees('This passphrase does not open the vault.')
    await type('Passphrase', WORDS)
    await press('Unlock with the passphrase')
    await sees('Secrets')
    const fields = await page.$$eval('input, textarea', (all) => all.map(({ value }) => value))
    expect(fields.join('')).toBe('')
  })

  it('reads a value when a person asks for it, and not before', async () => {
    const { asked, press, sees } = await openUsed()
    expect(asked).toEqual(['status', 'listSecrets'])
    await press('Show S')
    await sees('one')
    expect(asked).toEqual(['status', 'listSecrets', 'readSecret'])
  })

  it('can neither load from elsewhere nor turn text into markup', async () => {
    const { page } = await openUsed()
    const outcomes = await page.evaluate(async () => {
      const nameOf = (error: unknown): string => (error as Error).name
      const markup = await Promise.resolve()
        .then(() => {
          document.body.innerHTML = '<b>markup</b>'
        })
        .then(() => 'done', nameOf)
      const request = await fetch('https://vault.test/page.css').then(() => 'done', nameOf)
      return { markup, request }
    })
    expect(outcomes).toEqual({ markup: 'TypeError', request: 'TypeError' })
  })
})
