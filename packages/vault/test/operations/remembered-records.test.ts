/** Values whose records were read before: the head alone is read again, and decides. */
import { describe, expect, it } from 'vitest'
import { createVault, openVault, rawKey } from 'stagevault'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import { DELETION_LOOK_MS_MIN } from '@stagevault/core/limits'
import { VERSION_KEYS } from '@stagevault/core/records/layout'
import { createMemoryStorage } from '@stagevault/storage/memory'
import type { StorageAdapter } from '@stagevault/storage'
import { nodePrimitives } from '../../dist/platform/node-primitives.js'
import { countingStorage } from '../support/counting-storage.js'
import { expectFailure } from '../support/failures.js'
import { DAY_MS } from '../support/test-clock.js'
import { TEST_KEY, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }
const BOTH = { calls: 1, keysRead: 2 }
const HEAD = { calls: 1, keysRead: 1 }

async function twoHandles() {
  const { storage, take } = countingStorage(createMemoryStorage())
  const { vault, open, ...others } = await vaultWithSecret({ storage })
  await vault.putSecretValue({ ...S, secretData: 'two' })
  return { ...others, storage, take, vault, other: await open(), open }
}

async function deleteVersions(storage: StorageAdapter): Promise<void> {
  const entries = await storage.scan({ ...VERSION_KEYS, limit: 100 })
  const mutations = entries.map(({ key }) => ({ key, value: null }))
  expect(await storage.commit({ guards: [], mutations })).toBe('applied')
}

describe('a value that was read before', () => {
  it('costs a read of its head alone, with every way to name a version', async () => {
    const { vault, take } = await twoHandles()
    take()
    const first = await vault.getSecretValue(S)
    expect(take()).toMatchObject(BOTH)
    expect(await vault.getSecretValue(S)).toEqual(first)
    expect(take()).toMatchObject(HEAD)
    expect(await vault.getSecretValue({ ...S, versionId: 'v2' })).toEqual(first)
    expect(take()).toMatchObject(HEAD)
    await vault.getSecretValue({ ...S, versionStage: 'ACSPrevious' })
    expect(take()).toMatchObject(BOTH)
    const { secretValues } = await vault.batchGetSecretValue({ secretsList: [S] })
    expect(secretValues).toEqual([first])
    expect(take()).toMatchObject(HEAD)
  })

  it('stays known where labels move and metadata changes', async () => {
    const { vault, other, take } = await twoHandles()
    for (const versionStage of ['ACSCurrent', 'ACSPrevious']) {
      await vault.getSecretValue({ ...S, versionStage })
    }
    await other.updateSecretVersionStage({ ...S, versionStage: 'ACSCurrent', moveToVersion: 'v1' })
    take()
    expect(await vault.getSecretValue(S)).toMatchObject({ secretData: 'one', versionId: 'v1' })
    // The expected version is another by now, and is cached too.
    expect(take()).toMatchObject({ calls: 2, keysRead: 2 })
    await other.updateSecretVersionStage({ ...S, versionStage: 'c', moveToVersion: 'v1' })
    await other.updateSecret({ ...S, description: 'text' })
    take()
    expect(await vault.getSecretValue(S)).toMatchObject({ versionStages: ['ACSCurrent', 'c'] })
    expect(take()).toMatchObject(HEAD)
    await other.deleteSecret(S)
    take()
    for (let i = 0; i < 2; i++) {
      await expectFailure(() => vault.getSecretValue(S), 'SECRET_IN_DELETE_WINDOW')
      expect(take()).toMatchObject(HEAD)
    }
    await vault.restoreSecret(S)
    await vault.getSecretValue(S)
    await vault.deleteSecret(S)
    await expectFailure(() => vault.getSecretValue(S), 'SECRET_IN_DELETE_WINDOW')
  })

  it('costs no more where two handles take turns', async () => {
    const { vault, other, take } = await twoHandles()
    for (const secretData of ['three', 'four']) {
      await vault.getSecretValue(S)
      await other.putSecretValue({ ...S, secretData })
      take()
      expect(await vault.getSecretValue(S)).toMatchObject({ secretData })
      expect(take()).toMatchObject({ calls: 2, keysRead: 3 })
    }
  })

  it('is not given where another handle has changed what the head says of it', async () => {
    const { vault, other } = await twoHandles()
    const v1 = { ...S, versionId: 'v1' }
    for (const request of [S, v1]) await vault.getSecretValue(request)
    await other.putSecretValue({ ...S, secretData: 'three' })
    expect(await vault.getSecretValue(S)).toMatchObject({ secretData: 'three', versionId: 'v3' })
    await other.disableVersion(v1)
    await expectFailure(() => vault.getSecretValue(v1), 'VERSION_DISABLED')
    await other.enableVersion(v1)
    expect(await vault.getSecretValue(v1)).toMatchObject({ secretData: 'one' })
    await other.destroyVersion(v1)
    await expectFailure(() => vault.getSecretValue(v1), 'VERSION_DISABLED')
    await other.deleteSecret(S)
    await expectFailure(() => vault.getSecretValue(S), 'SECRET_IN_DELETE_WINDOW')
    await other.deleteSecret({ ...S, forceDeleteWithoutRecovery: true })
    await expectFailure(() => vault.getSecretValue(S), 'SECRET_NOT_FOUND')
    await other.createSecret({ ...S, secretData: 'new' })
    expect(await vault.getSecretValue(S)).toMatchObject({ secretData: 'new', versionId: 'v1' })
  })

  it('is not given while its secret is due, nor when it was deleted', async () => {
    const { vault, other, clock } = await twoHandles()
    await vault.getSecretValue(S)
    await other.deleteSecret({ ...S, recoveryWindowInDays: 7 })
    clock.advance(7 * DAY_MS)
    await other.listSecrets()
    await expectFailure(() => vault.getSecretValue(S), 'SECRET_IN_DELETE_WINDOW')
    clock.advance(DELETION_LOOK_MS_MIN)
    await other.listSecrets()
    await expectFailure(() => vault.getSecretValue(S), 'SECRET_NOT_FOUND')
  })

  it('is given where the store has lost its record, which verify reports', async () => {
    const { vault, storage, open } = await twoHandles()
    await vault.getSecretValue(S)
    await deleteVersions(storage)
    expect(await vault.getSecretValue(S)).toMatchObject({ secretData: 'two' })
    const { problems } = await vault.verify()
    expect(problems.map(({ code }) => code)).toEqual(['RECORD_MISSING', 'RECORD_MISSING'])
    await expectFailure(async () => (await open()).getSecretValue(S), 'RECORD_MISSING')
  })

  it('is the same though the caller changes the returned bytes', async () => {
    const { vault } = await twoHandles()
    await vault.putSecretValue({ ...S, secretData: Uint8Array.of(1, 2, 3) })
    for (let i = 0; i < 3; i++) {
      const { secretData } = await vault.getSecretValue(S)
      expect(secretData).toEqual(Uint8Array.of(1, 2, 3))
      ;(secretData as Uint8Array).fill(9)
    }
  })
})

describe('a value that was opened before its head was read', () => {
  it('is overwritten where the head is another, or does not arrive', async () => {
    const inner = createMemoryStorage()
    const unlock = rawKey(TEST_KEY)
    const other = await createVault({ storage: inner, unlock })
    await other.createSecret({ ...S, secretData: 'one' })
    const plaintexts: Uint8Array[] = []
    const primitives: Primitives = {
      ...nodePrimitives,
      aeadOpen: (...input) => {
        const opened = nodePrimitives.aeadOpen(...input)
        if (opened?.length === 3) plaintexts.push(opened)
        return opened
      },
    }
    let isBroken = false
    const storage: StorageAdapter = {
      ...inner,
      read: (keys) => (isBroken ? Promise.reject(new Error('unplugged')) : inner.read(keys)),
    }
    const vault = await openVault({ storage, unlock, primitives })
    await vault.getSecretValue(S)
    isBroken = true
    await expectFailure(() => vault.getSecretValue(S), 'STORAGE_UNAVAILABLE')
    isBroken = false
    await other.putSecretValue({ ...S, secretData: 'two' })
    expect(await vault.getSecretValue(S)).toMatchObject({ secretData: 'two' })
    expect(plaintexts.length).toBe(4)
    expect(plaintexts.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true)
  })
})
