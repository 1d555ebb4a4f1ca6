/** Storing a new version in LevelDB, durable and relaxed: the vault beside the bare database. */
import { join } from 'node:path'
import type { Commit, CommitOutcome, Mutation } from '@stagevault/storage'
import { createLevelStorage, type LevelDurability } from '@stagevault/storage-level'
import type { Comparison, PrepareSuite, Subject, SuiteContext } from '../comparison.js'
import { check } from '../comparison.js'
import { isSameBytes, payloadBytes, payloadText, sizeName } from '../payloads.js'
import { createRawAead } from '../raw-aead.js'
import { createReplay, type Replay } from '../replay.js'
import {
  createPlainLevel, settle, vaultOver, watchedStorage, type PlainLevel,
} from '../stores.js'

const NAME = 'app/service/credentials'

interface PutVault {
  readonly subject: Subject
  /** What the last put before measuring wrote, with every version and tombstone there can be. */
  readonly commit: Commit
  readonly close: () => Promise<void>
}

async function createPutVault(
  { folder, scale }: SuiteContext, bytes: number, durability: LevelDurability,
): Promise<PutVault> {
  const location = join(folder, `put-vault-${durability}-${bytes}`)
  let commit: Commit = { guards: [], mutations: [] }
  let isWatching = true
  const storage = watchedStorage(
    await createLevelStorage({ location, durability }),
    (next) => {
      if (isWatching) commit = next
    },
  )
  const { vault, close } = await vaultOver(storage)
  const secretData = payloadText(bytes, NAME)
  await settle(vault, NAME, secretData, scale.settlingPuts)
  isWatching = false
  const put = (): Promise<unknown> => vault.putSecretValue({ secretName: NAME, secretData })
  const subject: Subject = {
    kind: 'async',
    name: 'putSecretValue',
    run: put,
    verify: async () => {
      const before = await vault.getSecretValue({ secretName: NAME })
      await put()
      const after = await vault.getSecretValue({ secretName: NAME })
      check(after.secretData === secretData, 'another value')
      check(after.versionId !== before.versionId, 'no new version')
      const previous = await vault.getSecretValue({ secretName: NAME, versionStage: 'ACSPrevious' })
      check(previous.versionId === before.versionId, 'ACSPrevious on another version')
    },
  }
  return { subject, commit, close }
}

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
  context: SuiteContext, bytes: number, durability: LevelDurability, closings: PutClosing[],
): Promise<Comparison> {
  const { folder } = context
  const sync = durability === 'strict'
  const ours = await createPutVault(context, bytes, durability)
  const plain = await createPlainLevel(folder, `put-plain-${durability}-${bytes}`)
  const batches = await createPlainLevel(folder, `put-batches-${durability}-${bytes}`)
  closings.push(ours.close, () => plain.close(), () => batches.close())
  const replay = createReplay(batches, ours.commit.mutations, sync)
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
      await commitSubject(context, bytes, durability, replay, closings),
      plainPut(plain, bytes, sync),
      rawSeal(bytes),
    ],
  }
}

/** The adapter without the vault: guard, queue and batch of the same records. */
async function commitSubject(
  { folder }: SuiteContext, bytes: number, durability: LevelDurability, replay: Replay,
  closings: PutClosing[],
): Promise<Subject> {
  const location = join(folder, `put-commits-${durability}-${bytes}`)
  const storage = await createLevelStorage({ location, durability })
  closings.push(() => storage.close())
  const head = replay.next()[0]
  if (head?.type !== 'put') throw new TypeError('a commit begins with the head')
  await storage.commit({ guards: [], mutations: [head] })
  const commit = (): Promise<CommitOutcome> => {
    const mutations = replay.next().map((operation): Mutation => ({
      key: operation.key,
      value: operation.type === 'put' ? operation.value : null,
    }))
    return storage.commit({ guards: [head], mutations })
  }
  return {
    kind: 'async',
    name: 'storage.commit, same stored bytes',
    run: commit,
    verify: async () => {
      check((await commit()) === 'applied', 'a conflict')
      const [stored = null] = await storage.read([head.key])
      check(stored !== null && isSameBytes(stored, head.value), 'another record than was written')
    },
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
