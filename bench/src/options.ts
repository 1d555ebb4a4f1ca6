/** The command line. */
import { parseArgs } from 'node:util'
import type { Scale } from './suite.js'
import type { Pace } from './measure.js'

export const USAGE = `Usage: npm run bench -- [options]

  --only=<suite>,<suite>  only these suites: get, put, concurrent, memory, core, envelope,
                          unlocking, growth, contention, aims, chromium, firefox, and
                          peers, which installs what it compares with
  --growth=small|full     1,000 and 10,000 secrets, or 100,000 too (default)
  --quick                 everything verified, nothing measured long enough to mean anything
  --save                  keeps the results as results/<date>-<cpu>.json
  --results=<folder>      where results are written, instead of results
  --help
`

export interface Options {
  /** Suites to run; all by default. */
  readonly only: readonly string[] | null
  readonly isQuick: boolean
  readonly isSaved: boolean
  readonly resultsFolder: string | null
  readonly isHelp: boolean
  readonly scale: Scale
  readonly pace: Pace
}

const PACE: Pace = {
  warmUp: 150,
  turn: 4,
  total: 600,
  roundsMin: 15,
  rounds: 5,
  roundShare: 1,
}
const QUICK_PACE: Pace = {
  warmUp: 1,
  turn: 0.1,
  total: 1,
  roundsMin: 1,
  rounds: 1,
  roundShare: 0.01,
}

const SCALE: Scale = {
  growth: [1000, 10_000, 100_000],
  idbGrowth: [100, 10_000],
  weighingGets: 5000,
  scryptLogN: 17,
  contentionRuns: 10,
  payloadBytes: [100, 1024, 30 * 1024],
  writesAtOnce: 640,
  writesOfOneAtOnce: 64,
  handles: [64, 640],
  peerEntries: 10_000,
  peerBytes: [100, 1024],
  // Ten versions and 32 tombstones, and a few more.
  settlingPuts: 45,
}

const SMALL_SCALE: Scale = { ...SCALE, growth: [1000, 10_000] }

const QUICK_SCALE: Scale = {
  growth: [100, 200],
  idbGrowth: [100, 200],
  weighingGets: 100,
  scryptLogN: 15,
  contentionRuns: 1,
  payloadBytes: [100, 30 * 1024],
  writesAtOnce: 16,
  writesOfOneAtOnce: 4,
  handles: [4, 16],
  peerEntries: 20,
  peerBytes: [100],
  settlingPuts: 12,
}

/** @throws TypeError for an option that there is not. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      growth: { type: 'string', default: 'full' },
      quick: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
      results: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (!['small', 'full'].includes(values.growth)) throw new TypeError('--growth is small or full')
  const scale = values.growth === 'full' ? SCALE : SMALL_SCALE
  return {
    only: values.only?.split(',') ?? null,
    isQuick: values.quick,
    isSaved: values.save,
    resultsFolder: values.results ?? null,
    isHelp: values.help,
    scale: values.quick ? QUICK_SCALE : scale,
    pace: values.quick ? QUICK_PACE : PACE,
  }
}
