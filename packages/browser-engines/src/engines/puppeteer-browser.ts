import type { ChildProcess } from 'node:child_process'
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
      const leader = browser.process()
      if (leader?.exitCode !== null || leader.signalCode !== null) return
      const ended = new Promise((resolve) => leader.once('exit', resolve))
      killGroup(leader)
      await ended
    },
  }
}

/** Kills all of its processes at once, as when a machine stops, so that none holds a file. */
function killGroup(leader: ChildProcess): void {
  try {
    if (leader.pid !== undefined) process.kill(-leader.pid, 'SIGKILL')
  } catch {
    // The process leads no group.
    leader.kill('SIGKILL')
  }
}

/** The page of a tab, for features of one engine. */
export function puppeteerPage(tab: Tab): Page {
  const page = PAGES.get(tab)
  if (page === undefined) throw new Error('this tab is not driven by puppeteer')
  return page
}
