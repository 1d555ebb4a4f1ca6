/** WebKitGTK, whose driver does not tell what the browser complains of. */
import type { Browser } from '@stagevault/browser-engines'
import { KEYS, webdriverPage } from '@stagevault/browser-engines'
import type { Hands } from './hands.js'

export async function openWebdriverHands(browser: Browser, address: string): Promise<Hands> {
  const tab = await browser.openTab(address)
  const page = webdriverPage(tab)
  await page.resize(1280, 900)
  const evaluate: Hands['evaluate'] = (work, ...given) => page.evaluate(work, ...given)
  return {
    evaluate,
    complaints: [],
    runSource: (source) => page.runSource(source),
    pressPoint: (point) => page.click(point),
    pressKey: (key) => page.press(KEYS[key]),
    paste: () => page.pressTogether(`${KEYS.Control}v`),
    typeText: (text) => page.press(text.replaceAll('\n', KEYS.Enter)),
    dragBetween: async (from, to, onTheWay) => {
      await page.drag(from, to)
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
