import { describeEngine } from '@stagevault/browser-engines/vitest'
import { openPuppeteerHands } from '../support/puppeteer-hands.js'
import { registerAll } from './all-journeys.js'
import { registerAway, registerDriven, registerReturn, registerTouch } from './driven-journeys.js'

await describeEngine('chromium', {}, ({ engine }) => {
  const journey = registerAll(engine, openPuppeteerHands)
  registerDriven(journey)
  registerAway(journey)
  registerReturn(journey)
  registerTouch(journey)
})
