/** The greatest secret that the limits allow fits the storage contract, in every commit. */
import { describe, expect, it } from 'vitest'
import type { Commit, StorageAdapter } from '@stagevault/storage'
import {
  COMMIT_BYTES_MAX,
  COMMIT_GUARDS_MAX,
  COMMIT_MUTATIONS_MAX,
  STORAGE_READ_KEYS_MAX,
  STORAGE_VALUE_BYTES_MAX,
} from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { recordAt } from '../support/stored-records.js'
import type { TestVault } from '../support/test-vault.js'
import { newTestVault } from '../support/test-vault.js'

const NAME = 'n'.repeat(192)
const LIMITS = { versionsMax: 100, stageLabelsMax: 64, secretValueBytesMax: 126_976 }

interface Sizes {
  mutations: number
  guards: number
  bytes: number
  valueBytes: number
  keysRead: number
}

/** A store that keeps the greatest sizes it was asked for. */
function measuringStorage(): { readonly storage: StorageAdapter; readonly greatest: Sizes } {
  const inner = createMemoryStorage()
  const greatest: Sizes = { mutations: 0, guards: 0, bytes: 0, valueBytes: 0, keysRead: 0 }
  const raise = (name: keyof Sizes, value: number): void => {
    greatest[name] = Math.max(greatest[name], value)
  }
  const measure = ({ guards, mutations }: Commit): void => {
    raise('mutations', mutations.length)
    raise('guards', guards.length)
    const records = [...guards, ...mutations]
    raise(
      'bytes',
      records.reduce((sum, { key, value }) => sum + key.length + (value?.length ?? 0), 0),
    )
    for (const { value } of mutations) raise('valueBytes', value?.length ?? 0)
  }
  return {
    greatest,
    storage: {
      ...inner,
      read: (keys) => {
        raise('keysRead', keys.length)
        return inner.read(keys)
      },
      commit: (commit) => {
        measure(commit)
        return inner.commit(commit)
      },
    },
  }
}

const versionId = (i: number): string => `${'v'.repeat(60)}${String(i).padStart(4, '0')}`
const stage = (i: number): string => `${'l'.repeat(62)}${String(i).padStart(2, '0')}`

/** Every field of the head as long as it can be: versions, labels, tombstones and metadata. */
async function greatestSecret(test: TestVault): Promise<void> {
  const { vault } = test
  const tags = Array.from({ length: 20 }, (_, i) => ({
    tagKey: `${'k'.repeat(126)}${String(i).padStart(2, '0')}`,
    tagValue: 'v'.repeat(128),
  }))
  // {"customData":{"k":"..."}} has 23 characters around the value.
  const extendedConfig = { customData: { k: '€'.repeat(1024 - 23) } }
  const description = '€'.repeat(2048)
  const secretData = new Uint8Array(LIMITS.secretValueBytesMax).fill(7)
  await vault.createSecret({
    secretName: NAME,
    secretData,
    versionId: versionId(0),
    description,
    tags,
    extendedConfig,
  })
  const versionStages = Array.from({ length: 62 }, (_, i) => stage(i))
  const labelled = { secretName: NAME, secretData, versionId: versionId(1), versionStages }
  await vault.putSecretValue(labelled)
  for (let i = 2; i < 100 + 32; i++) {
    await vault.putSecretValue({ secretName: NAME, secretData: 'x', versionId: versionId(i) })
  }
  await vault.putSecretValue({ secretName: NAME, secretData, versionId: versionId(999) })
}

describe('the greatest secret', () => {
  it('is stored, read, scheduled, verified and deleted within the bounds of the contract', async () => {
    const { storage, greatest } = measuringStorage()
    const test = await newTestVault({ storage, limits: LIMITS })
    await greatestSecret(test)
    const head = await recordAt(storage, `secret!${NAME}!head`)
    // As long as it can be, and a quarter of what a record may have.
    expect(head.length).toBeGreaterThan(30_000)
    expect(head.length).toBeLessThan(STORAGE_VALUE_BYTES_MAX / 3)
    const { vault } = test
    expect((await vault.getSecretValue({ secretName: NAME })).secretData).toHaveLength(126_976)
    expect((await vault.describeSecret({ secretName: NAME })).tags).toHaveLength(20)
    await vault.deleteSecret({ secretName: NAME })
    const { isClean, versionCount } = await vault.verify()
    expect([isClean, versionCount]).toEqual([true, 100])
    await vault.deleteSecret({ secretName: NAME, forceDeleteWithoutRecovery: true })
    expect((await vault.listSecrets()).secrets).toEqual([])

    // Head, name record, deletion entry and root, in addition to the versions.
    expect(greatest.mutations).toBe(LIMITS.versionsMax + 4)
    expect(greatest.mutations).toBeLessThanOrEqual(COMMIT_MUTATIONS_MAX)
    expect(greatest.guards).toBeLessThanOrEqual(COMMIT_GUARDS_MAX)
    expect(greatest.bytes).toBeLessThanOrEqual(COMMIT_BYTES_MAX)
    expect(greatest.valueBytes).toBeGreaterThan(LIMITS.secretValueBytesMax)
    expect(greatest.valueBytes).toBeLessThanOrEqual(STORAGE_VALUE_BYTES_MAX)
    expect(greatest.keysRead).toBeLessThanOrEqual(STORAGE_READ_KEYS_MAX)
  })

  it('makes room for one version where the limit fell to two, in one commit', async () => {
    const { storage, greatest } = measuringStorage()
    const test = await newTestVault({ storage, limits: LIMITS })
    await test.vault.createSecret({ secretName: NAME, secretData: 'x' })
    for (let i = 2; i <= 100; i++)
      await test.vault.putSecretValue({ secretName: NAME, secretData: 'x' })
    const { vault } = test
    await vault.updateVaultSettings({ limits: { versionsMax: 2 } })
    await vault.putSecretValue({ secretName: NAME, secretData: 'x' })
    const request = { secretName: NAME, includeDeprecated: true }
    const { versionIds } = await vault.listSecretVersionIds(request)
    expect(versionIds).toHaveLength(2)
    expect(greatest.mutations).toBe(99 + 3)
    expect(greatest.mutations).toBeLessThanOrEqual(COMMIT_MUTATIONS_MAX)
    expect((await vault.verify()).isClean).toBe(true)
  })
})
