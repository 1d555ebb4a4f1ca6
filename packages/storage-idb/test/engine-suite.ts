import { beforeAll, describe } from 'vitest'
import type { EngineName, TestPage } from '@stagevault/browser-engines'
import type { EngineContext } from '@stagevault/browser-engines/vitest'
import { describeEngine, describePageCases } from '@stagevault/browser-engines/vitest'
import { storageCases } from './browser/storage-cases.js'
import { describeClearedData } from './cleared-data.js'
import { describeRaces } from './races.js'

export const SCRIPTS: Readonly<Record<string, URL>> = {
  storage: new URL('browser/storage-page.ts', import.meta.url),
}

/** What holds in every engine, and `more` that only this one can show. */
export function describeStorage(
  name: EngineName,
  more: (context: EngineContext) => void = () => undefined,
): Promise<void> {
  return describeEngine(name, SCRIPTS, (context) => {
    describe('one page', () => {
      let page: TestPage
      beforeAll(async () => {
        page = await context.browser().openPage('storage')
      })
      describePageCases(storageCases, () => page)
    })
    describeRaces(context)
    describeClearedData(context)
    more(context)
  })
}
