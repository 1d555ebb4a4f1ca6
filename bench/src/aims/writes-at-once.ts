/** Many writes of one vault at once: the share of time of each, next to a raw synced put. */
import type { RoundsComparison, RoundsSubject } from '../comparison.js'
import { check } from '../comparison.js'
import { payloadBytes, payloadText, isSameBytes } from '../payloads.js'
import { createLevelVault, createPlainLevel, type PlainLevel } from '../stores.js'
import type { SuiteContext, SuitePart } from '../suite.js'
import { settle, type NewVault } from '../vaults.js'

export const BYTES = 100
const NAME = 'app/service/credentials'

/** Times that the writers of a vault start in a round. */
const RUNS = 5
/** Puts in one run of the bare database, one after another. */
const RAW_PUTS = 40

function createsSubject({ vault }: NewVault, count: number): RoundsSubject {
  let run = 0
  const secretData = payloadText(BYTES, 'create')
  const createAll = async (): Promise<readonly string[]> => {
    run++
    const names = Array.from({ length: count }, (_, i) => `run-${run}/service-${i}`)
    await Promise.all(names.map((secretName) => vault.createSecret({ secretName, secretData })))
    return names
  }
  return {
    kind: 'async',
    name: `createSecret, ${count} at once`,
    operations: count,
    run: createAll,
    verify: async () => {
      for (const secretName of await createAll()) {
        const found = await vault.getSecretValue({ secretName })
        check(found.secretData === secretData && found.versionId === 'v1', 'a create was lost')
      }
    },
  }
}

function putsSubject({ vault }: NewVault, count: number): RoundsSubject {
  const putAll = (): Promise<{ versionId: string }[]> =>
    Promise.all(
      Array.from({ length: count }, (_, i) =>
        vault.putSecretValue({ secretName: NAME, secretData: payloadText(BYTES, `writer ${i}`) }),
      ),
    )
  return {
    kind: 'async',
    name: `putSecretValue of one secret, ${count} at once`,
    operations: count,
    run: putAll,
    verify: async () => {
      const versionIds = (await putAll()).map(({ versionId }) => versionId)
      check(new Set(versionIds).size === count, 'two writers got one version')
      const { versionId } = await vault.getSecretValue({ secretName: NAME })
      check(versionIds.includes(versionId), 'another version is current')
    },
  }
}

/** Synced puts of the same plaintext in the bare database, one after another. */
export function rawPutSubject(
  database: PlainLevel,
  aims?: Required<RoundsSubject>['aims'],
): RoundsSubject {
  const plaintext = payloadBytes(BYTES, 'raw')
  const putAll = async (): Promise<void> => {
    for (let i = 0; i < RAW_PUTS; i++) await database.put(NAME, plaintext, { sync: true })
  }
  return {
    kind: 'async',
    name: 'await level.put, same plaintext, one by one',
    operations: RAW_PUTS,
    ...(aims === undefined ? {} : { aims }),
    run: putAll,
    verify: async () => {
      await putAll()
      check(isSameBytes(await database.get(NAME), plaintext), 'another value')
    },
  }
}

export async function prepareWritesAtOnce({ folder, scale }: SuiteContext): Promise<SuitePart> {
  const { writesAtOnce, writesOfOneAtOnce, settlingPuts } = scale
  const creating = await createLevelVault(folder, 'creates', 'strict')
  const putting = await createLevelVault(folder, 'puts-of-one', 'strict')
  const plain = await createPlainLevel(folder, 'writes-raw')
  await settle(putting.vault, NAME, payloadText(BYTES, 'first'), settlingPuts)
  const comparisons: RoundsComparison[] = [
    {
      title: `${writesAtOnce} creates of ${BYTES} B at once, LevelDB, durable, time for each`,
      runs: RUNS,
      turn: 1,
      subjects: [createsSubject(creating, writesAtOnce), rawPutSubject(plain, { p50: 0.75 })],
    },
    {
      title: `${writesOfOneAtOnce} puts of one secret at once, LevelDB, durable, time for each`,
      runs: RUNS,
      turn: 1,
      subjects: [putsSubject(putting, writesOfOneAtOnce), rawPutSubject(plain, { p50: 0.75 })],
    },
  ]
  return {
    comparisons,
    close: async () => {
      await creating.close()
      await putting.close()
      await plain.close()
    },
  }
}
