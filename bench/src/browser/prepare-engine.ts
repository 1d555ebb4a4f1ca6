/** A suite in a browser: a page makes, verifies and measures, and Node asks it to. */
import { join } from 'node:path'
import {
  bundleScript,
  findEngine,
  startPageServer,
  startTestBrowser,
  type Engine,
  type EngineName,
  type RemoteClient,
} from '@stagevault/browser-engines'
import type { ComparisonResult } from '../measure.js'
import type { PrepareSuite, RemoteComparison, Suite, SuiteContext } from '../suite.js'
import type { MeasureOrder, PreparedPage, VerifyOrder } from './bench-calls.js'

const SCRIPT = new URL('bench-page.js', import.meta.url)

/** Without the engine there is nothing to compare, and the suite says so. */
export function prepareEngine(name: EngineName): PrepareSuite {
  return async (context) => {
    const found = await findEngine(name)
    return 'missing' in found
      ? { name, comparisons: [], skipped: found.missing, close: () => Promise.resolve() }
      : startEngine(found.engine, context)
  }
}

async function startEngine(engine: Engine, { folder, scale }: SuiteContext): Promise<Suite> {
  const server = await startPageServer({ bench: await bundleScript(SCRIPT) }, { isIsolated: true })
  // The browser's own choice may lie on another file system than what it is compared with.
  const browser = await startTestBrowser(engine, server, { profile: join(folder, 'profile') })
  const close = async (): Promise<void> => {
    await browser.close()
    await server.close()
  }
  try {
    const page = await browser.openPage('bench')
    const prepared = await page.call<PreparedPage>('prepare', scale)
    return { name: engine.name, comparisons: remoteComparisons(page, prepared), close }
  } catch (error) {
    await close()
    throw error
  }
}

function remoteComparisons(
  page: RemoteClient,
  { browser, comparisons }: PreparedPage,
): RemoteComparison[] {
  return comparisons.map(({ title: titleInPage, subjects }, comparison) => {
    const title = `${titleInPage}, ${browser}`
    return {
      title,
      subjects: subjects.map((name, subject) => ({
        name,
        verify: async () => {
          const order: VerifyOrder = { comparison, subject }
          await page.call('verify', order)
        },
      })),
      measure: async (pace) => {
        const order: MeasureOrder = { comparison, pace }
        return { ...(await page.call<ComparisonResult>('measure', order)), title }
      },
    }
  })
}
