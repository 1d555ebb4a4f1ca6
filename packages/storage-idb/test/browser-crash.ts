import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { startTestBrowser, withProfile } from '@stagevault/browser-engines'
import type { EngineContext } from '@stagevault/browser-engines/vitest'

/** What is left of `applied` when the whole browser is killed, and opened again on its profile. */
export function describeCrash({ engine, server }: EngineContext): void {
  describe('a killed browser', () => {
    it('has lost nothing that was applied', async () => {
      await withProfile(async (profile) => {
        const name = randomUUID()
        const first = await startTestBrowser(engine, server(), { profile })
        const writer = await first.openPage('storage')
        expect(await writer.call('put', { name, key: 'a', size: 5 })).toBe('applied')
        await first.kill()
        const second = await startTestBrowser(engine, server(), { profile })
        try {
          const reader = await second.openPage('storage')
          expect(await reader.call('openExisting', name)).toBe(5)
        } finally {
          await second.close()
        }
      })
    })
  })
}
