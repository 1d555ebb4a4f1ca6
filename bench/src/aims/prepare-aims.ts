/** The aims of the commit path: everything that they name, as ratios, in the same five rounds. */
import { measureRounds } from '../measure-rounds.js'
import type { PrepareSuite, SuiteContext, SuitePart } from '../suite.js'
import { prepareManyHandles } from './many-handles.js'
import { prepareManySecrets } from './many-secrets.js'
import { prepareOwnTime } from './own-time.js'
import { prepareSoloPuts } from './solo-puts.js'
import { prepareWritesAtOnce } from './writes-at-once.js'

const PARTS: readonly ((context: SuiteContext) => Promise<SuitePart>)[] = [
  prepareSoloPuts,
  prepareOwnTime,
  prepareWritesAtOnce,
  prepareManyHandles,
  prepareManySecrets,
]

export const prepareAims: PrepareSuite = async (context) => {
  const parts: SuitePart[] = []
  for (const prepare of PARTS) parts.push(await prepare(context))
  const comparisons = parts.flatMap((part) => part.comparisons)
  return {
    name: 'aims',
    comparisons: [],
    inRounds: { comparisons, measure: (pace) => measureRounds(comparisons, pace) },
    facts: () => Promise.resolve(parts.flatMap(({ facts }) => facts?.() ?? [])),
    close: async () => {
      for (const { close } of parts) await close()
    },
  }
}
