/** A vault with many secrets, and the same in bare databases: values in one, records in another. */
import { join } from 'node:path'
import {
  scanAll,
  STORAGE_KEY_CHARS_MAX,
  type Commit,
  type StorageAdapter,
} from '@stagevault/storage'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import { generateKey, rawKey } from 'stagevault'
import { payloadBytes } from '../payloads.js'
import { nameAt, VALUE_BYTES, valueAt } from '../population.js'
import { createReplay, type Replay } from '../replay.js'
import { createPlainLevel, type PlainLevel } from '../stores.js'
import { fillVault, openGrownVault, type GrownVault } from '../vault-subjects/grown-vault.js'
import { watchedStorage } from '../vaults.js'

/** Secrets that are written over and over, the same number in every vault. */
const HOT = 20

const BATCH = 1000

export interface FilledStore extends GrownVault {
  /** The values alone. */
  readonly plain: PlainLevel
  /** Indexes of the secrets that have as many versions as they ever have. */
  readonly hot: readonly number[]
  /** The puts of those secrets, in a database with all the records of the vault. */
  readonly replays: readonly Replay[]
}

/** Filled without waiting for the disk and then opened once more, durable. */
export async function createFilledStore(
  folder: string,
  count: number,
  settlingPuts: number,
): Promise<FilledStore> {
  const location = join(folder, `secrets-${count}`)
  const unlock = rawKey(generateKey())
  const filling = await createLevelStorage({ location, durability: 'relaxed' })
  await fillVault(filling, unlock, count)
  await filling.close()

  let last: Commit = { guards: [], mutations: [] }
  const storage = watchedStorage(await openLevelStorage({ location }), (commit) => {
    last = commit
  })
  const grown = await openGrownVault(storage, unlock, count)
  const hot = Array.from({ length: HOT }, (_, i) => Math.floor((i * count) / HOT))
  const commits: Commit[] = []
  for (const at of hot) {
    await settle(grown, at, settlingPuts)
    commits.push(last)
  }
  const records = await copyRecords(storage, folder, count)
  const plain = await copyValues(folder, count)
  return {
    ...grown,
    plain,
    hot,
    replays: commits.map(({ mutations }) =>
      createReplay(
        {
          write: (batch) => records.batch(batch, { sync: true }),
          read: async (key) => records.get(key),
        },
        mutations,
      ),
    ),
    close: async () => {
      await grown.close()
      await records.close()
      await plain.close()
    },
  }
}

async function settle({ vault }: GrownVault, at: number, puts: number): Promise<void> {
  const request = { secretName: nameAt(at), secretData: valueAt(at) }
  for (let i = 0; i < puts; i++) await vault().putSecretValue(request)
}

async function copyRecords(
  storage: StorageAdapter,
  folder: string,
  count: number,
): Promise<PlainLevel> {
  const records = await createPlainLevel(folder, `records-${count}`)
  const range = { start: '!', end: '~'.repeat(STORAGE_KEY_CHARS_MAX), pageSize: BATCH }
  let batch = records.batch()
  for await (const { key, value } of scanAll(storage, range)) {
    batch.put(key, value)
    if (batch.length < BATCH) continue
    await batch.write()
    batch = records.batch()
  }
  await batch.write()
  return records
}

async function copyValues(folder: string, count: number): Promise<PlainLevel> {
  const plain = await createPlainLevel(folder, `values-${count}`)
  for (let start = 0; start < count; start += BATCH) {
    const length = Math.min(BATCH, count - start)
    await plain.batch(
      Array.from({ length }, (_, i) => {
        const key = nameAt(start + i)
        return { type: 'put' as const, key, value: payloadBytes(VALUE_BYTES, key) }
      }),
    )
  }
  return plain
}
