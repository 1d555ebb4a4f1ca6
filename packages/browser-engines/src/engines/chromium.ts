import puppeteer from 'puppeteer-core'
import type { Engine } from './engine.js'
import { puppeteerBrowser } from './puppeteer-browser.js'

/** Disables the vendor's services, and features that need a real screen or user. */
const ARGUMENTS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

export function chromium(executablePath: string, args: readonly string[] = []): Engine {
  const isRoot = process.getuid?.() === 0
  return {
    name: 'chromium',
    launch: async ({ profile, scheme = 'light' } = {}) =>
      puppeteerBrowser(
        await puppeteer.launch({
          executablePath,
          headless: true,
          args: [
            ...ARGUMENTS,
            ...args,
            ...(isRoot ? ['--no-sandbox'] : []),
            `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`,
          ],
          ...(profile === undefined ? {} : { userDataDir: profile }),
        }),
      ),
  }
}
