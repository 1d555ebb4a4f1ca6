import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EngineContext } from './engines/describe-engine.js'
import { startTestBrowser } from './engines/test-browser.js'

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

/** A new folder for what a browser keeps, removed afterwards. */
export async function withProfile(step: (profile: string) => Promise<void>): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'stagevault-profile-'))
  try {
    await step(profile)
  } finally {
    // Processes of a browser that was ended may write for a moment longer.
    await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}
