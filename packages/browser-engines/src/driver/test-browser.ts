import type { Browser, Engine, LaunchOptions, Tab } from '../engines/engine.js'
import type { PageServer } from './page-server.js'
import type { RemoteClient } from './remote-client.js'

/** A page of the test in a tab. */
export interface TestPage extends RemoteClient {
  readonly tab: Tab
  /** Starts a worker with one of the scripts of the server. */
  startWorker(script: string): Promise<TestWorker>
}

export interface TestWorker extends RemoteClient {
  end(): Promise<unknown>
}

/** A browser with pages that answer calls. */
export interface TestBrowser {
  /**
   * Opens a page with one of the scripts of the server, and waits until it answers. Another server
   * is another origin.
   */
  openPage(script: string, other?: PageServer): Promise<TestPage>
  close(): Promise<void>
  /** Ends the browser as a crash would. */
  kill(): Promise<void>
}

export async function startTestBrowser(
  engine: Engine,
  server: PageServer,
  options: LaunchOptions = {},
): Promise<TestBrowser> {
  const browser = await engine.launch(options)
  return {
    openPage: (script, other = server) => openPage(browser, other, script),
    close: () => browser.close(),
    kill: () => browser.kill(),
  }
}

async function openPage(browser: Browser, server: PageServer, script: string): Promise<TestPage> {
  const { client, connected } = server.expect()
  const tab = await browser.openTab(server.pageAddress(script, client))
  const page = await connected
  return { ...page, tab, startWorker: (name) => startWorker(page, server, name) }
}

async function startWorker(
  page: RemoteClient,
  server: PageServer,
  script: string,
): Promise<TestWorker> {
  const { client, connected } = server.expect()
  await page.call('startWorker', { script, client })
  return { ...(await connected), end: () => page.call('endWorker', client) }
}
