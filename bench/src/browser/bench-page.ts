/** The script of the page that measures: in the browser, with the same measure as in Node. */
import { serveCalls } from '@stagevault/browser-engines/page'
import type { Comparison } from '../comparison.js'
import { measure, type ComparisonResult } from '../measure.js'
import type { Scale } from '../suite.js'
import type { MeasureOrder, PreparedPage, VerifyOrder } from './bench-calls.js'
import { prepareIdbGetValue } from './idb-get-value.js'
import { prepareIdbGrowth } from './idb-growth.js'
import { prepareIdbPutValue } from './idb-put-value.js'
import { prepareIdbUnlocking } from './idb-unlocking.js'

const comparisons: Comparison[] = []

serveCalls({
  prepare: async (scale: Scale): Promise<PreparedPage> => {
    if (!crossOriginIsolated) throw new Error('the clock of this page is coarse')
    const browser = browserName()
    for (const prepare of [
      prepareIdbGetValue,
      prepareIdbPutValue,
      prepareIdbUnlocking,
      prepareIdbGrowth,
    ]) {
      comparisons.push(...(await prepare(scale)))
    }
    return {
      browser,
      comparisons: comparisons.map(({ title, subjects }) => ({
        title,
        subjects: subjects.map(({ name }) => name),
      })),
    }
  },
  verify: async ({ comparison, subject }: VerifyOrder): Promise<void> => {
    const found = at(comparison).subjects[subject]
    if (found === undefined) throw new RangeError('there is no such subject')
    await found.verify()
  },
  measure: ({ comparison, pace }: MeasureOrder): Promise<ComparisonResult> =>
    measure(at(comparison), pace),
})

function at(place: number): Comparison {
  const found = comparisons[place]
  if (found === undefined) throw new RangeError('there is no such comparison')
  return found
}

function browserName(): string {
  const [, name = 'unknown', version = ''] =
    /(Firefox|Chrome)\/(\d+)/.exec(navigator.userAgent) ?? []
  return `${name.replace('Chrome', 'Chromium')} ${version}`.trimEnd()
}
