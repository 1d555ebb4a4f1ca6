import { describeEngine } from '@stagevault/browser-engines/vitest'
import { journeysOf } from '../support/journeys.js'
import { openPuppeteerHands } from '../support/puppeteer-hands.js'
import { registerOpening, registerWorker } from './opening-journeys.js'
import { registerPolicy, registerRequests } from './policy-journeys.js'
import { registerSecrets } from './secret-journeys.js'
import { registerVersions } from './version-journeys.js'

await describeEngine('firefox', {}, ({ engine }) => {
  const journey = journeysOf(engine, openPuppeteerHands)
  registerOpening(journey)
  registerWorker(journey)
  registerSecrets(journey)
  registerVersions(journey)
  registerPolicy(journey)
  registerRequests(journey)
})
