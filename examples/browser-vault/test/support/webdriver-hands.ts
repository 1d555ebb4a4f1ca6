/** WebKitGTK, whose driver does not tell what the browser complains of. */
import type { Browser, WebDriverPage } from '@stagevault/browser-engines'
import { KEYS, webdriverPage } from '@stagevault/browser-engines'
import { expect } from 'vitest'
import type { Hands } from './hands.js'
import { middleOf } from './hands.js'

export async function openWebdriverHands(browser: Browser, address: string): Promise<Hands> {
  const tab = await browser.openTab(address)
  const page = webdriverPage(tab)
  await page.resize(1280, 900)
  const evaluate: Hands['evaluate'] = (work, ...given) => page.evaluate(work, ...given)
  return {
    evaluate,
    complaints: [],
    runSource: (source) => page.runSource(source),
    press: async (name) => {
      const said = `normalize-space(.)="${name}" or @aria-label="${name}"`
      const elements = (): Promise<readonly string[]> => (
        page.find('xpath', `//button[not(@disabled)][${said}]`)
      )
      await expect.poll(async () => pressFirst(page, await elements(), name)).toBe(true)
    },
    pressAt: async (selector) => {
      const elements = (): Promise<readonly string[]> => page.find('css selector', selector)
      await expect.poll(async () => pressFirst(page, await elements())).toBe(true)
    },
    pressKey: (key) => page.press(KEYS[key]),
    paste: () => page.pressTogether(`${KEYS.Control}v`),
    typeText: (text) => page.press(text.replaceAll('\n', KEYS.Enter)),
    drag: async (from, to, onTheWay) => {
      await page.drag(await middleOf({ evaluate }, from), await middleOf({ evaluate }, to))
      await onTheWay()
      await page.drop()
    },
    reload: () => page.reload(),
    resize: (width, height) => page.resize(width, height),
    // Each tab has a window of its own.
    toFront: () => Promise.resolve(),
    screenshot: () => page.screenshot(),
    close: () => tab.close(),
  }
}

/** @returns whether one was to be seen, and had the name */
async function pressFirst(
  page: WebDriverPage, elements: readonly string[], name: string | null = null,
): Promise<boolean> {
  for (const element of elements) {
    if (!await page.isDisplayed(element)) continue
    if (name !== null && await page.nameOf(element) !== name) continue
    await page.click(element)
    return true
  }
  return false
}
