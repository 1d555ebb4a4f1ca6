/** Limits belong to the vault; a handle can lower some for itself. */

import { describe, expect, it } from 'vitest'
import type { HandleLimits, Vault, VaultLimits } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import { DEFAULT_LIMITS } from '@stagevault/core/limits'
import { expectFailure } from '../support/failures.js'
import { dumpRecords } from '../support/stored-records.js'
import { TEST_KEY, sharedMemory } from '../support/test-vault.js'

const unlock = rawKey(TEST_KEY)
const S = { secretName: 'S' } as const
const CHOSEN: VaultLimits = {
  secretValueBytesMax: 40,
  versionsMax: 3,
  stageLabelsMax: 4,
  secretsMax: 5,
}

interface Shared {
  readonly vault: Vault
  readonly open: (limits?: HandleLimits) => Promise<Vault>
  readonly dump: () => Promise<ReadonlyMap<string, string>>
}

async function vaultWith(limits?: Partial<VaultLimits>): Promise<Shared> {
  const memory = sharedMemory()
  const vault = await createVault({ storage: memory.open(), unlock, limits })
  return {
    vault,
    open: (lowered) => openVault({ storage: memory.open(), unlock, limits: lowered }),
    dump: () => dumpRecords(memory.open()),
  }
}

const create = (vault: Vault, secretName: string, secretData = 'x'): Promise<unknown> =>
  vault.createSecret({ secretName, secretData })

describe('limits that a vault is created with', () => {
  it('are stored, and hold for every handle that opens it', async () => {
    const { vault, open } = await vaultWith(CHOSEN)
    for (const each of [vault, await open(), await open({})]) {
      expect(await each.getVaultSettings()).toEqual({ limits: CHOSEN, handleLimits: CHOSEN })
    }
    const again = await open()
    await expectFailure(() => create(again, 'long', 'x'.repeat(41)), 'INVALID_PARAMETER')
    for (let i = 0; i < 5; i++) await create(again, `s${i}`)
    await expectFailure(() => create(again, 's5'), 'QUOTA_EXCEEDED')
    for (let i = 0; i < 4; i++) {
      await again.putSecretValue({ secretName: 's0', secretData: String(i) })
    }
    const all = { secretName: 's0', includeDeprecated: true }
    const { versionIds } = await again.listSecretVersionIds(all)
    expect(versionIds).toHaveLength(3)
  })

  it('are the documented ones where none are given, and no quota', async () => {
    const { vault } = await vaultWith()
    expect((await vault.getVaultSettings()).limits).toEqual(DEFAULT_LIMITS)
    expect(DEFAULT_LIMITS.secretsMax).toBe(0)
    await create(vault, 'S')
  })
})

describe('a handle', () => {
  it('lowers limits for itself alone', async () => {
    const { vault, open } = await vaultWith(CHOSEN)
    const lowered = { secretValueBytesMax: 3, stageLabelsMax: 2, secretsMax: 1 }
    const low = await open(lowered)
    const expected = { limits: CHOSEN, handleLimits: { ...CHOSEN, ...lowered } }
    expect(await low.getVaultSettings()).toEqual(expected)
    await expectFailure(() => create(low, 'S', 'four'), 'INVALID_PARAMETER')
    await create(low, 'S', 'six')
    await expectFailure(() => create(low, 'T'), 'QUOTA_EXCEEDED')
    await create(vault, 'T', 'x'.repeat(40))
    // What is there already can be read by all.
    expect((await low.getSecretValue({ secretName: 'T' })).secretData).toHaveLength(40)
  })

  it.each([
    { secretValueBytesMax: 41 },
    { stageLabelsMax: 5 },
    { secretsMax: 6 },
    { secretsMax: 0 },
    { versionsMax: 3 },
    { versionsMax: 2 },
    { secretValueBytesMax: 0 },
  ])('is refused for %j', async (limits) => {
    const { open, dump } = await vaultWith(CHOSEN)
    const before = await dump()
    const error = await expectFailure(() => open(limits), 'INVALID_PARAMETER')
    expect(error.message).toContain(Object.keys(limits)[0])
    expect(await dump()).toEqual(before)
  })

  it('may have a quota where the vault has none', async () => {
    const { open } = await vaultWith({ secretsMax: 0 })
    const low = await open({ secretsMax: 1 })
    await create(low, 'S')
    await expectFailure(() => create(low, 'T'), 'QUOTA_EXCEEDED')
  })

  it('stays open where the vault lowers a limit below its own', async () => {
    const { vault, open } = await vaultWith(CHOSEN)
    const low = await open({ secretValueBytesMax: 30 })
    await vault.updateVaultSettings({ limits: { secretValueBytesMax: 10 } })
    expect((await low.getVaultSettings()).handleLimits.secretValueBytesMax).toBe(10)
    await vault.updateVaultSettings({ limits: { secretValueBytesMax: 50 } })
    expect((await low.getVaultSettings()).handleLimits.secretValueBytesMax).toBe(30)
  })
})

describe('updateVaultSettings', () => {
  it('changes what is given and keeps the rest, also for handles that open later', async () => {
    const { vault, open } = await vaultWith(CHOSEN)
    const limits = { ...CHOSEN, secretsMax: 7 }
    const result = await vault.updateVaultSettings({ limits: { secretsMax: 7 } })
    expect(result).toEqual({ limits, handleLimits: limits })
    await vault.close()
    expect((await (await open()).getVaultSettings()).limits).toEqual(limits)
  })

  it('is obeyed by the next change of every open handle', async () => {
    const { vault, open } = await vaultWith()
    const other = await open()
    await create(other, 'S', 'x'.repeat(40))
    await vault.updateVaultSettings({ limits: CHOSEN })
    const put = (): Promise<unknown> => other.putSecretValue({ ...S, secretData: 'x'.repeat(41) })
    await expectFailure(put, 'INVALID_PARAMETER')
    await vault.updateVaultSettings({ limits: { secretsMax: 1 } })
    await expectFailure(() => create(other, 'T'), 'QUOTA_EXCEEDED')
    await vault.updateVaultSettings({ limits: { secretsMax: 0 } })
    await create(other, 'T')
    await vault.updateVaultSettings({ limits: { secretValueBytesMax: 100 } })
    await put()
  })

  it('keeps what is stored where a limit is lowered below it', async () => {
    const { vault } = await vaultWith()
    for (const name of ['S', 'T', 'U']) await create(vault, name, 'x'.repeat(40))
    await vault.updateVaultSettings({ limits: { secretsMax: 1, secretValueBytesMax: 4 } })
    await expectFailure(() => create(vault, 'V'), 'QUOTA_EXCEEDED')
    const { secrets } = await vault.listSecrets()
    expect(secrets).toHaveLength(3)
    expect((await vault.getSecretValue(S)).secretData).toHaveLength(40)
    expect((await vault.verify()).problems).toEqual([])
  })

  it('counts secrets that are scheduled for deletion', async () => {
    const { vault } = await vaultWith({ secretsMax: 1 })
    await create(vault, 'S')
    await vault.deleteSecret(S)
    await expectFailure(() => create(vault, 'T'), 'QUOTA_EXCEEDED')
    await vault.restoreSecret(S)
    await vault.deleteSecret({ ...S, forceDeleteWithoutRecovery: true })
    await create(vault, 'T')
  })

  it.each([
    { secretsMax: -1 },
    { versionsMax: 1 },
    { versionsMax: 101 },
    { secretValueBytesMax: 126_977 },
    { stageLabelsMax: 65 },
    { another: 1 },
  ])('refuses %j and writes nothing', async (limits) => {
    const { vault, dump } = await vaultWith(CHOSEN)
    const before = await dump()
    const update = (): Promise<unknown> => vault.updateVaultSettings({ limits })
    await expectFailure(update, 'INVALID_PARAMETER')
    expect(await dump()).toEqual(before)
  })

  it.each([{}, { secretsMax: 5 }, CHOSEN])('writes nothing where %j is stored', async (limits) => {
    const { vault, dump } = await vaultWith(CHOSEN)
    const before = await dump()
    const result = await vault.updateVaultSettings({ limits })
    expect(result).toEqual({ limits: CHOSEN, handleLimits: CHOSEN })
    expect(await dump()).toEqual(before)
  })

  it('compares with what is stored, not with what the handle has seen', async () => {
    const { vault, open } = await vaultWith(CHOSEN)
    const other = await open()
    await create(vault, 'S')
    await other.updateVaultSettings({ limits: { secretsMax: 9 } })
    await vault.updateVaultSettings({ limits: { secretsMax: 5 } })
    expect((await other.getVaultSettings()).limits).toEqual(CHOSEN)
  })

  it('compares with a change before it that is under way', async () => {
    const { vault } = await vaultWith(CHOSEN)
    const update = (secretsMax: number): Promise<unknown> =>
      vault.updateVaultSettings({ limits: { secretsMax } })
    await Promise.all([update(9), update(5)])
    expect((await vault.getVaultSettings()).limits).toEqual(CHOSEN)
    await Promise.all([update(9), update(9)])
    expect((await vault.getVaultSettings()).limits.secretsMax).toBe(9)
  })

  it('of two handles at once keeps both changes', async () => {
    const { vault, open } = await vaultWith(CHOSEN)
    const other = await open()
    await Promise.all([
      vault.updateVaultSettings({ limits: { secretsMax: 9 } }),
      other.updateVaultSettings({ limits: { versionsMax: 8 } }),
    ])
    const expected = { ...CHOSEN, secretsMax: 9, versionsMax: 8 }
    expect((await vault.getVaultSettings()).limits).toEqual(expected)
    expect((await other.getVaultSettings()).limits).toEqual(expected)
  })
})
