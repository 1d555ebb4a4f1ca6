/** Durable puts of distinct secrets at once: how many share one write to the disk. */
import { check } from '../comparison.js'
import type { Comparison, Subject } from '../comparison.js'
import { isSameBytes, payloadBytes, payloadText } from '../payloads.js'
import { createPlainLevel, type PlainLevel } from '../stores.js'
import type { PrepareSuite, SuiteContext } from '../suite.js'
import { settle, vaultOver } from '../vaults.js'
import {
  levelAdapter,
  type LevelBatch,
  type LevelDatabase,
  type LevelOperation,
} from '../unpublished.js'

const IN_FLIGHT = [1, 8, 32] as const
const BYTES = 100

function nameOf(index: number): string {
  return `app/service-${index}/credentials`
}

function isEveryOne<T>(values: readonly T[], test: (value: T, index: number) => boolean): boolean {
  return values.length > 0 && values.every(test)
}

/** Over the adapter itself, because only what lies between it and LevelDB sees the batches. */
async function vaultSubject(
  { folder, scale }: SuiteContext,
  inFlight: number,
  closings: (() => Promise<void>)[],
): Promise<Subject> {
  let batches = 0
  let puts = 0
  const database = await createPlainLevel(folder, `concurrent-vault-${inFlight}`)
  function batch(): LevelBatch
  function batch(operations: LevelOperation[], options: { sync: boolean }): Promise<void>
  function batch(
    operations?: LevelOperation[],
    options?: { sync: boolean },
  ): LevelBatch | Promise<void> {
    batches++
    return operations === undefined ? database.batch() : database.batch(operations, options ?? {})
  }
  const counted: LevelDatabase = {
    getSync: (key, options) => database.getSync(key, options as object),
    snapshot: () => database.snapshot(),
    iterator: (options) => database.iterator(options),
    batch,
    close: () => database.close(),
  }
  const watch = { findLoss: () => null, findLossInPassing: () => null, findLossAtTimes: () => null }
  const storage = levelAdapter(counted, { sync: true, watch, onClosed: () => undefined })
  const { vault, close } = await vaultOver(storage)
  closings.push(close)
  const names = Array.from({ length: inFlight }, (_, i) => nameOf(i))
  const secretData = payloadText(BYTES, 'concurrent')
  await Promise.all(names.map((name) => settle(vault, name, secretData, scale.settlingPuts)))
  const putAll = (): Promise<unknown[]> => {
    puts += inFlight
    return Promise.all(names.map((secretName) => vault.putSecretValue({ secretName, secretData })))
  }
  const started = { batches: 0, puts: 0 }
  return {
    kind: 'async',
    name: `putSecretValue, ${inFlight} in flight`,
    operations: inFlight,
    run: putAll,
    verify: async () => {
      const results = (await putAll()) as { versionId: string }[]
      const reads = names.map((secretName) => vault.getSecretValue({ secretName }))
      const isThere = isEveryOne(
        await Promise.all(reads),
        ({ versionId }, i) => versionId === results[i]?.versionId,
      )
      check(isThere, 'lost put')
      Object.assign(started, { batches, puts })
    },
    note: () => {
      const perPut = (batches - started.batches) / (puts - started.puts)
      return `${perPut.toFixed(3)} batches a put`
    },
  }
}

function plainSubject(database: PlainLevel, inFlight: number): Subject {
  const names = Array.from({ length: inFlight }, (_, i) => nameOf(i))
  const plaintext = payloadBytes(BYTES, 'concurrent')
  const putAll = (): Promise<unknown> =>
    Promise.all(names.map((name) => database.put(name, plaintext, { sync: true })))
  return {
    kind: 'async',
    name: `await level.put, same plaintext, ${inFlight} in flight`,
    operations: inFlight,
    run: putAll,
    verify: async () => {
      await putAll()
      const found = await database.getMany(names)
      check(
        isEveryOne(found, (value) => isSameBytes(value, plaintext)),
        'lost put',
      )
    },
  }
}

export const prepareConcurrentPuts: PrepareSuite = async (context) => {
  const closings: (() => Promise<void>)[] = []
  const database = await createPlainLevel(context.folder, 'concurrent-plain')
  closings.push(() => database.close())
  const ours: Subject[] = []
  for (const inFlight of IN_FLIGHT) ours.push(await vaultSubject(context, inFlight, closings))
  const [one, ...more] = ours
  if (one === undefined) throw new RangeError('no writers')
  const pairs = ours.map((subject, i): Comparison => ({
    title: `${IN_FLIGHT[i] ?? 0} durable puts of 100 B at once, LevelDB, time for each`,
    isOneByOne: true,
    subjects: [subject, plainSubject(database, IN_FLIGHT[i] ?? 1)],
  }))
  return {
    name: 'concurrent',
    comparisons: [
      {
        title: 'durable puts of 100 B at once, LevelDB, time for each',
        isOneByOne: true,
        subjects: [one, ...more],
      },
      ...pairs,
    ],
    close: async () => {
      for (const close of closings) await close()
    },
  }
}
