/**
 * Damages the records of a sample vault, one way at a time, and looks at what readers make of it.
 *
 * After each damage these run, and every answer is judged:
 * - `openVault`, and `verify` (through the running vault and the fresh one by turns);
 * - through the running vault, which remembers every head and every version record, and through the
 *   fresh one, which remembers nothing: every read that can have noticed.
 *
 * Which reads those are is not guessed: each was run once on the undamaged store, cold and warm,
 * with everything recorded that it asked of the store. A read that asks for none of the damaged
 * records gets the same bytes as before at every step, so it does the same as before: that is the
 * "provably no effect". So a running vault has to give the values of records that it remembers.
 * Every so often all reads run nevertheless, to test this reasoning, and with them those that go
 * the way of another read (lists by page or filter, batches).
 */

import { isDeepStrictEqual } from 'node:util'
import type { Vault } from 'stagevault'
import type { Mutation } from '@stagevault/storage'
import type { ReadProbe } from './read-probes.js'
import { answerOf, judge, probesOf } from './read-probes.js'
import type { SampleOptions, SampleVault } from './sample-vault.js'
import { EVICTED, SAMPLE_NAMES, createSampleVault, recordsOf } from './sample-vault.js'
import type { StorageTrace } from './traced-storage.js'
import { isTouched } from './traced-storage.js'

/** What readers made of one damage. */
export interface DamageReport {
  readonly description: string
  /** Answers that were as on the undamaged store, and typed integrity errors. */
  readonly right: number
  readonly refused: number
  /** Whether the vault could be opened. */
  readonly isOpened: boolean
  /** Where `verify` found something. */
  readonly problemKeys: readonly string[]
  /** Answers of any other kind, told in full: there must be none. */
  readonly wrong: readonly string[]
}

export interface DamageBench {
  readonly sample: SampleVault
  readonly records: ReadonlyMap<string, Uint8Array>
  /** Makes the changes, judges all answers, and puts back what was there. */
  readonly inflict: (description: string, changes: readonly Mutation[]) => Promise<DamageReport>
  /** How many answers were judged so far. */
  readonly answerCount: () => number
  /** What is wrong after everything was put back: no vault must be the worse for it. */
  readonly finish: () => Promise<readonly string[]>
}

interface KnownProbe extends ReadProbe {
  readonly expected: readonly string[]
  readonly cold: StorageTrace
  readonly warm: StorageTrace
}

const OPENED = 'opened'

/** Every so many damages all reads run. A prime, so that no place in a byte is left out. */
const FULL_ROUND = 61

export interface BenchOptions extends SampleOptions {
  /** Runs all reads after every damage. */
  readonly isThorough?: boolean
}

export async function createDamageBench(options: BenchOptions = {}): Promise<DamageBench> {
  const sample = await createSampleVault(options)
  const records = recordsOf(sample.data)
  const probes = await learnProbes(sample)
  const openTrace = await traceOf(sample, () => sample.open())
  const touchingCold = memoized((key) => probes.filter(({ cold }) => isTouched(cold, key)))
  const touchingWarm = memoized((key) => probes.filter(({ warm }) => isTouched(warm, key)))
  const everyRound = options.isThorough === true ? 1 : FULL_ROUND
  let rounds = 0
  let answers = 0
  let commits = 0

  async function inflict(description: string, changes: readonly Mutation[]): Promise<DamageReport> {
    rounds += 1
    const warm = new Set(changes.flatMap(({ key }) => touchingWarm(key)))
    const cold = new Set(changes.flatMap(({ key }) => touchingCold(key)))
    const asked =
      rounds % everyRound === 0
        ? probes
        : [...new Set([...warm, ...cold])].filter(({ isSecondary }) => !isSecondary)
    const restoration = changes.map(({ key }) => ({ key, value: records.get(key) ?? null }))
    const { stackTraceLimit } = Error
    // Of hundreds of thousands of expected errors the code is enough.
    Error.stackTraceLimit = 0
    sample.data.apply(changes)
    try {
      const fresh = await openOrRefuse(sample)
      const isOpenAffected = changes.some(({ key }) => isTouched(openTrace, key))
      const readers = [
        { vault: sample.vault, affected: warm },
        ...(typeof fresh === 'string' ? [] : [{ vault: fresh, affected: cold }]),
      ]
      const tally = emptyTally()
      if (typeof fresh === 'string') record(tally, 'open', isOpenAffected, OPENED, fresh)
      const refusals: number[] = []
      for (const { vault, affected } of readers) {
        const refusedBy = await ask(vault, asked, affected, tally, rounds)
        refusals.push([...warm].reduce((sum, probe) => sum + (refusedBy.get(probe) ?? 0), 0))
      }
      // Of what both read the running vault must not have hidden anything.
      if (new Set(refusals).size > 1) {
        tally.wrong.push(`running and fresh vault refuse ${refusals.join(' and ')} answers`)
      }
      answers += tally.right + tally.refused
      commits += sample.takeTrace().commits
      const { vault } = readers[rounds % readers.length] ?? { vault: sample.vault }
      const { problems } = await vault.verify()
      return {
        description,
        right: tally.right,
        refused: tally.refused,
        isOpened: typeof fresh !== 'string',
        problemKeys: problems.map(({ storageKey }) => storageKey),
        wrong: tally.wrong.map((what) => `${description}: ${what}`),
      }
    } finally {
      Error.stackTraceLimit = stackTraceLimit
      sample.data.apply(restoration)
    }
  }

  return {
    sample,
    records,
    inflict,
    answerCount: () => answers,
    finish: async () => {
      const wrong = await compareWithBefore(sample, probes, records)
      commits += sample.takeTrace().commits
      return commits === 0 ? wrong : [...wrong, 'something was written']
    },
  }
}

/** The answers on the undamaged store, and what each of them rests on. */
async function learnProbes(sample: SampleVault): Promise<KnownProbe[]> {
  const known: KnownProbe[] = []
  for (const probe of await probesOf(sample.vault, SAMPLE_NAMES, EVICTED)) {
    const fresh = await sample.open()
    sample.takeTrace()
    const expected = await probe.run(fresh)
    const cold = sample.takeTrace()
    await probe.run(sample.vault)
    sample.takeTrace()
    const warmAnswer = await probe.run(sample.vault)
    const warm = sample.takeTrace()
    if (warmAnswer.join() !== expected.join()) throw new Error(`${probe.name} is not repeatable`)
    known.push({ ...probe, expected, cold, warm })
  }
  return known
}

async function traceOf(sample: SampleVault, run: () => Promise<unknown>): Promise<StorageTrace> {
  sample.takeTrace()
  await run()
  return sample.takeTrace()
}

/** The vault, or the answer that stands for what opening failed with. */
async function openOrRefuse(sample: SampleVault): Promise<Vault | string> {
  const opening = sample.open()
  const answer = await answerOf(() => opening.then(() => OPENED))
  return answer === JSON.stringify(OPENED) ? opening : answer
}

interface Tally {
  right: number
  refused: number
  readonly wrong: string[]
}

function emptyTally(): Tally {
  return { right: 0, refused: 0, wrong: [] }
}

function record(
  tally: Tally,
  name: string,
  mayBeRefused: boolean,
  expected: string,
  actual: string | undefined,
): void {
  const verdict = judge(expected, actual)
  if (verdict === 'wrong' || (verdict === 'refused' && !mayBeRefused)) {
    tally.wrong.push(`${name} gives ${actual ?? 'nothing'}, not ${expected}`)
  } else {
    tally[verdict] += 1
  }
}

/**
 * Runs probes in another order each time, so that each of them meets an empty cache. Gives how many
 * answers of each were refused.
 */
async function ask(
  vault: Vault,
  probes: readonly KnownProbe[],
  affected: ReadonlySet<KnownProbe>,
  tally: Tally,
  round: number,
): Promise<ReadonlyMap<KnownProbe, number>> {
  const refusedBy = new Map<KnownProbe, number>()
  for (let i = 0; i < probes.length; i++) {
    const probe = probes[(i + round) % probes.length]
    if (probe === undefined) continue
    let actual: readonly string[] = []
    const before = tally.refused
    const failure = await answerOf(async () => {
      actual = await probe.run(vault)
    })
    probe.expected.forEach((expected, row) => {
      const answer = actual.length === 0 ? failure : actual[row]
      record(tally, probe.name, affected.has(probe), expected, answer)
    })
    refusedBy.set(probe, tally.refused - before)
  }
  return refusedBy
}

async function compareWithBefore(
  sample: SampleVault,
  probes: readonly KnownProbe[],
  records: ReadonlyMap<string, Uint8Array>,
): Promise<string[]> {
  const tally = emptyTally()
  const fresh = await sample.open()
  for (const vault of [sample.vault, fresh]) {
    await ask(vault, probes, new Set(), tally, 0)
    const { isClean } = await vault.verify()
    if (!isClean) tally.wrong.push('verify is not clean after everything was put back')
  }
  if (!isDeepStrictEqual(recordsOf(sample.data), records)) {
    tally.wrong.push('the store is not as before')
  }
  return tally.wrong
}

function memoized<T>(compute: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return (key) => {
    const value = known.get(key) ?? compute(key)
    known.set(key, value)
    return value
  }
}
