/** Chromium, and Firefox over BiDi. */
import type { Browser } from '@stagevault/browser-engines'
import { puppeteerPage } from '@stagevault/browser-engines'
import type { Page } from 'puppeteer-core'
import type { Hands } from './hands.js'
import { middleOf } from './hands.js'

export interface PuppeteerHands extends Hands {
  readonly page: Page
}

export async function openPuppeteerHands(
  browser: Browser, address: string,
): Promise<PuppeteerHands> {
  const tab = await browser.openTab('about:blank')
  const page = puppeteerPage(tab)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.setViewport({ width: 1280, height: 900 })
  await page.goto(address)

  const evaluate: Hands['evaluate'] = (work, ...given) => (
    page.evaluate(work as (...each: unknown[]) => never, ...given)
  )
  return {
    page, complaints, evaluate,
    runSource: async (source) => { await page.evaluate(source) },
    press: (name) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click(),
    pressAt: (selector) => page.locator(selector).click(),
    pressKey: (key) => page.keyboard.press(key),
    paste: async () => {
      await page.keyboard.down('Control')
      await page.keyboard.press('v')
      await page.keyboard.up('Control')
    },
    typeText: (text) => page.keyboard.type(text),
    drag: async (fromSelector, toSelector, onTheWay) => {
      await page.waitForSelector(fromSelector)
      const from = await middleOf({ evaluate }, fromSelector)
      const to = await middleOf({ evaluate }, toSelector)
      await page.mouse.move(from.x, from.y)
      await page.mouse.down()
      await page.mouse.move(to.x, to.y, { steps: 5 })
      await onTheWay()
      await page.mouse.up()
    },
    reload: async () => { await page.reload() },
    resize: (width, height) => page.setViewport({ width, height }),
    toFront: () => page.bringToFront(),
    screenshot: () => page.screenshot(),
    close: () => tab.close(),
  }
}
