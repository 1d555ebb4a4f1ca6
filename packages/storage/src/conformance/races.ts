import type { StorageAdapter } from '../contract.js'
import { check, same, sameEntries, sameValues } from './expect.js'
import { bytes, entry, EVERYTHING, numberedKeys, text, write } from './samples.js'
import type { ConformanceCase } from './subject.js'

const WRITERS = 40

/**
 * Overlapping calls: commits are atomic with respect to each other, and reads see whole commits.
 */
export const raceCases: readonly ConformanceCase[] = [
  {
    name: '40 concurrent guarded increments through one handle lose none',
    async run({ open }) {
      const storage = await open()
      await countTo40([storage])
    },
  },
  {
    name: '40 concurrent guarded increments through two handles lose none, or there is one handle',
    async run({ open, openBeside }) {
      const first = await open()
      const second = await openBeside()
      if (second !== null) {
        await countTo40([first, second])
        return
      }
      // Refused with STORAGE_LOCKED. The refusal does not affect the first handle, a third handle
      // is also refused, and closing the first lets another open.
      await countTo40([first])
      same(await openBeside(), null, 'a third handle after a second was refused')
      await first.close()
      const next = await open()
      sameValues(await next.read(['counter']), [bytes(`${WRITERS}`)], 'counter')
    },
  },
  {
    name: 'of concurrent commits with the same guard one is applied',
    async run({ open }) {
      const storage = await open()
      await write(storage, entry('a', 'free'))
      const outcomes = await Promise.all(
        numberedKeys(20).map((key) =>
          storage.commit({
            guards: [entry('a', 'free')],
            mutations: [entry('a', key), entry(`log-${key}`, key)],
          }),
        ),
      )
      const winners = numberedKeys(20).filter((_, i) => outcomes[i] === 'applied')
      same(winners.length, 1, 'number of commits applied')
      const winner = winners.join()
      sameEntries(
        await storage.scan(EVERYTHING),
        [entry('a', winner), entry(`log-${winner}`, winner)],
        'records',
      )
    },
  },
  {
    name: 'of concurrent commits that create the same entry one is applied',
    async run({ open }) {
      const storage = await open()
      const outcomes = await Promise.all(
        numberedKeys(20).map((key) =>
          storage.commit({
            guards: [{ key: 'a', value: null }],
            mutations: [entry('a', key)],
          }),
        ),
      )
      const winners = numberedKeys(20).filter((_, i) => outcomes[i] === 'applied')
      same(winners.length, 1, 'number of commits applied')
      sameEntries(await storage.scan(EVERYTHING), [entry('a', winners.join())], 'records')
    },
  },
  {
    name: 'two commits that each write what the other guards are not both applied',
    async run({ open, openBeside }) {
      const first = await open()
      const second = (await openBeside()) ?? first
      for (let i = 0; i < 10; i += 1) {
        await write(first, entry('a', 'free'), entry('b', 'free'))
        const outcomes = await Promise.all([
          first.commit({ guards: [entry('b', 'free')], mutations: [entry('a', 'taken')] }),
          second.commit({ guards: [entry('a', 'free')], mutations: [entry('b', 'taken')] }),
        ])
        same([...outcomes].sort().join(), 'applied,conflict', `outcomes of round ${i}`)
      }
    },
  },
  {
    name: 'concurrent commits on different keys are all applied',
    async run({ open }) {
      const storage = await open()
      const entries = numberedKeys(WRITERS).map((key) => entry(key, key))
      const outcomes = await Promise.all(
        entries.map(({ key, value }) =>
          storage.commit({
            guards: [{ key, value: null }],
            mutations: [{ key, value }],
          }),
        ),
      )
      same(outcomes.filter((outcome) => outcome === 'applied').length, WRITERS, 'number applied')
      sameEntries(await storage.scan(EVERYTHING), entries, 'records')
    },
  },
  {
    name: 'a read during commits sees each of them wholly or not at all',
    async run({ open }) {
      const storage = await open()
      const keys = numberedKeys(16)
      await write(storage, ...keys.map((key) => entry(key, 'g0')))
      await duringCommits(storage, keys, async () => {
        const values = await storage.read([...keys, ...keys])
        return new Set(values.map((value) => text(value ?? bytes('none'))))
      })
    },
  },
  {
    name: 'a page during commits sees each of them wholly or not at all',
    async run({ open }) {
      const storage = await open()
      const keys = numberedKeys(16)
      await write(storage, ...keys.map((key) => entry(key, 'g0')))
      await duringCommits(storage, keys, async () => {
        const entries = await storage.scan(EVERYTHING)
        same(entries.length, keys.length, 'number of entries in the page')
        return new Set(entries.map(({ value }) => text(value)))
      })
    },
  },
  {
    name: 'entries moved during a page are in it once',
    async run({ open }) {
      const storage = await open()
      await write(storage, entry('a', 'moved'), entry('m', 'stays'))
      for (let i = 0; i < 20; i += 1) {
        const [from, to] = i % 2 === 0 ? (['a', 'z'] as const) : (['z', 'a'] as const)
        const [outcome, pages] = await amid(
          i,
          () => storage.scan(EVERYTHING),
          () =>
            storage.commit({
              guards: [entry(from, 'moved')],
              mutations: [{ key: from, value: null }, entry(to, 'moved')],
            }),
        )
        same(outcome, 'applied', `outcome of move ${i}`)
        for (const page of pages) same(page.length, 2, `entries in a page during move ${i}`)
      }
    },
  },
]

/** 40 writers read a counter and write the next number, and retry until they are applied. */
async function countTo40(handles: readonly StorageAdapter[]): Promise<void> {
  const counterOf = async (storage: StorageAdapter): Promise<Uint8Array | null> =>
    (await storage.read(['counter']))[0] ?? null

  async function increment(storage: StorageAdapter, writer: string): Promise<void> {
    // Every round applies the commit of one open writer, so no writer needs more than 40 attempts.
    for (let attempt = 0; attempt <= WRITERS; attempt += 1) {
      const value = await counterOf(storage)
      const next = Number(value === null ? 0 : text(value)) + 1
      const outcome = await storage.commit({
        guards: [{ key: 'counter', value }],
        mutations: [entry('counter', `${next}`), entry(`by-${writer}`, `${next}`)],
      })
      if (outcome === 'applied') return
    }
    check(false, `writer ${writer} met more conflicts than there are other writers`)
  }

  const storageOf = (i: number): StorageAdapter[] => handles.slice(i % handles.length).slice(0, 1)
  await Promise.all(
    numberedKeys(WRITERS).flatMap((writer, i) =>
      storageOf(i).map((storage) => increment(storage, writer)),
    ),
  )
  for (const storage of handles) {
    same(text((await counterOf(storage)) ?? bytes('none')), `${WRITERS}`, 'counter')
    const log = await storage.scan({ start: 'by-', end: 'by.', limit: 100 })
    const numbers = new Set(log.map(({ value }) => text(value)))
    same(numbers.size, WRITERS, 'number of different counts that the writers got')
  }
}

/** Rewrites all keys together repeatedly; every concurrent read must find them equal. */
async function duringCommits(
  storage: StorageAdapter,
  keys: readonly string[],
  look: () => Promise<ReadonlySet<string>>,
): Promise<void> {
  for (let generation = 1; generation <= 20; generation += 1) {
    const value = `g${generation}`
    const [outcome, seen] = await amid(generation, look, () =>
      storage.commit({ guards: [], mutations: keys.map((key) => entry(key, value)) }),
    )
    same(outcome, 'applied', `outcome of commit ${generation}`)
    for (const values of seen) {
      same(values.size, 1, `number of generations seen at once (${[...values].join(', ')})`)
    }
    same([...(await look())].join(), value, 'generation seen after the commit resolved')
  }
}

/**
 * Issues a commit during reads: two reads start `lead` turns before it, the others at every stage
 * of it. Returns its outcome and the results of all reads.
 */
async function amid<T>(
  lead: number,
  look: () => Promise<T>,
  issue: () => Promise<string>,
): Promise<readonly [outcome: string, seen: readonly T[]]> {
  const looks = [look(), look()]
  for (let turn = 0; turn < lead; turn += 1) await Promise.resolve()
  const commit = issue()
  for (let stage = 0; stage < 12; stage += 1) {
    looks.push(look())
    await Promise.resolve()
  }
  return Promise.all([commit, Promise.all(looks)])
}
