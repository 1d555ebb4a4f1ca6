/** Changes that come together share a commit: how many there are, and that none is lost. */

import { describe, expect, it } from 'vitest'
import type { Vault, VaultEvent } from 'stagevault'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { recordKeysOf } from '../support/forged-records.js'
import type { TestVault, TestVaultOptions } from '../support/test-vault.js'
import { TEST_KEY, newTestVault } from '../support/test-vault.js'
import type { CommitLog } from './commit-log.js'
import { appliedIn, logCommits, secretsIn } from './commit-log.js'

const S = { secretName: 'S' }

interface LoggedVault extends TestVault {
  readonly log: CommitLog
  /** Commits since the last call. */
  readonly takeCommits: () => number
}

async function loggedVault(options: TestVaultOptions = {}): Promise<LoggedVault> {
  const log = logCommits(createMemoryStorage())
  const test = await newTestVault({ ...options, storage: log.storage })
  let seen = log.commits.length
  return {
    ...test,
    log,
    takeCommits: () => {
      const count = log.commits.length - seen
      seen = log.commits.length
      return count
    },
  }
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}

describe('changes of one handle', () => {
  it('640 creations take at most 20 commits', async () => {
    const { vault, takeCommits, open } = await loggedVault()
    await Promise.all(
      times(640, (i) =>
        vault.createSecret({ secretName: `secret/${i}`, secretData: `value ${i}` }),
      ),
    )
    expect(takeCommits()).toBeLessThanOrEqual(20)
    const fresh = await open()
    for (let i = 0; i < 640; i += 13) {
      const { secretData } = await fresh.getSecretValue({ secretName: `secret/${i}` })
      expect(secretData).toBe(`value ${i}`)
    }
    expect(await fresh.verify()).toMatchObject({ isClean: true, secretCount: 640 })
  })

  it('64 puts of one secret take at most 3: events in order, 10 versions, a generation each', async () => {
    const { vault, takeCommits, log, storage } = await loggedVault()
    await vault.createSecret({ ...S, secretData: 'v1' })
    takeCommits()
    const events: VaultEvent[] = []
    vault.subscribe((event) => events.push(event))
    const puts = await Promise.all(
      times(64, (i) => vault.putSecretValue({ ...S, secretData: `v${i + 2}` })),
    )
    expect(puts.map(({ versionId }) => versionId)).toEqual(times(64, (i) => `v${i + 2}`))
    const commits = takeCommits()
    expect(commits).toBeLessThanOrEqual(3)
    const told = (type: string) =>
      events.flatMap((event) =>
        event.type === type && 'versionId' in event ? event.versionId : [],
      )
    expect(told('secret.version.created')).toEqual(times(64, (i) => `v${i + 2}`))
    expect(told('secret.version.evicted')).toEqual(times(55, (i) => `v${i + 1}`))
    const { versionIds } = await vault.listSecretVersionIds({ ...S, includeDeprecated: true })
    expect(versionIds.map(({ versionId }) => versionId)).toEqual(times(10, (i) => `v${i + 56}`))
    for (const { versionId } of versionIds) {
      expect((await vault.getSecretValue({ ...S, versionId })).secretData).toBe(versionId)
    }
    // Versions that were stored and evicted in one round are never written.
    expect(await storage.scan({ start: 'version!', end: 'version"', limit: 99 })).toHaveLength(10)
    const keys = await recordKeysOf(storage, TEST_KEY)
    const generations = appliedIn(log).flatMap(
      (commit) => secretsIn(keys, commit).get('S')?.generation ?? [],
    )
    expect(generations).toEqual(times(commits + 1, (i) => i + 1))
    expect((await vault.verify()).isClean).toBe(true)
  })

  it('a change that is refused is refused alone, and leaves no byte', async () => {
    const refused = (vault: Vault): Promise<unknown>[] => [
      vault.putSecretValue({ ...S, secretData: 'x', versionId: 'v1' }),
      vault.updateSecretVersionStage({ ...S, versionStage: 'Blue', moveToVersion: 'none' }),
      vault.renameSecret({ ...S, newSecretName: 'T' }),
      vault.deleteSecret({ secretName: 'none' }),
      vault.destroyVersion({ ...S, versionId: 'second' }),
      vault.tagResource({ secretName: 'none', tags: [{ tagKey: 'k', tagValue: 'v' }] }),
    ]
    const dumps: ReadonlyMap<string, string>[] = []
    const codes: unknown[] = []
    for (const isJoined of [false, true]) {
      const { vault, dump } = await newTestVault({ random: countingBytes() })
      await vault.createSecret({ ...S, secretData: 'one' })
      await vault.createSecret({ secretName: 'T', secretData: 'two' })
      const rest = isJoined ? refused(vault) : []
      const good = [
        vault.putSecretValue({ ...S, secretData: 'second', versionId: 'second' }),
        vault.tagResource({ secretName: 'T', tags: [{ tagKey: 'k', tagValue: 'v' }] }),
      ]
      const more = isJoined ? refused(vault) : []
      // Heard of before anything is awaited: the thread may be given up before.
      const settling = Promise.allSettled([...rest, ...more])
      await Promise.all(good)
      const outcomes = await settling
      codes.push(
        outcomes.map((outcome) =>
          outcome.status === 'rejected' ? (outcome.reason as { code?: string }).code : 'done',
        ),
      )
      dumps.push(await dump())
    }
    expect(dumps[1]).toEqual(dumps[0])
    expect(codes[1]).toEqual([
      'VERSION_EXISTS',
      'VERSION_NOT_FOUND',
      'SECRET_EXISTS',
      'SECRET_NOT_FOUND',
      'VERSION_NOT_FOUND',
      'SECRET_NOT_FOUND',
      'VERSION_EXISTS',
      'VERSION_NOT_FOUND',
      'SECRET_EXISTS',
      'SECRET_NOT_FOUND',
      'UNSUPPORTED_OPERATION',
      'SECRET_NOT_FOUND',
    ])
  })

  it('a secret is made, changed, renamed and deleted in one turn', async () => {
    const { vault, takeCommits, storage } = await loggedVault()
    const before = await storage.scan({ start: 'secret!', end: 'secret"', limit: 9 })
    const results = await Promise.all([
      vault.createSecret({ ...S, secretData: 'one' }),
      vault.putSecretValue({ ...S, secretData: 'two' }),
      vault.renameSecret({ ...S, newSecretName: 'T' }),
      vault.createSecret({ ...S, secretData: 'another' }),
      vault.putSecretValue({ secretName: 'T', secretData: 'three' }),
      vault.deleteSecret({ secretName: 'T', forceDeleteWithoutRecovery: true }),
    ])
    expect(results).toMatchObject([
      { versionId: 'v1' },
      { versionId: 'v2' },
      { secretName: 'T' },
      { versionId: 'v1' },
      { versionId: 'v3' },
      { secretName: 'T' },
    ])
    expect(takeCommits()).toBeLessThanOrEqual(2)
    expect(before).toEqual([])
    expect((await vault.getSecretValue(S)).secretData).toBe('another')
    expect(await vault.verify()).toMatchObject({ isClean: true, secretCount: 1, versionCount: 1 })
  })
})

describe('64 handles, and 640, of one store: each creation is made', () => {
  it.each([
    [64, 10],
    [640, 1],
  ])('%i handles x %i creations', async (handleCount, creations) => {
    const { open, takeCommits } = await loggedVault()
    const handles: Vault[] = []
    for (let i = 0; i < handleCount; i++) handles.push(await open())
    takeCommits()
    const outcomes = await Promise.allSettled(
      handles.flatMap((handle, i) =>
        times(creations, (n) =>
          handle.createSecret({ secretName: `secret/${i}/${n}`, secretData: `${i}` }),
        ),
      ),
    )
    const failed = outcomes.filter(({ status }) => status === 'rejected')
    expect(failed).toEqual([])
    const commits = takeCommits()
    console.info(`${commits} commits for ${handleCount} handles x ${creations} creations`)
    expect(commits).toBeLessThanOrEqual(6 * handleCount * creations)
    const [first] = handles
    expect(await first?.verify()).toMatchObject({ isClean: true, secretCount: 640 })
  })
})

/** Random bytes that differ and are the same in every run. */
function countingBytes(): (length: number) => Uint8Array {
  let count = 0
  return (length) => {
    count += 1
    return Uint8Array.from({ length }, (_, i) => (count * 31 + i * 17 + (i >>> 4) * count) & 255)
  }
}
