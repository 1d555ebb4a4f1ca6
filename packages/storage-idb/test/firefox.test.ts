import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { startTestBrowser } from '@stagevault/browser-engines'
import type { EngineContext } from '@stagevault/browser-engines/vitest'
import { describeStorage } from './engine-suite.js'

await describeStorage('firefox', describeQuota)

/** The least that Firefox takes for a limit. */
const STORAGE_KILOBYTES = 10_240

function describeQuota({ engine, server }: EngineContext): void {
  describe('a quota that is used up', () => {
    it('is told as STORAGE_FULL, and the handle goes on with what fits', async () => {
      const browser = await startTestBrowser(engine, server(), {
        storageKilobytes: STORAGE_KILOBYTES,
      })
      try {
        const page = await browser.openPage('storage')
        await page.call('hold', randomUUID())
        expect(await page.call('putHeld', 'a')).toBe('applied')
        const tooMuch = { key: 'b', size: 2 * 1_024 * STORAGE_KILOBYTES }
        for (const key of ['c', 'd']) {
          await expect(page.call('putBytesHeld', tooMuch)).rejects.toThrow('STORAGE_FULL')
          // Firefox refuses the first write after that, of any kind.
          expect(await page.call('putHeld', key)).toBe('applied')
        }
        await page.tab.close()
      } finally {
        await browser.close()
      }
    })
  })
}
