/** What holds in every engine. */
import type { Engine } from '@stagevault/browser-engines'
import { describe } from 'vitest'
import type { Hands } from '../support/hands.js'
import type { Journey, OpenHands } from '../support/journeys.js'
import { journeysOf } from '../support/journeys.js'
import { registerClipboard } from './clipboard-journeys.js'
import { registerList } from './list-journeys.js'
import { registerLooks } from './looks-journeys.js'
import { registerOpening } from './opening-journeys.js'
import { registerPassphrases } from './passphrase-journeys.js'
import { registerPolicy } from './policy-journeys.js'
import { registerSecrets } from './secret-journeys.js'
import { registerVersions } from './version-journeys.js'

/**
 * Chromium goes on every journey. The others go on those where browsers are known to differ:
 * workers and what a page keeps when it is left, other tabs and a deletion that one of them blocks,
 * the history, the mouse, the keyboard, the clipboard and the policy. STAGEVAULT_JOURNEYS=all sends
 * each of them on every journey, as the campaign and `npm run journeys` do.
 *
 * @returns with what the engine's own journeys are registered
 */
export function registerAll<H extends Hands>(engine: Engine, openHands: OpenHands<H>): Journey<H> {
  const journey = journeysOf(engine, openHands)
  const isWhole = engine.name === 'chromium' || process.env['STAGEVAULT_JOURNEYS'] === 'all'
  const alike: Journey = isWhole ? journey : () => undefined
  registerOpening(journey, alike)
  registerPassphrases(alike)
  registerList(journey, alike)
  registerSecrets(journey, alike)
  registerVersions(journey, alike)
  registerPolicy(journey, alike)
  registerClipboard(journey, alike, engine.name)
  if (!isWhole) return journey
  for (const scheme of ['light', 'dark'] as const) {
    describe(scheme, () => {
      registerLooks(journeysOf(engine, openHands, { scheme }), scheme)
    })
  }
  return journey
}
