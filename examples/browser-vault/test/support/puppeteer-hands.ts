/** Chromium, and Firefox over BiDi. */
import type { Browser } from '@stagevault/browser-engines'
import { puppeteerPage } from '@stagevault/browser-engines'
import type { Page } from 'puppeteer-core'
import type { Hands } from './hands.js'

export interface PuppeteerHands extends Hands {
  readonly page: Page
}

export async function openPuppeteerHands(
  browser: Browser,
  address: string,
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

  const evaluate: Hands['evaluate'] = (work, ...given) =>
    page.evaluate(work as (...each: unknown[]) => never, ...given)
  return {
    page,
    complaints,
    evaluate,
    runSource: async (source) => {
      await page.evaluate(source)
    },
    pressPoint: ({ x, y }) => page.mouse.click(x, y),
    pressKey: (key) => page.keyboard.press(key),
    paste: async () => {
      await page.keyboard.down('Control')
      await page.keyboard.press('v')
      await page.keyboard.up('Control')
    },
    typeText: (text) => page.keyboard.type(text),
    dragBetween: async (from, to, onTheWay) => {
      await page.mouse.move(from.x, from.y)
      await page.mouse.down()
      await page.mouse.move(to.x, to.y, { steps: 5 })
      await onTheWay()
      await page.mouse.up()
    },
    reload: async () => {
      await page.reload()
    },
    resize: (width, height) => page.setViewport({ width, height }),
    toFront: () => page.bringToFront(),
    screenshot: () => page.screenshot(),
    close: () => tab.close(),
  }
}
