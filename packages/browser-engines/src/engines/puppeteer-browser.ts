import type { Browser as PuppeteerBrowser, Page } from 'puppeteer-core'
import type { Browser, Tab } from './engine.js'

const PAGES = new WeakMap<Tab, Page>()

export function puppeteerBrowser(browser: PuppeteerBrowser): Browser {
  return {
    openTab: async (address) => {
      const page = await browser.newPage()
      await page.goto(address)
      const tab: Tab = { close: () => page.close() }
      PAGES.set(tab, page)
      return tab
    },
    close: () => browser.close(),
    kill: async () => {
      const process = browser.process()
      if (process?.exitCode !== null) return
      const ended = new Promise((resolve) => process.once('exit', resolve))
      process.kill('SIGKILL')
      await ended
    },
  }
}

/** The page behind a tab, for what only one engine can do. */
export function puppeteerPage(tab: Tab): Page {
  const page = PAGES.get(tab)
  if (page === undefined) throw new Error('this tab is not driven by puppeteer')
  return page
}
