import { describeEngine } from '@stagevault/browser-engines/vitest'
import { openPuppeteerHands } from '../support/puppeteer-hands.js'
import { registerAll } from './all-journeys.js'
import { registerDriven } from './driven-journeys.js'

await describeEngine('chromium', {}, ({ engine }) => {
  registerDriven(registerAll(engine, openPuppeteerHands))
})
