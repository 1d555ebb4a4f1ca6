import { describeEngine } from '@stagevault/browser-engines/vitest'
import { openWebdriverHands } from '../support/webdriver-hands.js'
import { registerAll } from './all-journeys.js'

await describeEngine('webkit', {}, ({ engine }) => {
  registerAll(engine, openWebdriverHands)
})
