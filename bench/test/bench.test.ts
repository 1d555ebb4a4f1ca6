import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareEngine } from '@stagevault/bench/browser/prepare-engine'
import type { RoundsSubject, Subject } from '@stagevault/bench/comparison'
import { check } from '@stagevault/bench/comparison'
import { measure } from '@stagevault/bench/measure'
import { measureRounds } from '@stagevault/bench/measure-rounds'
import { parseOptions } from '@stagevault/bench/options'
import type { Results } from '@stagevault/bench/results'
import { runBench, SUITES, verifyAll } from '@stagevault/bench/run'
import { levelPeer } from '@stagevault/bench/peers/level-peers'
import { startPeer, type PeerClient } from '@stagevault/bench/peers/peer-client'
import { formatRounds } from '@stagevault/bench/rounds-table'
import { compareTimes, median, quantile, summarize } from '@stagevault/bench/statistics'
import type { Ratio } from '@stagevault/bench/statistics'
import type { Suite } from '@stagevault/bench/suite'
import { formatComparison, formatTime, threeDigits } from '@stagevault/bench/table'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'

describe('a quick run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stagevault-bench-'))
  const lines: string[] = []
  let results: Results

  beforeAll(async () => {
    const options = parseOptions(['--quick', '--save', `--results=${folder}`])
    results = await runBench(options, (line) => lines.push(line))
  })

  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  it('runs every suite, and each measures or counts something', () => {
    expect(results.suites.map(({ name }) => name)).toEqual(Object.keys(SUITES))
    for (const { comparisons, facts, skipped } of results.suites) {
      if (skipped === undefined) expect(comparisons.length + facts.length).toBeGreaterThan(0)
    }
    const skippedSuites = results.suites.filter(
      ({ name, skipped }) => name !== 'peers' && skipped !== undefined,
    )
    if (process.env['STAGEVAULT_ENGINES'] === 'all') expect(skippedSuites).toEqual([])
  })

  it.each(['chromium', 'firefox'])('%s gets, puts, unlocks, lists and opens', (engine) => {
    const { comparisons, skipped } = results.suites.find(({ name }) => name === engine) ?? {}
    if (skipped !== undefined) return
    const version = new RegExp(`, ${engine} \\d+$`, 'i')
    expect(comparisons?.map(({ title }) => title.replace(version, ''))).toEqual([
      'get 100 B, IndexedDB',
      'get 30 KB, IndexedDB',
      'put 100 B, IndexedDB, durable',
      'put 30 KB, IndexedDB, durable',
      'put 100 B, IndexedDB, relaxed',
      'put 30 KB, IndexedDB, relaxed',
      'open a vault with a passphrase, IndexedDB',
      'list the first 100, IndexedDB',
      'list the last 100, IndexedDB',
      'open a vault with a raw key, IndexedDB',
    ])
    for (const { subjects } of comparisons ?? []) expect(subjects[1]?.aim).toBeGreaterThan(1)
  })

  it('verifies before it measures', () => {
    const subjects = results.suites.flatMap(({ comparisons }) =>
      comparisons.flatMap((comparison) => comparison.subjects),
    )
    const verified = lines.findIndex((line) => line.startsWith(`${subjects.length} subjects give`))
    const measured = lines.findIndex((line) => line.includes('getSecretValue'))
    expect(verified).toBeGreaterThan(0)
    expect(measured).toBeGreaterThan(verified)
  })

  it('gives a time for every subject, and a ratio for all but the first', () => {
    for (const { comparisons } of results.suites) {
      for (const { rounds, subjects } of comparisons) {
        expect(rounds).toBeGreaterThan(0)
        for (const [place, { p50, best, firstToThis }] of subjects.entries()) {
          expect(p50).toBeGreaterThanOrEqual(best)
          expect(best).toBeGreaterThan(0)
          expect(firstToThis === undefined).toBe(place === 0)
        }
      }
    }
  })

  it('counts fewer batches than puts, and at most one attempt a put in one vault', () => {
    const notes = results.suites.flatMap(({ comparisons }) =>
      comparisons.flatMap(({ subjects }) =>
        subjects.map(({ name, note }) => `${name}: ${note ?? ''}`),
      ),
    )
    expect(notes).toContain('putSecretValue, 1 in flight: 1.000 batches a put')
    expect(notes).toContainEqual(
      expect.stringMatching(/^putSecretValue, 32 in flight: 0\.[01]\d+ batches a put$/),
    )
    const facts = results.suites.flatMap((suite) => suite.facts)
    const inOneVault = facts.filter(({ title }) => title.includes('one vault'))
    expect(inOneVault).toHaveLength(2)
    for (const { value } of inOneVault) expect(value).toBeLessThanOrEqual(1)
  })

  it('counts what many handles commit for a secret, and names the failures by code', () => {
    const { facts = [] } = results.suites.find(({ name }) => name === 'aims') ?? {}
    for (const handles of ['4 handles x 4', '16 handles x 1']) {
      const commits = facts.find(({ title }) => title === `${handles} creates: commits`)
      expect(commits?.value).toBeGreaterThan(0)
    }
    const others = facts.filter(({ unit }) => unit !== 'a create')
    for (const { title } of others) expect(title).toMatch(/ creates [A-Z_]+$/)
  })

  it('writes what it found, with the machine and the versions', () => {
    const latest = JSON.parse(readFileSync(join(folder, 'local-latest.json'), 'utf8')) as Results
    expect(latest.machine.node).toBe(process.version)
    expect(latest.machine.cpu).not.toBe('')
    expect(latest.machine.packages).toMatchObject({
      stagevault: '0.1.0',
      level: '10.0.0',
      '@noble/ciphers': '2.4.0',
      'classic-level': expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      idb: '8.0.4',
    })
    expect(latest.suites).toHaveLength(results.suites.length)
    const saved = lines.at(-1)?.split(' and ').at(-1) ?? ''
    expect(saved).toMatch(/\d{4}-\d{2}-\d{2}-[a-z0-9-]+\.json$/)
    expect(readFileSync(saved)).toEqual(readFileSync(join(folder, 'local-latest.json')))
  })
})

function subject(name: string, verify: () => void, run: () => unknown = () => 0): Subject {
  return { kind: 'sync', name, verify, run }
}

describe('verification', () => {
  const right = subject('right', () => undefined)
  const wrong = subject('wrong', () => {
    check(false, 'another value')
  })

  function suite(...subjects: [Subject, ...Subject[]]): Suite {
    return {
      name: 'suite',
      comparisons: [{ title: 'a thing', subjects }],
      close: () => Promise.resolve(),
    }
  }

  it('counts the subjects', async () => {
    expect(await verifyAll([suite(right, right), suite(right)])).toBe(3)
  })

  it('stops at a wrong answer and names it', async () => {
    await expect(verifyAll([suite(right, wrong)])).rejects.toThrow('a thing: wrong is not verified')
  })

  it('refuses a suite that there is not', async () => {
    const options = parseOptions(['--quick', '--only=gets'])
    await expect(runBench(options, () => undefined)).rejects.toThrow('there is no suite gets')
  })
})

describe('a suite in a browser', () => {
  // Elsewhere there are more places than PATH.
  const isElsewhere = process.platform !== 'linux'
  it.skipIf(isElsewhere)('says in one line that it was skipped where there is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stagevault-bench-'))
    onTestFinished(() => {
      vi.unstubAllEnvs()
      rmSync(folder, { recursive: true })
    })
    vi.stubEnv('PATH', folder)
    vi.stubEnv('STAGEVAULT_FIREFOX', '')
    const prepare = prepareEngine('firefox')
    const { scale } = parseOptions([])
    const { comparisons, skipped } = await prepare({ folder, scale, isNamed: true })
    expect(comparisons).toEqual([])
    expect(skipped).toMatch(/install Firefox/)
    const lines: string[] = []
    const options = parseOptions(['--quick', '--only=firefox', `--results=${folder}`])
    const { suites } = await runBench(options, (line) => lines.push(line))
    expect(suites).toEqual([{ name: 'firefox', comparisons: [], facts: [], skipped }])
    expect(lines.filter((line) => line.includes('skipped'))).toEqual([
      expect.stringMatching(/^\nfirefox: skipped\. [^\n]+$/),
    ])
  })
})

describe('the process of a peer', () => {
  const order = { runs: 3, within: 60_000 }

  async function start(): Promise<readonly [PeerClient, string]> {
    const folder = mkdtempSync(join(tmpdir(), 'stagevault-peer-'))
    // Plain LevelDB alone is there without installing the peers.
    const client = await startPeer(levelPeer, folder, { entries: 10, bytes: 100 })
    onTestFinished(async () => {
      await client.close()
      rmSync(folder, { recursive: true })
    })
    return [client, folder]
  }

  it('fills a store, opens, gets, puts, and ends with reading everything back', async () => {
    const [client] = await start()
    expect(client.disk.bytes).toBeGreaterThan(10 * 100)
    expect(client.disk.allocatedBytes).toBeGreaterThan(0)
    for (const does of ['open', 'get', 'put'] as const) {
      const times = await client.ask({ does, ...order })
      expect(times).toHaveLength(3)
      expect(Math.min(...times)).toBeGreaterThan(0)
    }
    expect(await client.ask({ does: 'readBack' })).toEqual([10])
  })

  it('fails where a value does not come back', async () => {
    const [client, folder] = await start()
    await client.ask({ does: 'close' })
    rmSync(join(folder, 'level-100', 'level'), { recursive: true })
    await expect(client.ask({ does: 'readBack' })).rejects.toThrow('wrong answer: another value')
  })
})

describe('measuring', () => {
  const pace = { warmUp: 0, turn: 0, total: 0, roundsMin: 4, rounds: 3, roundShare: 1 }

  it('takes turns, and lets each subject begin a round in its turn', async () => {
    const order: string[] = []
    const named = (name: string): Subject =>
      subject(
        name,
        () => undefined,
        () => order.push(name),
      )
    const { rounds } = await measure({ title: 'turns', subjects: [named('a'), named('b')] }, pace)
    expect(rounds).toBe(4)
    // One run each to find out how long it takes comes before the rounds.
    expect(order.join('')).toBe(`ab${'abba'.repeat(2)}`)
  })

  it('gives every subject one run a round where they are to go one by one', async () => {
    const order: string[] = []
    const named = (name: string): Subject =>
      subject(
        name,
        () => undefined,
        () => order.push(name),
      )
    const subjects = [named('a'), named('b')] as const
    await measure({ title: 'one by one', subjects, isOneByOne: true }, { ...pace, turn: 1 })
    expect(order.slice(-8).join('')).toBe('abba'.repeat(2))
  })

  it('gives the time of an operation where a run makes several', async () => {
    const many: Subject = { ...subject('many', () => undefined), operations: 1000 }
    const one = subject('one', () => undefined)
    const { subjects } = await measure({ title: 'many', subjects: [one, many] }, pace)
    expect(subjects[1]?.firstToThis?.ofBests).toBeCloseTo(
      (subjects[0]?.best ?? 0) / (subjects[1]?.best ?? 1),
    )
  })

  it('runs every comparison in every round, and makes each run ready without timing it', async () => {
    const order: string[] = []
    const named = (name: string): RoundsSubject => ({
      ...subject(
        name,
        () => undefined,
        () => order.push(name),
      ),
      before: () => Promise.resolve(void order.push('-')),
    })
    const runs = { runs: 2, turn: 2 }
    const results = await measureRounds(
      [
        { title: 'two', subjects: [named('a'), named('b')], ...runs },
        { title: 'one', subjects: [named('c')], ...runs },
      ],
      pace,
    )
    const round = (names: string): string => names.replaceAll(/./g, '-$&-$&')
    // A round that is not timed comes first, and another subject begins in each of the others.
    expect(order.join('')).toBe(['abc', 'abc', 'bac', 'abc'].map(round).join(''))
    for (const { rounds, subjects } of results) {
      expect(rounds).toBe(3)
      for (const { tail } of subjects) {
        expect(tail?.rounds.map((each) => each.runs)).toEqual([2, 2, 2])
      }
    }
  })

  it('finds medians and quartiles between the values', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2)
    expect(() => median([])).toThrow(RangeError)
  })

  it('tells the tail of a round from its middle', () => {
    const times = Array.from({ length: 101 }, (_, i) => i + 1)
    expect(summarize(times)).toEqual({ p50: 51, p95: 96, mean: 51, best: 1, runs: 101 })
  })

  it('compares round by round, so that a slow round counts once', () => {
    const ratio = compareTimes([10, 1000, 30], [5, 500, 10])
    expect(ratio).toMatchObject({ median: 2, low: 2, high: 2.5, ofMedians: 3, ofBests: 2 })
    expect(() => compareTimes([1], [1, 2])).toThrow(RangeError)
  })
})

describe('the table', () => {
  it('shows times and counts with three digits', () => {
    expect([12, 1234, 45_678, 2.5e9].map(formatTime)).toEqual([
      '12.0 ns',
      '1.23 µs',
      '45.7 µs',
      '2.50 s',
    ])
    expect([0, 1, 12.34, 123.4].map(threeDigits)).toEqual(['0', '1.00', '12.3', '123'])
  })

  it('says whether an aim was met', () => {
    const ratio = { median: 1.2, low: 1.1, high: 1.3, ofMedians: 1.2, ofBests: 1.2 }
    const other = { name: 'b', p50: 1000, best: 900, firstToThis: ratio }
    const first = { name: 'a', p50: 1200, best: 1100 }
    const tableWith = (aim: number): string =>
      formatComparison({ title: 't', rounds: 3, subjects: [first, { ...other, aim }] })
    expect(tableWith(1.3)).toContain('1.20 x  (1.10 to 1.30)  aim 1.30 x: met')
    expect(tableWith(1)).toContain('aim 1.00 x: missed')
  })
})

describe('the table of rounds', () => {
  const ratioOf = (value: number): Ratio => ({
    median: value,
    low: value,
    high: value,
    ofMedians: value,
    ofBests: value,
  })
  const tableWith = (runs: number): string => {
    const rounds = [{ p50: 1000, p95: 3000, mean: 2000, best: 900, runs }]
    const firstToThis = { p50: ratioOf(1.2), p95: ratioOf(4.5), mean: ratioOf(2.5) }
    const tail = { p95: 3000, mean: 2000, rounds, firstToThis, aims: { p50: 1.3, p95: 4 } }
    const other = { name: 'b', p50: 1000, best: 900, tail }
    return formatRounds({ title: 't', rounds: 1, subjects: [other] })
  }

  it('says of every aim whether it was met', () => {
    expect(tableWith(20)).toMatch(/1\.00 µs +3\.00 µs +2\.00 µs .*4\.50 x \(4\.50-4\.50\)/)
    expect(tableWith(20)).toContain('aim p50 1.30 x: met, aim p95 4.00 x: missed')
  })

  it('shows no 95th percentile of a few runs', () => {
    expect(tableWith(19)).toMatch(/1\.00 µs +- +2\.00 µs/)
    expect(tableWith(19)).not.toContain('4.50')
    expect(tableWith(19)).not.toContain('aim p95')
  })
})

describe('options', () => {
  it('grow to 100,000 secrets unless told otherwise', () => {
    expect(parseOptions([]).scale.growth).toEqual([1000, 10_000, 100_000])
    expect(parseOptions(['--growth=full']).scale.growth).toEqual([1000, 10_000, 100_000])
    expect(parseOptions(['--growth=small']).scale.growth).toEqual([1000, 10_000])
  })

  it.each(['--slow', '--full', '--growth=huge', 'put'])('%s is refused', (arg) => {
    expect(() => parseOptions([arg])).toThrow(TypeError)
  })
})
