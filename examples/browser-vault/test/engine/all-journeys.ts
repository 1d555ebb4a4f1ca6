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
 * What any browser does alike, as far as is known, is looked at in one; in all of them where
 * somebody asks for it, by `npm run journeys`.
 *
 * @returns with what the engine's own journeys are registered
 */
export function registerAll<H extends Hands>(engine: Engine, openHands: OpenHands<H>): Journey<H> {
  const journey = journeysOf(engine, openHands)
  const isWhole = engine.name === 'chromium' || process.env['STAGEVAULT_JOURNEYS'] === 'all'
  const alike: Journey = isWhole ? journey : () => undefined
  registerOpening(journey)
  registerPassphrases(alike)
  registerList(journey, alike)
  registerSecrets(journey, alike)
  registerVersions(journey, alike)
  registerPolicy(journey)
  registerClipboard(journey, engine.name)
  for (const scheme of ['light', 'dark'] as const) {
    describe(scheme, () => {
      registerLooks(journeysOf(engine, openHands, { scheme }), scheme)
    })
  }
  return journey
}
