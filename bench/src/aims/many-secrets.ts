/** What many secrets change: gets that nothing remembers, opening, the first page, and puts. */
import type { RoundsComparison, RoundsSubject } from '../comparison.js'
import { check } from '../comparison.js'
import { cycle, isSameBytes, payloadBytes, sequence } from '../payloads.js'
import { nameAt, VALUE_BYTES, valueAt } from '../population.js'
import type { SuiteContext, SuitePart } from '../suite.js'
import { compareSizes, listSubject, reopenSubject } from '../vault-subjects/grown-subjects.js'
import { LIST_PAGE } from '../vault-subjects/grown-vault.js'
import { createFilledStore, type FilledStore } from './filled-store.js'

/** More than a vault remembers, and few enough to be read in one round. */
const NOT_REMEMBERED = 10_000

/** What waits for the disk goes one by one. */
const DURABLE = { runs: 200, turn: 1 } as const
const READING = { runs: 200, turn: 20 } as const

/** All of them in random order, repeatedly: caches have dropped each before its next read. */
function shuffledIndex(count: number): () => number {
  const order = Array.from({ length: count }, (_, i) => i)
  for (let left = count; left > 1; left--) {
    const [at, last] = [sequence(left, left)(), left - 1]
    const [a = 0, b = 0] = [order[at], order[last]]
    order[at] = b
    order[last] = a
  }
  const next = cycle(count)
  return () => order[next()] ?? 0
}

function compareColdGets({ vault, plain, count }: FilledStore): RoundsComparison {
  const [ours, theirs] = [shuffledIndex(count), shuffledIndex(count)]
  return {
    title: `get of what is not remembered, ${count} secrets of ${VALUE_BYTES} B, LevelDB`,
    runs: count,
    turn: 250,
    subjects: [
      {
        kind: 'async',
        name: 'getSecretValue',
        run: () => vault().getSecretValue({ secretName: nameAt(ours()) }),
        verify: async () => {
          for (let i = 0; i < LIST_PAGE; i++) {
            const at = ours()
            const found = await vault().getSecretValue({ secretName: nameAt(at) })
            check(found.secretData === valueAt(at), 'another value')
          }
        },
      },
      {
        kind: 'async',
        name: 'await level.get, same plaintext',
        aims: { mean: 1.5 },
        run: () => plain.get(nameAt(theirs())),
        verify: async () => {
          const key = nameAt(theirs())
          const expected = payloadBytes(VALUE_BYTES, key)
          check(isSameBytes(await plain.get(key), expected), 'another value')
        },
      },
    ],
  }
}

function putSubject({ vault, hot, count }: FilledStore): RoundsSubject {
  const next = cycle(hot.length)
  const put = async (): Promise<readonly [number, string]> => {
    const at = hot[next()] ?? 0
    const request = { secretName: nameAt(at), secretData: valueAt(at) }
    return [at, (await vault().putSecretValue(request)).versionId]
  }
  return {
    kind: 'async',
    name: `putSecretValue of ${count}`,
    run: put,
    verify: async () => {
      const [at, versionId] = await put()
      const found = await vault().getSecretValue({ secretName: nameAt(at) })
      check(found.versionId === versionId && found.secretData === valueAt(at), 'a put was lost')
    },
  }
}

/** The same records in a database without a vault, which also holds all the others. */
function batchSubject({ replays, count }: FilledStore): RoundsSubject {
  const next = cycle(replays.length)
  return {
    kind: 'async',
    name: `await level.batch among the records of ${count}`,
    run: async () => replays[next()]?.run(),
    verify: async () => {
      for (const { verify } of replays) await verify()
    },
  }
}

function compareGrowth(sizes: readonly FilledStore[]): RoundsComparison[] {
  const between = sizes
    .map(({ count }) => count)
    .reverse()
    .join(' / ')
  const opening = compareSizes(
    `open a vault with a raw key, ${between} secrets`,
    sizes,
    reopenSubject,
  )
  const [largest, ...smaller] = opening.subjects
  return [
    {
      ...opening,
      ...READING,
      subjects: [largest, ...smaller.map((each) => ({ ...each, aims: { p50: 1.1 } }))],
    },
    {
      ...compareSizes(`list the first ${LIST_PAGE}, ${between} secrets`, sizes, (each) =>
        listSubject(each, 'first'),
      ),
      ...READING,
    },
    {
      ...compareSizes(`put ${VALUE_BYTES} B, durable, ${between} secrets`, sizes, putSubject),
      ...DURABLE,
    },
    {
      ...compareSizes(
        `what LevelDB alone takes for these records, ${between} secrets`,
        sizes,
        batchSubject,
      ),
      ...DURABLE,
    },
  ]
}

export async function prepareManySecrets({ folder, scale }: SuiteContext): Promise<SuitePart> {
  const stores: FilledStore[] = []
  for (const count of scale.growth) {
    stores.push(await createFilledStore(folder, count, scale.settlingPuts))
  }
  const [smallest, largest] = [stores[0], stores.at(-1)]
  const large = stores.find(({ count }) => count >= NOT_REMEMBERED) ?? largest
  if (smallest === undefined || largest === undefined || large === undefined) {
    throw new RangeError('no sizes')
  }
  return {
    comparisons: [compareColdGets(large), ...compareGrowth([smallest, largest])],
    close: async () => {
      for (const { close } of stores) await close()
    },
  }
}
