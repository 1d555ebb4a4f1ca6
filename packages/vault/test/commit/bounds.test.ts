/** What a round is bounded by, and what concerns its members alone. */

import { describe, expect, it } from 'vitest'
import { openVault, rawKey } from 'stagevault'
import { openRoot, sealRoot } from '@stagevault/core/records/vault-root'
import { ROOT_KEY } from '@stagevault/core/records/layout'
import { StorageError } from '@stagevault/storage'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { countingStorage } from '../support/counting-storage.js'
import { codeOf, expectFailure } from '../support/failures.js'
import { recordKeysOf } from '../support/forged-records.js'
import { forgeRootSection } from '../support/forged-root.js'
import { overwrite, recordAt } from '../support/stored-records.js'
import { TEST_KEY, newTestVault, vaultWithSecret } from '../support/test-vault.js'

const unlock = rawKey(TEST_KEY)
const S = { secretName: 'S' }

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}

/** The heads are as long as heads can be: three bytes for most characters. */
function longSecret(index: number) {
  return {
    secretName: `s${index}/`.padEnd(192, 'n'),
    secretData: 'x'.repeat(11_000),
    versionId: 'id'.padEnd(64, 'n'),
    description: '€'.repeat(2_048),
    tags: times(20, (i) => ({ tagKey: `k${i}-`.padEnd(128, 'n'), tagValue: 'v'.repeat(128) })),
    extendedConfig: { customData: { k: '€'.repeat(900) } },
  }
}

describe('changes of one turn', () => {
  it('are made in several commits where one would be larger than a store takes', async () => {
    const { storage, take } = countingStorage(createMemoryStorage())
    const { vault } = await newTestVault({ storage })
    const known = times(2, (i) => ({ secretName: `known/${i}` }))
    for (const secret of known) await vault.createSecret({ ...secret, secretData: 'x' })
    take()
    await Promise.all([
      ...times(39, (i) => vault.createSecret(longSecret(i))),
      ...known.map((secret) => vault.updateSecret({ ...secret, description: '€'.repeat(2_048) })),
    ])
    expect(take().commits).toBeGreaterThan(1)
    expect(await vault.verify()).toMatchObject({ isClean: true, secretCount: 41 })
  })

  it('fail by themselves where a read that others do not need fails', async () => {
    const inner = createMemoryStorage()
    const created = await newTestVault({ storage: inner })
    const names = times(10, (i) => `s${i}`)
    for (const secretName of names)
      await created.vault.createSecret({ secretName, secretData: 'x' })
    let isFailing = false
    const storage: StorageAdapter = {
      ...inner,
      read: (keys) => {
        if (!isFailing) return inner.read(keys)
        isFailing = false
        return Promise.reject(new StorageError('STORAGE_UNAVAILABLE', 'down for a moment'))
      },
    }
    const vault = await openVault({ storage, unlock })
    for (const secretName of names) await vault.getSecretValue({ secretName })
    isFailing = true
    const puts = names.map((secretName) => vault.putSecretValue({ secretName, secretData: 'y' }))
    const [creation, ...others] = await Promise.allSettled([
      vault.createSecret({ secretName: 'new', secretData: 'x' }),
      ...puts,
    ])
    expect(creation.status === 'rejected' && codeOf(creation.reason as Error)).toBe(
      'STORAGE_UNAVAILABLE',
    )
    expect(others.map(({ status }) => status)).toEqual(times(10, () => 'fulfilled'))
  })
})

describe('new settings', () => {
  it('are those that were passed, though the object changes later, each read once', async () => {
    const { vault } = await newTestVault()
    const limits = { versionsMax: 50, secretsMax: 100 }
    const changing = vault.updateVaultSettings({ limits })
    Object.assign(limits, { versionsMax: 2, secretsMax: 'none' })
    expect((await changing).limits).toMatchObject({ versionsMax: 50, secretsMax: 100 })
    let reads = 0
    const sly = {
      get versionsMax() {
        reads += 1
        return reads === 1 ? 9 : 3
      },
    }
    const { limits: stored } = await vault.updateVaultSettings({ limits: sly })
    expect([stored.versionsMax, reads]).toEqual([9, 1])
  })
})

describe('a root section that this program does not know', () => {
  it('refuses no change once it is gone, though the handle has seen it', async () => {
    const { vault, storage } = await vaultWithSecret()
    await vault.getSecretValue(S)
    const keys = await recordKeysOf(storage, TEST_KEY)
    const root = openRoot(keys, await recordAt(storage, ROOT_KEY))
    await forgeRootSection(storage, true)
    await vault.listSecrets()
    await overwrite(storage, ROOT_KEY, sealRoot(keys, { ...root, epoch: root.epoch + 2 }))
    await vault.updateSecret({ ...S, description: 'x' })
  })
})

describe('creations beyond a full queue', () => {
  it('are refused without a look at the deletion entries', async () => {
    const inner = createMemoryStorage()
    let scans = 0
    let open = (): void => undefined
    let gate: Promise<void> | null = null
    const storage: StorageAdapter = {
      ...inner,
      scan: (range) => {
        scans += 1
        return inner.scan(range)
      },
      commit: async (commit) => {
        await gate
        return inner.commit(commit)
      },
    }
    const { vault } = await vaultWithSecret({ storage })
    gate = new Promise((resolve) => {
      open = resolve
    })
    const waiting = times(10_000, (i) => vault.updateSecret({ ...S, description: `${i}` }))
    scans = 0
    await expectFailure(
      () => vault.createSecret({ secretName: 'T', secretData: 'x' }),
      'QUOTA_EXCEEDED',
    )
    expect(scans).toBe(0)
    gate = null
    open()
    await Promise.all(waiting)
  })
})
