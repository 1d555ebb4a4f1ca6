import type { Commit, StorageEntry, StorageKey } from '../contract.js'
import { check, isError, same, sameEntries, sameValues } from './expect.js'
import { bytes, EVERYTHING, randomFrom } from './samples.js'
import type { CaseContext, ConformanceCase } from './subject.js'

const STEPS = 120
const KEYS: readonly StorageKey[] = [
  '!',
  'A',
  'Aa',
  'a',
  'a!',
  'a-b',
  'a.b',
  'a0',
  'aa',
  'ab',
  'b',
  'b~',
  'z',
  '~',
]
const VALUES = ['', 'x', 'xy', 'y', 'a longer value']

type Random = (below: number) => number
type Reference = Map<StorageKey, Uint8Array>

/** Random calls, compared with a plain map. */
export const agreementCases: readonly ConformanceCase[] = [
  {
    name: '120 random calls agree with a plain map',
    async run(context) {
      try {
        await agree(context)
      } catch (error) {
        const message = isError(error) ? error.message : String(error)
        throw new Error(`seed ${context.seed}: ${message}`, { cause: error })
      }
    },
  },
]

async function agree({ open, seed }: CaseContext): Promise<void> {
  const random = randomFrom(seed)
  const reference: Reference = new Map()
  let storage = await open()
  for (let step = 0; step < STEPS; step += 1) {
    const what = `step ${step}`
    const dice = random(20)
    if (dice === 0) {
      await storage.close()
      storage = await open()
    } else if (dice < 5) {
      const keys = subset(random, KEYS)
      const expected = keys.map((key) => reference.get(key) ?? null)
      sameValues(await storage.read(keys), expected, `${what}, read`)
    } else if (dice < 9) {
      const range = { start: pick(random, KEYS), end: pick(random, KEYS), limit: 1 + random(6) }
      const expected = entriesOf(reference)
        .filter(({ key }) => key >= range.start && key < range.end)
        .slice(0, range.limit)
      sameEntries(await storage.scan(range), expected, `${what}, scan`)
    } else {
      const commit = randomCommit(random, reference)
      same(await storage.commit(commit), applyTo(reference, commit), `${what}, commit`)
    }
  }
  sameEntries(await storage.scan(EVERYTHING), entriesOf(reference), 'records at the end')
}

function randomCommit(random: Random, reference: Reference): Commit {
  // Most guards hold; otherwise most commits would conflict and the map would stay empty.
  const guards = subset(random, KEYS)
    .slice(0, 4)
    .map((key) => ({
      key,
      value: random(8) === 0 ? randomValue(random) : (reference.get(key) ?? null),
    }))
  const mutations = subset(random, KEYS).map((key) => ({ key, value: randomValue(random) }))
  return { guards, mutations }
}

/** The contract in a few lines: a reference that is easy to check by reading. */
function applyTo(reference: Reference, { guards, mutations }: Commit): string {
  const show = (value: Uint8Array | null | undefined): string => value?.join() ?? 'none'
  if (guards.some(({ key, value }) => show(value) !== show(reference.get(key)))) return 'conflict'
  for (const { key, value } of mutations) {
    if (value === null) reference.delete(key)
    else reference.set(key, value)
  }
  return 'applied'
}

function entriesOf(reference: Reference): StorageEntry[] {
  return [...reference]
    .map(([key, value]) => ({ key, value }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

function randomValue(random: Random): Uint8Array | null {
  return random(4) === 0 ? null : bytes(pick(random, VALUES))
}

/** Some of the items, in random order. */
function subset<T>(random: Random, items: readonly T[]): T[] {
  return items
    .filter(() => random(3) === 0)
    .map((item) => ({ item, rank: random(1_000) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}

function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random(items.length)]
  check(item !== undefined, 'there is something to pick from')
  return item
}
