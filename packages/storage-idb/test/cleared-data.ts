import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { EngineContext } from '@stagevault/browser-engines/vitest'

const TIMES = 8

/** What becomes of calls under way when site data is cleared: each one settles. */
export function describeClearedData({ browser, startServer }: EngineContext): void {
  describe('site data that is cleared while a handle is busy', () => {
    it(`leaves no call waiting, ${TIMES} times`, async () => {
      const server = await startServer()
      const readers: string[] = []
      for (let time = 0; time < TIMES; time += 1) {
        const page = await browser().openPage('storage', server)
        await page.call('hold', randomUUID())
        const { first, second, reader, close } =
          await page.call<Record<string, string>>('clearUnderLoad')
        for (const writer of [first, second]) {
          expect(writer).toMatch(/^(STORAGE_MISSING|STORAGE_(OUTCOME_UNKNOWN|UNAVAILABLE|CLOSED))$/)
        }
        expect(reader).toMatch(/^(STORAGE_MISSING|STORAGE_(UNAVAILABLE|CLOSED))$/)
        readers.push(reader ?? '')
        expect(close).toBe('done')
        await page.tab.close()
      }
      // A connection that was opened again may be closed too, but not every time.
      expect(readers).toContain('STORAGE_MISSING')
      await server.close()
    })
  })
}
