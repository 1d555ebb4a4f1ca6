/** The page in a browser, with a person before it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from '@stagevault/browser-engines'
import { puppeteerPage } from '@stagevault/browser-engines'
import type { Page } from 'puppeteer-core'
import { expect } from 'vitest'

const SCREENSHOTS = fileURLToPath(new URL('../../screenshots', import.meta.url))
/** A browser that shares a processor with other tests takes its time for scrypt. */
const PATIENCE = { timeout: 60_000 }

export const WORDS = 'correct horse battery'

export interface VaultPage {
  readonly page: Page
  /** What the browser complained of, and the addresses that were asked for. */
  readonly complaints: string[]
  readonly requests: readonly string[]
  /** Waits until a person sees a text, or does not any more. */
  readonly sees: (text: string) => Promise<void>
  readonly seesNot: (text: string) => Promise<void>
  /** The text of all that a person sees now. */
  readonly seen: () => Promise<string>
  readonly press: (button: string) => Promise<void>
  readonly type: (label: string, text: string) => Promise<void>
  readonly choose: (label: string, value: string) => Promise<void>
  /** Everything in the page: elements with their attributes, and what stands in fields. */
  readonly everything: () => Promise<string>
  readonly screenshot: (name: string) => Promise<void>
  readonly close: () => Promise<void>
}

export async function openVaultPage(browser: Browser, address: string): Promise<VaultPage> {
  const tab = await browser.openTab('about:blank')
  const page = puppeteerPage(tab)
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => requests.push(request.url()))
  await page.setViewport({ width: 1280, height: 900 })
  await page.goto(address)

  const seen = (): Promise<string> => page.evaluate(() => document.body.innerText)
  return {
    page, complaints, requests, seen,
    sees: (text) => expect.poll(seen, PATIENCE).toContain(text),
    seesNot: (text) => expect.poll(seen, PATIENCE).not.toContain(text),
    press: (name) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click(),
    type: async (label, text) => {
      const field = await page.locator(`::-p-xpath(//*[@id=//label[.="${label}"]/@for])`)
        .waitHandle()
      await page.evaluate((element) => {
        const input = element as HTMLInputElement
        input.focus()
        input.select()
      }, field)
      await page.keyboard.press('Backspace')
      await page.keyboard.type(text)
    },
    choose: async (label, value) => {
      const id = await page.$eval(
        `::-p-xpath(//label[.="${label}"])`, (element) => (element as HTMLLabelElement).htmlFor,
      )
      await page.select(`#${id}`, value)
    },
    everything: () => page.evaluate(() => {
      const fields = [...document.querySelectorAll<HTMLInputElement>('input, textarea, select')]
      const stored = JSON.stringify([localStorage, sessionStorage])
      return [document.documentElement.outerHTML, ...fields.map(({ value }) => value), stored]
        .join('\n')
    }),
    screenshot: async (name) => {
      mkdirSync(SCREENSHOTS, { recursive: true })
      await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) })
    },
    close: () => tab.close(),
  }
}

/** Makes the vault at an address where there is none. */
export async function createVaultIn({ type, press, sees }: VaultPage): Promise<void> {
  await sees('Choose a passphrase')
  await type('Passphrase', WORDS)
  await type('The same again', WORDS)
  await press('Create the vault')
  await sees('There are no secrets yet.')
}

export async function unlockVaultIn({ type, press, sees }: VaultPage): Promise<void> {
  await sees('The vault in this browser is locked.')
  await type('Passphrase', WORDS)
  await press('Unlock')
  await sees('Lock now')
}

export async function storeSecretIn(
  vault: VaultPage, name: string, value: string, more: { description?: string; tags?: string } = {},
): Promise<void> {
  await vault.press('New secret')
  await vault.type('Name', name)
  await vault.type('Value', value)
  if (more.description !== undefined) await vault.type('Description', more.description)
  if (more.tags !== undefined) await vault.type('Tags', more.tags)
  await vault.press('Store')
  await vault.sees(`${name} is stored`)
}

/** New versions of the secret that is shown. */
export async function storeVersionsIn(
  vault: VaultPage, values: readonly string[],
): Promise<void> {
  for (const value of values) {
    const before = await flagsOf(vault)
    await vault.press('New version')
    await vault.type('Value', value)
    await vault.press('Store')
    await expect.poll(() => flagsOf(vault)).not.toEqual(before)
  }
}

/** What the picture shows: the flags by version, in the order of the cards. */
export function flagsOf({ page }: VaultPage): Promise<Record<string, string[]>> {
  return page.$$eval('[data-version]', (cards) => Object.fromEntries(cards.map((card) => [
    card.getAttribute('data-version'),
    [...card.querySelectorAll('.flag')].map(({ textContent }) => textContent),
  ])) as Record<string, string[]>)
}
