/** Storing a new version in LevelDB, durable and relaxed: the vault and the bare database. */
import { join } from 'node:path'
import type { StorageAdapter } from '@stagevault/storage'
import { createLevelStorage, type LevelDurability } from '@stagevault/storage-level'
import type { Comparison, Subject } from '../comparison.js'
import { check } from '../comparison.js'
import { isSameBytes, payloadBytes, sizeName } from '../payloads.js'
import { createRawAead } from '../raw-aead.js'
import { createReplay, type ReplayStore } from '../replay.js'
import { createPlainLevel, type PlainLevel } from '../stores.js'
import type { PrepareSuite, SuiteContext } from '../suite.js'
import { createCommitSubject, createPutVault, NAME } from '../vault-subjects/put-subject.js'

function plainPut(database: PlainLevel, bytes: number, sync: boolean): Subject {
  const plaintext = payloadBytes(bytes, NAME)
  return {
    kind: 'async',
    name: 'await level.put, same plaintext',
    run: () => database.put(NAME, plaintext, { sync }),
    verify: async () => {
      await database.put(NAME, plaintext, { sync })
      check(isSameBytes(await database.get(NAME), plaintext), 'another value')
    },
  }
}

function rawSeal(bytes: number): Subject {
  const { seal, open } = createRawAead()
  const plaintext = payloadBytes(bytes, NAME)
  return {
    kind: 'sync',
    name: 'node:crypto seal, same plaintext',
    run: () => seal(plaintext),
    verify: () => {
      check(isSameBytes(open(seal(plaintext)), plaintext), 'another plaintext')
    },
  }
}

async function compare(
  context: SuiteContext,
  bytes: number,
  durability: LevelDurability,
  closings: PutClosing[],
): Promise<Comparison> {
  const { folder, scale } = context
  const sync = durability === 'strict'
  const open = (name: string): Promise<StorageAdapter> =>
    createLevelStorage({ location: join(folder, `${name}-${durability}-${bytes}`), durability })
  const ours = await createPutVault(await open('put-vault'), bytes, scale.settlingPuts)
  const plain = await createPlainLevel(folder, `put-plain-${durability}-${bytes}`)
  const batches = await createPlainLevel(folder, `put-batches-${durability}-${bytes}`)
  const commits = await open('put-commits')
  closings.push(
    ours.close,
    () => plain.close(),
    () => batches.close(),
    () => commits.close(),
  )
  const store: ReplayStore = {
    write: (batch) => batches.batch(batch, { sync }),
    read: async (key) => batches.get(key),
  }
  const replay = createReplay(store, ours.commit.mutations)
  return {
    title: `put ${sizeName(bytes)}, LevelDB, ${sync ? 'durable' : 'relaxed'}`,
    isOneByOne: sync,
    subjects: [
      ours.subject,
      {
        kind: 'async',
        name: `await level.batch, same ${replay.bytes} stored bytes`,
        ...(sync ? { aim: 1.3 } : {}),
        run: replay.run,
        verify: replay.verify,
      },
      await createCommitSubject(commits, replay),
      plainPut(plain, bytes, sync),
      rawSeal(bytes),
    ],
  }
}

type PutClosing = () => Promise<void>

export const preparePutValue: PrepareSuite = async (context) => {
  const closings: PutClosing[] = []
  const comparisons: Comparison[] = []
  for (const durability of ['strict', 'relaxed'] as const) {
    for (const bytes of context.scale.payloadBytes) {
      comparisons.push(await compare(context, bytes, durability, closings))
    }
  }
  return {
    name: 'put',
    comparisons,
    close: async () => {
      for (const close of closings) await close()
    },
  }
}
