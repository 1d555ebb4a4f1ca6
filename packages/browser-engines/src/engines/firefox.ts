import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import puppeteer from 'puppeteer-core'
import type { Browser, Engine, LaunchOptions } from './engine.js'
import { puppeteerBrowser } from './puppeteer-browser.js'

/** Drives Firefox over WebDriver BiDi, which Firefox supports itself. */
export function firefox(executablePath: string): Engine {
  return { name: 'firefox', launch: (options = {}) => launch(executablePath, options) }
}

async function launch(executablePath: string, options: LaunchOptions): Promise<Browser> {
  const { profile } = options
  const browser = puppeteerBrowser(
    await puppeteer.launch({
      browser: 'firefox',
      executablePath,
      headless: true,
      extraPrefsFirefox: preferencesOf(options),
      ...(profile === undefined ? {} : { userDataDir: profile }),
    }),
  )
  if (profile === undefined) return browser
  return {
    ...browser,
    kill: async () => {
      await browser.kill()
      await untilPutBack(profile)
    },
  }
}

function preferencesOf({
  scheme = 'light',
  storageKilobytes,
}: LaunchOptions): Record<string, number> {
  const preferences = { 'ui.systemUsesDarkTheme': scheme === 'dark' ? 1 : 0 }
  return storageKilobytes === undefined
    ? preferences
    : { ...preferences, 'dom.quotaManager.temporaryStorage.fixedLimit': storageKilobytes }
}

const PUT_BACK_MS = 10_000

/** puppeteer restores the preferences of a profile some time after the browser has ended. */
async function untilPutBack(profile: string): Promise<void> {
  const until = Date.now() + PUT_BACK_MS
  const isThere = (name: string): boolean => existsSync(join(profile, name))
  while (['prefs.js.puppeteer', 'user.js.puppeteer'].some(isThere)) {
    if (Date.now() > until) throw new Error('the preferences of a profile were not restored')
    await sleep(20)
  }
}
