/** One run: everything is made ready, then verified, and only then measured. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import type { PrepareSuite, Rounds, Suite } from './suite.js'
import { describeMachine } from './machine.js'
import { measure, type ComparisonResult } from './measure.js'
import type { Options } from './options.js'
import { writeResults, type Results, type SuiteResult } from './results.js'
import { prepareAims } from './aims/prepare-aims.js'
import { prepareEngine } from './browser/prepare-engine.js'
import { preparePeers } from './peers/prepare-peers.js'
import { formatRounds, formatRoundsHeader } from './rounds-table.js'
import { prepareConcurrentPuts } from './subjects/concurrent-puts.js'
import { prepareContention } from './subjects/contention.js'
import { prepareCore } from './subjects/core.js'
import { prepareEnvelope } from './subjects/envelope.js'
import { prepareGetValue } from './subjects/get-value.js'
import { prepareGrowth } from './subjects/growth.js'
import { prepareMemoryValues } from './subjects/memory-values.js'
import { preparePutValue } from './subjects/put-value.js'
import { prepareUnlocking } from './subjects/unlocking.js'
import { formatComparison, formatFact, formatHeader, formatMachine } from './table.js'

export const SUITES: Readonly<Record<string, PrepareSuite>> = {
  get: prepareGetValue,
  put: preparePutValue,
  concurrent: prepareConcurrentPuts,
  memory: prepareMemoryValues,
  core: prepareCore,
  envelope: prepareEnvelope,
  unlocking: prepareUnlocking,
  growth: prepareGrowth,
  contention: prepareContention,
  aims: prepareAims,
  chromium: prepareEngine('chromium'),
  firefox: prepareEngine('firefox'),
  peers: preparePeers,
}

const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url))
const RESULTS = fileURLToPath(new URL('../results/', import.meta.url))

/** @throws Error where a subject gives a wrong answer: nothing is measured then. */
export async function runBench(options: Options, print: (line: string) => void): Promise<Results> {
  const started = performance.now()
  const date = new Date().toISOString()
  // Next to the repository and not in the system's temporary folder, which may be no disk at all.
  await mkdir(CACHE, { recursive: true })
  const folder = await mkdtemp(join(CACHE, 'bench-'))
  const suites: Suite[] = []
  try {
    const machine = await describeMachine(folder)
    print(formatMachine(machine))
    await prepareAll(options, folder, suites)
    const verified = await verifyAll(suites)
    print(`${verified} subjects give the right answers. Measuring:\n`)
    if (suites.some(({ comparisons }) => comparisons.length > 0)) print(formatHeader())
    const results: SuiteResult[] = []
    for (const suite of suites) results.push(await measureSuite(suite, options, print))
    const seconds = (performance.now() - started) / 1000
    const all: Results = { format: 1, date, seconds, machine, suites: results }
    const paths = await writeResults(all, options.resultsFolder ?? RESULTS, options)
    print(`\n${seconds.toFixed(0)} s. Written to ${paths.join(' and ')}`)
    return all
  } finally {
    for (const suite of suites) await suite.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function prepareAll(options: Options, folder: string, suites: Suite[]): Promise<void> {
  const unknown = options.only?.find((name) => !Object.hasOwn(SUITES, name))
  if (unknown !== undefined) {
    throw new TypeError(`there is no suite ${unknown}; there are ${Object.keys(SUITES).join(', ')}`)
  }
  for (const [name, prepare] of Object.entries(SUITES)) {
    if (options.only?.includes(name) === false) continue
    const own = join(folder, name)
    await mkdir(own)
    const isNamed = options.only !== null
    suites.push(await prepare({ folder: own, scale: options.scale, isNamed }))
  }
}

function allComparisons({ comparisons, inRounds }: Suite): Rounds['comparisons'] {
  return [...comparisons, ...(inRounds?.comparisons ?? [])]
}

/** Verifies every subject and returns how many there are. */
export async function verifyAll(suites: readonly Suite[]): Promise<number> {
  let verified = 0
  for (const { title, subjects } of suites.flatMap(allComparisons)) {
    for (const { name, verify } of subjects) {
      try {
        await verify()
      } catch (error) {
        throw new Error(`${title}: ${name} is not verified`, { cause: error })
      }
      verified++
    }
  }
  return verified
}

async function measureSuite(
  suite: Suite,
  options: Options,
  print: (line: string) => void,
): Promise<SuiteResult> {
  const comparisons: ComparisonResult[] = []
  for (const comparison of suite.comparisons) {
    const result =
      'measure' in comparison
        ? await comparison.measure(options.pace)
        : await measure(comparison, options.pace)
    print(formatComparison(result))
    comparisons.push(result)
  }
  if (suite.inRounds !== undefined) {
    print(formatRoundsHeader())
    const results = await suite.inRounds.measure(options.pace)
    for (const result of results) print(formatRounds(result))
    comparisons.push(...results)
  }
  if (suite.skipped !== undefined) print(`\n${suite.name}: skipped. ${suite.skipped}`)
  const facts = (await suite.facts?.()) ?? []
  if (facts.length > 0) print('')
  for (const fact of facts) print(formatFact(fact))
  const { name, skipped } = suite
  return { name, comparisons, facts, ...(skipped === undefined ? {} : { skipped }) }
}
