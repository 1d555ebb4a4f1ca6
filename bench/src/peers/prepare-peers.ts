/**
 * The same work done by what an application could use instead: gets, durable puts and opening.
 * Peers take turns in every round, each in a process of its own.
 */
import type { ComparisonResult, Pace } from '../measure.js'
import type { RoundTimes } from '../statistics.js'
import type { Fact, PrepareSuite } from '../suite.js'
import {
  comparisonsOf,
  measureRound,
  prepareField,
  readBack,
  resultsOf,
  type Field,
} from './field.js'
import { arePeersInstalled, installPeers } from './install-peers.js'
import type { PeerClient } from './peer-client.js'

/** Every field in every round, and one round before them that is not timed. */
async function measureFields(fields: readonly Field[], pace: Pace): Promise<ComparisonResult[]> {
  const times = fields.map((): RoundTimes[][][] => [])
  for (const field of fields) await measureRound(field, 0, pace)
  for (let round = 0; round < pace.rounds; round++) {
    for (const [i, field] of fields.entries()) {
      times[i]?.push(await measureRound(field, round, pace))
    }
  }
  return fields.flatMap((field, i) => resultsOf(field, times[i] ?? []))
}

async function readAllBack(fields: readonly Field[]): Promise<Fact[]> {
  const facts: Fact[] = []
  for (const field of fields) facts.push(...(await readBack(field)))
  return facts
}

export const preparePeers: PrepareSuite = async (context) => {
  const started: PeerClient[] = []
  const close = async (): Promise<void> => {
    for (const peer of started) await peer.close()
  }
  if (context.isNamed) installPeers()
  if (!arePeersInstalled()) {
    const skipped = 'npm run bench -- --only=peers installs them.'
    return { name: 'peers', comparisons: [], skipped, close }
  }
  try {
    const fields: Field[] = []
    for (const bytes of context.scale.peerBytes) {
      fields.push(await prepareField(context, bytes, started))
    }
    return {
      name: 'peers',
      comparisons: [],
      inRounds: {
        comparisons: fields.flatMap(comparisonsOf),
        measure: (pace) => measureFields(fields, pace),
      },
      facts: () => readAllBack(fields),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
