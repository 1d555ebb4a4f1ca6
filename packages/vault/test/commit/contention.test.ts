/** Handles of one store that know less than is stored: they look again, and go on. */

import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { openVault, rawKey } from 'stagevault'
import { isStorageError } from '@stagevault/storage'
import { faultyStorage } from '@stagevault/storage/faulty'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { countingStorage } from '../support/counting-storage.js'
import { expectFailure } from '../support/failures.js'
import { TEST_KEY, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }

describe('a head that is older than the root that a handle knows', () => {
  it('is read again by a put, which is not refused for the version of another handle', async () => {
    const { vault, open } = await vaultWithSecret()
    await vault.getSecretValue(S)
    const other = await open()
    for (let i = 0; i < 3; i++) {
      expect((await other.putSecretValue({ ...S, secretData: 'theirs' })).versionId).toBe(
        `v${2 + 2 * i}`,
      )
      // This reads the root, and not the head of S.
      await vault.createSecret({ secretName: `new/${i}`, secretData: 'x' })
      expect((await vault.putSecretValue({ ...S, secretData: 'ours' })).versionId).toBe(
        `v${3 + 2 * i}`,
      )
    }
    expect((await vault.verify()).isClean).toBe(true)
  })

  it('is read again by every other change', async () => {
    const { vault, open } = await vaultWithSecret()
    const other = await open()
    const changes = [
      () => vault.updateSecret({ ...S, description: 'ours' }),
      () => vault.tagResource({ ...S, tags: [{ tagKey: 'ours', tagValue: '' }] }),
      () => vault.updateSecretVersionStage({ ...S, versionStage: 'Blue', moveToVersion: 'v1' }),
      () => vault.renameSecret({ ...S, newSecretName: 'T' }),
    ]
    for (const [i, change] of changes.entries()) {
      await vault.describeSecret(S)
      await other.putSecretValue({ ...S, secretData: `${i}`, versionStages: [`L${i}`] })
      await vault.createSecret({ secretName: `new/${i}`, secretData: 'x' })
      await change()
    }
    const { versionIds } = await vault.listSecretVersionIds({ secretName: 'T' })
    expect(versionIds).toHaveLength(5)
  })

  it('refuses only what is refused on what is stored', async () => {
    const { vault, open } = await vaultWithSecret()
    await vault.getSecretValue(S)
    const other = await open()
    await other.putSecretValue({ ...S, secretData: 'x', versionId: 'theirs' })
    // On the head that it remembers, there is no such version.
    await vault.updateSecretVersionStage({ ...S, versionStage: 'Blue', moveToVersion: 'theirs' })
    await other.deleteSecret({ ...S, forceDeleteWithoutRecovery: true })
    await vault.createSecret({ ...S, secretData: 'again' })
    await other.deleteSecret({ ...S, forceDeleteWithoutRecovery: true })
    await expectFailure(() => vault.putSecretValue({ ...S, secretData: 'x' }), 'SECRET_NOT_FOUND')
  })
})

describe('a commit that fails', () => {
  it('fails its own changes, and those that wait are planned on what is stored', async () => {
    let failures = 0
    const storage = faultyStorage(createMemoryStorage(), ({ method }) => {
      if (method !== 'commit' || failures === 0) return 'pass'
      failures -= 1
      return 'fail-after'
    })
    const { vault } = await vaultWithSecret({ storage })
    failures = 1
    const first = vault.putSecretValue({ ...S, secretData: 'first' })
    // Its commit is under way when the second one comes.
    for (let turns = 0; turns < 5; turns++) await Promise.resolve()
    const second = vault.putSecretValue({ ...S, secretData: 'second' })
    const [lost, made] = await Promise.allSettled([first, second])
    expect(lost.status).toBe('rejected')
    expect(lost.status === 'rejected' && isStorageError(lost.reason)).toBe(true)
    expect(made.status === 'fulfilled' ? made.value.versionId : made.reason).toBe('v3')
    expect((await vault.getSecretValue(S)).secretData).toBe('second')
    expect((await vault.verify()).isClean).toBe(true)
  })

  it.each(['S', 'other'])('is followed by a read, and not by a conflict: %s', async (next) => {
    let failures = 0
    const { storage, take } = countingStorage(createMemoryStorage())
    const faulty = faultyStorage(storage, ({ method }) => {
      if (method !== 'commit' || failures === 0) return 'pass'
      failures -= 1
      return 'fail-after'
    })
    const { vault } = await vaultWithSecret({ storage: faulty })
    await vault.createSecret({ secretName: 'other', secretData: 'x' })
    failures = 1
    await expectFailure(
      () => vault.putSecretValue({ ...S, secretData: 'y' }),
      'STORAGE_OUTCOME_UNKNOWN',
    )
    take()
    // The root may have changed, and so may S, also once the root is known again.
    await vault.putSecretValue({ secretName: next, secretData: 'z' })
    expect(take()).toMatchObject({ calls: 2, commits: 1 })
    await vault.putSecretValue({ ...S, secretData: 'again' })
    expect(take().commits).toBe(1)
  })
})

it('a store that another always writes to first ends with CONFLICT, and nothing was made', async () => {
  const inner = createMemoryStorage()
  const { vault, dump } = await vaultWithSecret({ storage: inner })
  const contested = {
    ...inner,
    commit: async (): Promise<'conflict'> => Promise.resolve('conflict'),
  }
  const loser = await openVault({
    storage: contested,
    unlock: rawKey(TEST_KEY),
    commitTimeoutSeconds: 1,
  })
  const before = await dump()
  await expectFailure(() => loser.updateSecret({ ...S, description: 'x' }), 'CONFLICT')
  expect(await dump()).toEqual(before)
  await vault.updateSecret({ ...S, description: 'x' })
})

describe('a change that shares its round with one that always loses', () => {
  async function openLoser(): Promise<{ loser: Vault; lost: Promise<Error> }> {
    const { vault, storage } = await vaultWithSecret()
    await vault.createSecret({ secretName: 'T', secretData: 'x', versionId: 'known' })
    const contested = { ...storage, commit: () => Promise.resolve('conflict' as const) }
    const loser = await openVault({
      storage: contested,
      unlock: rawKey(TEST_KEY),
      commitTimeoutSeconds: 2,
    })
    const lost = expectFailure(() => loser.updateSecret({ ...S, description: 'x' }), 'CONFLICT')
    return { loser, lost }
  }

  it('is refused on what is stored', async () => {
    const { loser, lost } = await openLoser()
    const order: string[] = []
    const refused = expectFailure(
      () => loser.createSecret({ secretName: 'T', secretData: 'y' }),
      'SECRET_EXISTS',
    ).then(() => order.push('refused'))
    await Promise.all([lost.then(() => order.push('lost')), refused])
    expect(order).toEqual(['refused', 'lost'])
  })

  it('succeeds where there is nothing to write', async () => {
    const { loser, lost } = await openLoser()
    const order: string[] = []
    const repeated = loser
      .putSecretValue({ secretName: 'T', secretData: 'x', versionId: 'known' })
      .then(() => order.push('repeated'))
    await Promise.all([lost.then(() => order.push('lost')), repeated])
    expect(order).toEqual(['repeated', 'lost'])
  })

  it('waits for an earlier one of its own secret', async () => {
    const { loser, lost } = await openLoser()
    const order: string[] = []
    const refused = expectFailure(
      () => loser.createSecret({ ...S, secretData: 'y' }),
      'SECRET_EXISTS',
    ).then(() => order.push('refused'))
    await Promise.all([lost.then(() => order.push('lost')), refused])
    expect(order).toEqual(['lost', 'refused'])
  })
})
