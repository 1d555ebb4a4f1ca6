/** Storing a new version of a secret in a vault, over any storage. */
import type { Commit, CommitOutcome, Mutation, StorageAdapter } from '@stagevault/storage'
import type { Subject } from '../comparison.js'
import { check } from '../comparison.js'
import { isSameBytes, payloadText } from '../payloads.js'
import type { Replay } from '../replay.js'
import { settle, vaultOver, watchedStorage } from '../vaults.js'

export const NAME = 'app/service/credentials'

export interface PutVault {
  readonly subject: Subject
  /** What the last put before measuring wrote, with every version and tombstone there can be. */
  readonly commit: Commit
  /** Closes the storage too. */
  readonly close: () => Promise<void>
}

export async function createPutVault(
  storage: StorageAdapter,
  bytes: number,
  settlingPuts: number,
): Promise<PutVault> {
  let commit: Commit = { guards: [], mutations: [] }
  let isWatching = true
  const watched = watchedStorage(storage, (next) => {
    if (isWatching) commit = next
  })
  const { vault, close } = await vaultOver(watched)
  const secretData = payloadText(bytes, NAME)
  await settle(vault, NAME, secretData, settlingPuts)
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

/** The adapter without the vault: the guard and the records of the same commit. */
export async function createCommitSubject(
  storage: StorageAdapter,
  replay: Replay,
): Promise<Subject> {
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
