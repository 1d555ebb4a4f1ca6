import { describe, expect, it } from 'vitest'
import type { EngineContext } from '@stagevault/browser-engines/vitest'
import { withPages } from './held-clients.js'

/** Deriving a key in a page or a worker, which is one thread with all that goes on in it. */
export function describeCancelling({ browser }: EngineContext): void {
  describe('deriving a key', () => {
    it('ends when its signal does, whose timer runs in the same thread', async () => {
      await withPages(browser(), 1, async (page) => {
        const worker = await page.startWorker('held')
        for (const client of [page, worker]) {
          expect(await client.call('deriveUntilAborted')).toEqual({
            ended: 'AbortError', isProgressTold: true,
          })
        }
        await worker.end()
      })
    })
  })
}
