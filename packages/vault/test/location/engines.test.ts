import { describeEngine, describePageCases } from '@stagevault/browser-engines/vitest'
import type { EngineName, TestPage } from '@stagevault/browser-engines'
import { beforeAll } from 'vitest'
import { browserPlaces } from './browser-places.js'
import { locationCases } from './location-cases.js'

const ENGINES: readonly EngineName[] = ['chromium', 'firefox', 'webkit']
const SCRIPTS = { location: new URL('location-page.ts', import.meta.url) }

for (const name of ENGINES) {
  await describeEngine(name, SCRIPTS, ({ browser }) => {
    let page: TestPage
    beforeAll(async () => {
      page = await browser().openPage('location')
    })
    describePageCases(
      (frame) => {
        locationCases(frame, browserPlaces)
      },
      () => page,
    )
  })
}
