import { describeEngine } from '@stagevault/browser-engines/vitest'
import { journeysOf } from '../support/journeys.js'
import { openWebdriverHands } from '../support/webdriver-hands.js'
import { registerOpening } from './opening-journeys.js'
import { registerPolicy } from './policy-journeys.js'
import { registerSecrets } from './secret-journeys.js'
import { registerVersions } from './version-journeys.js'

await describeEngine('webkit', {}, ({ engine }) => {
  const journey = journeysOf(engine, openWebdriverHands)
  registerOpening(journey)
  registerSecrets(journey)
  registerVersions(journey)
  registerPolicy(journey)
})
