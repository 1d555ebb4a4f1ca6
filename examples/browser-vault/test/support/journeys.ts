/** Registers the journeys of an engine, each at an origin of its own. */
import type { Browser, Engine } from '@stagevault/browser-engines'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Site } from './site.js'
import { buildSite } from './site.js'
import type { VaultPage } from './vault-page.js'
import { openVaultPage } from './vault-page.js'

export interface Traveller {
  readonly engine: Engine
  readonly browser: Browser
  /** Where the page is served, for another tab of the same origin. */
  readonly address: string
  readonly vault: VaultPage
}

export type Journey = (name: string, go: (traveller: Traveller) => Promise<void>) => void

/** What a journey is registered with, between `beforeAll` and `afterAll` of one browser. */
export function journeysOf(engine: Engine): Journey {
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
      const vault = await openVaultPage(browser, address)
      await go({ engine, browser, address, vault })
      expect(vault.complaints).toEqual([])
      await vault.close()
    })
  }
}
