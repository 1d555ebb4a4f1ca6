/** Whether anything gets dearer as the number of secrets grows. */
import type { Comparison, Subject } from '../comparison.js'
import { check } from '../comparison.js'
import { createLevelGrownVault, type LevelGrownVault } from '../level-grown-vault.js'
import { cycle, isSameBytes, payloadBytes, sequence } from '../payloads.js'
import { VALUE_BYTES, nameAt, valueAt } from '../population.js'
import { createPlainLevel, type PlainLevel } from '../stores.js'
import type { Fact, PrepareSuite, SuiteContext } from '../suite.js'
import { compareSizes, listSubject, reopenSubject } from '../vault-subjects/grown-subjects.js'
import { LIST_PAGE } from '../vault-subjects/grown-vault.js'

/** Secrets that are read or written over and over: the same number of them in every vault. */
const HOT = 200

interface Grown extends LevelGrownVault {
  /** The values alone, in a database without a vault. */
  readonly plain: PlainLevel
}

async function grow({ folder }: SuiteContext, count: number): Promise<Grown> {
  const plain = await createPlainLevel(folder, `growth-plain-${count}`)
  for (let start = 0; start < count; start += 1000) {
    const batch = Array.from({ length: Math.min(1000, count - start) }, (_, i) => ({
      type: 'put' as const,
      key: nameAt(start + i),
      value: payloadBytes(VALUE_BYTES, nameAt(start + i)),
    }))
    await plain.batch(batch)
  }
  return { ...(await createLevelGrownVault(folder, count)), plain }
}

/** Indexes of secrets, spread evenly over all of them. */
function hotIndex(count: number): () => number {
  const hot = Math.min(HOT, count)
  const next = cycle(hot)
  return () => Math.floor((next() * count) / hot)
}

function getSubject(grown: Grown, index: () => number): Subject {
  const { vault, count } = grown
  return {
    kind: 'async',
    name: `getSecretValue of ${count}`,
    run: () => vault().getSecretValue({ secretName: nameAt(index()) }),
    verify: async () => {
      for (const at of [0, count >>> 1, count - 1, index()]) {
        const found = await vault().getSecretValue({ secretName: nameAt(at) })
        check(found.secretData === valueAt(at), 'another value')
      }
    },
  }
}

/** What grows in LevelDB itself. */
function plainSubject({ plain, count }: Grown, index: () => number): Subject {
  return {
    kind: 'sync',
    name: `level.getSync of ${count}`,
    run: () => plain.getSync(nameAt(index())),
    verify: () => {
      const at = index()
      const expected = payloadBytes(VALUE_BYTES, nameAt(at))
      check(isSameBytes(plain.getSync(nameAt(at)), expected), 'another value')
    },
  }
}

function putSubject({ vault, count }: Grown): Subject {
  // Not among those that the others read back and compare.
  const hot = hotIndex(count - 1)
  const put = async (): Promise<readonly [number, string]> => {
    const at = 1 + hot()
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
      check(found.versionId === versionId && found.secretData === valueAt(at), 'lost put')
    },
  }
}

function compareAll(sizes: readonly Grown[]): Comparison[] {
  return [
    compareSizes(
      `get, ${HOT} secrets in use`,
      sizes,
      (each) => getSubject(each, hotIndex(each.count)),
      { alongside: sizes.map((each) => plainSubject(each, hotIndex(each.count))) },
    ),
    compareSizes(
      'get, all secrets in use',
      sizes,
      (each) => getSubject(each, sequence(each.count)),
      { alongside: sizes.map((each) => plainSubject(each, sequence(each.count))) },
    ),
    compareSizes(`put, relaxed, ${HOT} secrets in use`, sizes, putSubject),
    compareSizes(`list a page of ${LIST_PAGE}`, sizes, (each) => listSubject(each, 'last'), {
      alongside: sizes.map((each) => listSubject(each, 'first')),
    }),
    compareSizes('open a vault with a raw key', sizes, reopenSubject),
  ]
}

export const prepareGrowth: PrepareSuite = async (context) => {
  const sizes: Grown[] = []
  for (const count of context.scale.growth) sizes.push(await grow(context, count))
  const comparisons = compareAll(sizes)
  return {
    name: 'growth',
    comparisons,
    facts: async () => {
      const facts: Fact[] = []
      for (const { count, weigh } of sizes) {
        const gets = context.scale.weighingGets
        const { openMilliseconds, emptyBytes, openBytes, usedBytes } = await weigh(gets)
        const title = `${count} secrets, a process of its own`
        const [open, used] = [openBytes, usedBytes].map((bytes) => megabytes(bytes - emptyBytes))
        facts.push(
          { title: `${title}: opens storage and vault`, value: openMilliseconds, unit: 'ms' },
          { title: `${title}: memory once open`, value: open ?? 0, unit: 'MB' },
          { title: `${title}: after ${gets} gets`, value: used ?? 0, unit: 'MB' },
        )
      }
      return facts
    },
    close: async () => {
      for (const { close, plain } of sizes) {
        await close()
        await plain.close()
      }
    },
  }
}

function megabytes(bytes: number): number {
  return bytes / 2 ** 20
}
