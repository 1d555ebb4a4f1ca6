import puppeteer from 'puppeteer-core'
import type { Engine } from './engine.js'
import { puppeteerBrowser } from './puppeteer-browser.js'

/** Over WebDriver BiDi, which Firefox speaks by itself. */
export function firefox(executablePath: string): Engine {
  return {
    name: 'firefox',
    launch: async ({ profile, scheme = 'light' } = {}) => puppeteerBrowser(await puppeteer.launch({
      browser: 'firefox',
      executablePath,
      headless: true,
      extraPrefsFirefox: { 'ui.systemUsesDarkTheme': scheme === 'dark' ? 1 : 0 },
      ...(profile === undefined ? {} : { userDataDir: profile }),
    })),
  }
}
