/** Registers the journeys of an engine, each at an origin of its own. */
import type { Browser, Engine, LaunchOptions } from '@stagevault/browser-engines'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Hands } from './hands.js'
import type { Site } from './site.js'
import { openSite } from './site.js'
import type { VaultPage } from './vault-page.js'
import { vaultPage } from './vault-page.js'

export interface Traveller<H extends Hands = Hands> {
  readonly engine: Engine
  /** Where the page is served. */
  readonly address: string
  /** Everything that was asked for there. */
  readonly requests: readonly string[]
  /** Ends the server. */
  readonly stopServing: () => Promise<void>
  readonly vault: VaultPage<H>
  /** Opens another tab of the same origin. */
  readonly openAnother: () => Promise<VaultPage<H>>
}

export type Journey<H extends Hands = Hands> = (
  name: string,
  go: (traveller: Traveller<H>) => Promise<void>,
) => void

export type OpenHands<H extends Hands> = (browser: Browser, address: string) => Promise<H>

/** What a journey is registered with, between `beforeAll` and `afterAll` of one browser. */
export function journeysOf<H extends Hands>(
  engine: Engine,
  openHands: OpenHands<H>,
  options: LaunchOptions = {},
): Journey<H> {
  let site: Site
  let browser: Browser

  beforeAll(async () => {
    site = await openSite()
    browser = await engine.launch(options)
  })

  afterAll(async () => {
    await browser.close()
    await site.close()
  })

  return (name, go) => {
    it(name, async () => {
      const { address, requests, stop } = await site.open()
      const opened: VaultPage<H>[] = []
      const open = async (): Promise<VaultPage<H>> => {
        const page = vaultPage(await openHands(browser, address), engine.name)
        opened.push(page)
        return page
      }
      try {
        const vault = await open()
        await go({ engine, address, requests, stopServing: stop, vault, openAnother: open })
        for (const { complaints } of opened) expect(complaints).toEqual([])
      } finally {
        for (const { close } of opened) await close()
      }
    })
  }
}
