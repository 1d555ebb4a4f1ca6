import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TestPage } from '@stagevault/browser-engines'
import { puppeteerPage, startTestBrowser, withProfile } from '@stagevault/browser-engines'
import type { EngineContext } from '@stagevault/browser-engines/vitest'
import { describeCrash } from './browser-crash.js'
import { describeStorage } from './engine-suite.js'

await describeStorage('chromium', (context) => {
  describeCrash(context)
  describeQuota(context)
  describeClearedData(context)
  describeDamage(context)
})

/** Room for some records. Chromium counts again only after half a minute without counting. */
const QUOTA_BYTES = 60_000

function describeQuota({ browser, startServer }: EngineContext): void {
  describe('a quota that is used up', () => {
    it('is told as STORAGE_FULL, and the vault goes on with what fits', async () => {
      const server = await startServer()
      const page = await browser().openPage('storage', server)
      const devtools = await puppeteerPage(page.tab).createCDPSession()
      const { origin } = server
      await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: QUOTA_BYTES })
      const name = randomUUID()
      expect(await page.call('put', { name, key: 'a', size: 5 })).toBe('applied')
      const put = page.call('put', { name, key: 'b', size: 2 * QUOTA_BYTES })
      await expect(put).rejects.toThrow('STORAGE_FULL')
      expect(await page.call('put', { name, key: 'c', size: 5 })).toBe('applied')
      expect(await page.call('openExisting', name)).toBe(5)
      await page.tab.close()
      await server.close()
    })
  })
}

function describeClearedData({ browser, server }: EngineContext): void {
  describe('site data that is cleared under an open handle', () => {
    it('leaves the vault missing, not new', async () => {
      const page = await browser().openPage('storage')
      const devtools = await puppeteerPage(page.tab).createCDPSession()
      const name = randomUUID()
      await page.call('hold', name)
      expect(await page.call('putHeld', 'a')).toBe('applied')
      await devtools.send('Storage.clearDataForOrigin', {
        origin: server().origin,
        storageTypes: 'indexeddb',
      })
      await expect(page.call('putHeld', 'b')).rejects.toThrow('STORAGE_MISSING')
      await expect(page.call('openExisting', name)).rejects.toThrow('STORAGE_MISSING')
      await page.tab.close()
    })
  })
}

function describeDamage({ engine, server }: EngineContext): void {
  describe('a database that Chromium finds damaged', () => {
    it('is missing, not new', async () => {
      await withProfile(async (profile) => {
        const name = randomUUID()
        const first = await startTestBrowser(engine, server(), { profile })
        const page = await first.openPage('storage')
        expect(await page.call('put', { name, key: 'a', size: 50_000 })).toBe('applied')
        await first.close()
        await flipBit(profile)
        const second = await startTestBrowser(engine, server(), { profile })
        try {
          await expectMissing(await second.openPage('storage'), name)
        } finally {
          await second.close()
        }
      })
    })
  })
}

async function expectMissing(page: TestPage, name: string): Promise<void> {
  await expect(page.call('openExisting', name)).rejects.toThrow('STORAGE_MISSING')
  await expect(page.call('openExisting', name)).rejects.toThrow('STORAGE_MISSING')
}

/** In the middle of the newest log, where the record's value is. */
async function flipBit(profile: string): Promise<void> {
  const folder = join(profile, 'Default', 'IndexedDB')
  expect(existsSync(folder)).toBe(true)
  const [store] = (await readdir(folder)).filter((name) => name.endsWith('.leveldb'))
  expect(store).toBeDefined()
  const files = await readdir(join(folder, store ?? ''))
  const log = files
    .filter((name) => name.endsWith('.log'))
    .sort()
    .at(-1)
  expect(log).toBeDefined()
  const path = join(folder, store ?? '', log ?? '')
  const bytes = await readFile(path)
  const middle = bytes.length >> 1
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  await writeFile(path, bytes)
}
