/** Registers the journeys of an engine, each at an origin of its own. */
import type { Browser, Engine, EngineName } from '@stagevault/browser-engines'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Hands } from './hands.js'
import type { Site } from './site.js'
import { buildSite } from './site.js'
import type { VaultPage } from './vault-page.js'
import { vaultPage } from './vault-page.js'

export interface Traveller<H extends Hands = Hands> {
  readonly engine: Engine
  /** Where the page is served. */
  readonly address: string
  readonly vault: VaultPage<H>
  /** Opens another tab of the same origin. */
  readonly openAnother: () => Promise<VaultPage<H>>
}

export type Journey<H extends Hands = Hands> = (
  name: string, go: (traveller: Traveller<H>) => Promise<void>,
) => void

/** What a journey is registered with, between `beforeAll` and `afterAll` of one browser. */
export function journeysOf<H extends Hands>(
  engine: Engine,
  openHands: (browser: Browser, address: string, engine: EngineName) => Promise<H>,
): Journey<H> {
  let site: Site
  let browser: Browser

  beforeAll(async () => {
    site = await buildSite()
    browser = await engine.launch()
  })

  afterAll(async () => {
    await browser.close()
    await site.close()
  })

  return (name, go) => {
    it(name, async () => {
      const address = await site.open()
      const opened: VaultPage<H>[] = []
      const open = async (): Promise<VaultPage<H>> => {
        const page = vaultPage(await openHands(browser, address, engine.name))
        opened.push(page)
        return page
      }
      await go({ engine, address, vault: await open(), openAnother: open })
      for (const { complaints, close } of opened) {
        expect(complaints).toEqual([])
        await close()
      }
    })
  }
}
