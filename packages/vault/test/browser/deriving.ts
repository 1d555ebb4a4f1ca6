import { describe, expect, it } from 'vitest'
import type { EngineContext } from '@stagevault/browser-engines/vitest'
import { withPages } from './held-clients.js'

interface Derived {
  readonly vaultId: string
  readonly others: number
}

/** Deriving a key in a page or a worker, which is one thread with all that goes on in it. */
export function describeDeriving({ browser }: EngineContext): void {
  describe('deriving a key', () => {
    it('ends when its signal does, whose timer runs in the same thread', async () => {
      await withPages(browser(), 1, async (page) => {
        const worker = await page.startWorker('held')
        for (const client of [page, worker]) {
          expect(await client.call('deriveUntilAborted')).toEqual({
            ended: 'AbortError',
            isProgressTold: true,
          })
        }
        await worker.end()
      })
    })

    it('neither begins again nor is deaf to its signal after a task that took long', async () => {
      await withPages(browser(), 1, async (page) => {
        expect(await page.call('deriveInSpiteOf', 700)).toEqual({
          ended: 'AbortError',
          isBegunAgain: false,
        })
      })
    })

    it('goes on next to work that never rests, and does not delay it', async () => {
      await withPages(browser(), 1, async (page) => {
        const { vaultId, others } = await page.call<Derived>('deriveBesideOthers')
        expect(vaultId).toMatch(/^[0-9a-f]{32}$/)
        expect(others).toBeGreaterThan(10)
      })
    })
  })
}
