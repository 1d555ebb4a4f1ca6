import puppeteer from 'puppeteer-core'
import type { Engine, LaunchOptions } from './engine.js'
import { puppeteerBrowser } from './puppeteer-browser.js'

/** Over WebDriver BiDi, which Firefox speaks by itself. */
export function firefox(executablePath: string): Engine {
  return {
    name: 'firefox',
    launch: async (options = {}) => puppeteerBrowser(await puppeteer.launch({
      browser: 'firefox',
      executablePath,
      headless: true,
      extraPrefsFirefox: preferencesOf(options),
      ...(options.profile === undefined ? {} : { userDataDir: options.profile }),
    })),
  }
}

function preferencesOf(
  { scheme = 'light', storageKilobytes }: LaunchOptions,
): Record<string, number> {
  const preferences = { 'ui.systemUsesDarkTheme': scheme === 'dark' ? 1 : 0 }
  return storageKilobytes === undefined ? preferences
    : { ...preferences, 'dom.quotaManager.temporaryStorage.fixedLimit': storageKilobytes }
}
