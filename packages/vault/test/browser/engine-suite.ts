/**
 * What holds for a vault in every engine. Each engine runs every test. What is random is sampled:
 * most of it in Chromium, and less in the others, which differ in how they store, lock and end; all
 * of it in each of them where STAGEVAULT_BROWSERS is `all`, as in the campaign.
 */

import type { EngineName } from '@stagevault/browser-engines'
import type { EngineContext } from '@stagevault/browser-engines/vitest'
import { describeEngine } from '@stagevault/browser-engines/vitest'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SHORT_HISTORY, histories, replay } from '../model/history.js'
import { createTally } from '../model/tally.js'
import { describeDeriving } from './deriving.js'
import { describeEvents } from './events.js'
import { describeKills } from './kills.js'
import { describeMoving } from './moved-vault.js'
import { describeRaces } from './races.js'
import { createRemoteVault } from './remote-vault.js'
import { describeSecrecy } from './secrecy.js'

const HISTORIES = { all: 60, chromium: 20, others: 8 }
const COMMANDS_MAX = 30

const SCRIPTS: Readonly<Record<string, URL>> = {
  vault: new URL('vault-page.ts', import.meta.url),
  held: new URL('held-page.ts', import.meta.url),
}

/** @param more - what only this engine can show */
export function describeVault(
  name: EngineName,
  more: (context: EngineContext) => void = () => undefined,
): Promise<void> {
  const isWhole = process.env['STAGEVAULT_BROWSERS'] === 'all'
  const sample = isWhole ? 'all' : name === 'chromium' ? 'chromium' : 'others'
  return describeEngine(name, SCRIPTS, (context) => {
    it('random histories agree with a naive model', { timeout: 600_000 }, async () => {
      const page = await context.browser().openPage('vault')
      const tally = createTally()
      await fc.assert(
        fc.asyncProperty(histories(COMMANDS_MAX), async (history) => {
          await replay((limits) => createRemoteVault(page, limits), history, tally)
        }),
        { numRuns: HISTORIES[sample], examples: [[SHORT_HISTORY]] },
      )
      await page.tab.close()
      expect(tally.of('putSecretValue')).toBeGreaterThan(0)
      expect(tally.of('getSecretValue')).toBeGreaterThan(0)
      expect(tally.noted('reopened')).toBeGreaterThan(0)
      expect(tally.noted('failed and did not happen')).toBeGreaterThan(0)
      expect(tally.noted('failed and happened, or had nothing to change')).toBeGreaterThan(0)
    })
    describeRaces(context)
    describeKills(context)
    describeEvents(context)
    describeSecrecy(context)
    describeMoving(context)
    describeDeriving(context)
    more(context)
  })
}
