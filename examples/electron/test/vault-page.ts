import { readFileSync } from 'node:fs'
import type { Browser } from '@stagevault/browser-engines'
import { puppeteerPage } from '@stagevault/browser-engines'
import type { HTTPRequest, Page } from 'puppeteer-core'
import { expect } from 'vitest'
import type { Operation } from '@stagevault/electron-vault/ipc-contract'
import { CHANNELS, OPERATIONS, STATUS_CHANNEL } from '@stagevault/electron-vault/ipc-contract'
import { PAGE_ADDRESS, servePage } from '@stagevault/electron-vault/page-files'
import { createVaultRequests } from '@stagevault/electron-vault/vault-requests'
import type { Application } from './application.js'

const PRELOAD = readFileSync(new URL('../dist/preload/preload.js', import.meta.url), 'utf8')
/** Chromium without Electron has no `app:`; the files and their headers are the same. */
const ORIGIN = 'https://vault.test/'

/** The page of the application in a browser, with a person before it. */
export interface VaultPage {
  readonly page: Page
  /** What the page asked for, and what the browser complained of. */
  readonly asked: readonly Operation[]
  readonly complaints: readonly string[]
  /** Tells the page of the status, as the main process does after every change. */
  readonly tellStatus: () => Promise<void>
  /** Waits until a person sees a text. */
  readonly sees: (text: string) => Promise<void>
  /** The text of all that a person sees now. */
  readonly seen: () => Promise<string>
  readonly press: (button: string) => Promise<void>
  readonly type: (label: string, text: string) => Promise<void>
}

/** The built preload script and page, over the requests that the main process answers. */
export async function openVaultPage(browser: Browser, { keeper }: Application): Promise<VaultPage> {
  const page = puppeteerPage(await browser.openTab('about:blank'))
  const answer = createVaultRequests({ keeper, pageAddress: PAGE_ADDRESS })
  const asked: Operation[] = []
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))

  await page.exposeFunction('invokeMain', (channel: string, ...input: unknown[]) => {
    const operation = OPERATIONS.find((each) => CHANNELS[each] === channel)
    if (operation === undefined) throw new Error(`no such channel: ${channel}`)
    asked.push(operation)
    return answer({ url: PAGE_ADDRESS, parent: null }, operation, input)
  })
  await page.evaluateOnNewDocument(preloadScript())
  await page.setRequestInterception(true)
  page.on('request', (request) => void respond(request))
  await page.goto(ORIGIN)

  const seen = (): Promise<string> => page.evaluate(() => document.body.innerText)
  return {
    page,
    asked,
    complaints,
    tellStatus: () =>
      page.evaluate(
        (channel, status) => {
          tellPage(channel, status)
        },
        STATUS_CHANNEL,
        keeper.status(),
      ),
    seen,
    sees: (text) => expect.poll(seen, { timeout: 60_000 }).toContain(text),
    press: (button) => page.locator(`::-p-aria([name="${button}"][role="button"])`).click(),
    type: (label, text) => page.locator(`::-p-aria([name="${label}"][role="textbox"])`).fill(text),
  }
}

/** Stands in the page while a test runs. */
declare function tellPage(channel: string, status: unknown): void

/** The preload script with as much of Electron as its sandbox gives it. */
function preloadScript(): string {
  return `{
    const listeners = []
    globalThis.tellPage = (channel, status) => {
      for (const [name, listener] of listeners) if (name === channel) listener({}, status)
    }
    const electron = {
      contextBridge: { exposeInMainWorld: (name, api) => { globalThis[name] = api } },
      ipcRenderer: {
        invoke: (...call) => invokeMain(...call),
        on: (channel, listener) => { listeners.push([channel, listener]) },
      },
    };
    ((require, exports) => {${PRELOAD}
    })((name) => ({ electron })[name], {})
  }`
}

async function respond(request: HTTPRequest): Promise<void> {
  const path = request.url().replace(ORIGIN, '')
  const response = await servePage({ url: PAGE_ADDRESS + path })
  await request.respond({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  })
}
