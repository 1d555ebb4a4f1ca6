import { describe, expect, it } from 'vitest'
import { DELETION_LOOK_MS_MIN } from '@stagevault/core/limits'
import { expectFailure } from '../support/failures.js'
import { DAY_MS } from '../support/test-clock.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }
const AT_ONCE = { forceDeleteWithoutRecovery: true }

describe('configured limits', () => {
  it('secretValueBytesMax', async () => {
    const { vault } = await newTestVault({ limits: { secretValueBytesMax: 126_976 } })
    const secretData = new Uint8Array(126_976).fill(7)
    await vault.createSecret({ ...S, secretData })
    expect((await vault.getSecretValue(S)).secretData).toEqual(secretData)
    const longer = { ...S, secretData: new Uint8Array(126_977) }
    await expectFailure(() => vault.putSecretValue(longer), 'INVALID_PARAMETER')
    const { vault: small } = await newTestVault({ limits: { secretValueBytesMax: 1 } })
    await small.createSecret({ ...S, secretData: 'x' })
    await expectFailure(() => small.putSecretValue({ ...S, secretData: 'xx' }), 'INVALID_PARAMETER')
  })

  it('a value stored under a higher limit is read under a lower one', async () => {
    const { vault, open } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'x'.repeat(30_720) })
    const limits = { secretValueBytesMax: 10, stageLabelsMax: 2 }
    const strict = await open({ limits })
    expect((await strict.getSecretValue(S)).secretData).toBe('x'.repeat(30_720))
  })

  it('versionsMax and stageLabelsMax at their ceilings', async () => {
    const { vault } = await vaultWithSecret({ limits: { versionsMax: 100, stageLabelsMax: 64 } })
    const versionStages = Array.from({ length: 62 }, (_, i) => `label${i}`)
    await vault.putSecretValue({ ...S, secretData: 'x', versionStages })
    for (let i = 0; i < 110; i++) await vault.putSecretValue({ ...S, secretData: `${i}` })
    const all = { ...S, includeDeprecated: true, pageSize: 100 }
    const { versionIds } = await vault.listSecretVersionIds(all)
    expect(versionIds).toHaveLength(100)
    expect(versionIds[0]?.versionStages).toHaveLength(62)
    const more = { ...S, versionStage: 'one-more', moveToVersion: 'v2' }
    await expectFailure(() => vault.updateSecretVersionStage(more), 'STAGE_LABEL_LIMIT')
    expect((await vault.verify()).isClean).toBe(true)
  })

  it.each([
    [{ secretValueBytesMax: 0 }, 'INVALID_PARAMETER'],
    [{ secretValueBytesMax: 126_977 }, 'INVALID_PARAMETER'],
    [{ versionsMax: 1 }, 'INVALID_PARAMETER'],
    [{ versionsMax: 101 }, 'INVALID_PARAMETER'],
    [{ stageLabelsMax: 2.5 }, 'INVALID_PARAMETER'],
    [{ stageLabelsMax: 1 }, 'INVALID_PARAMETER'],
    [{ stageLabelsMax: 65 }, 'INVALID_PARAMETER'],
    [{ secretsMax: -1 }, 'INVALID_PARAMETER'],
    [{ secretsMax: Infinity }, 'INVALID_PARAMETER'],
    [{ secretsMax: NaN }, 'INVALID_PARAMETER'],
    [{ secretsMax: '5' }, 'TypeError'],
    [{ stageLabelsMax: 8n }, 'TypeError'],
    [{ versionMax: 10 }, 'INVALID_PARAMETER'],
    [JSON.parse('{"__proto__":5}'), 'INVALID_PARAMETER'],
    [{ toString: 5 }, 'INVALID_PARAMETER'],
    [null, 'TypeError'],
    [5, 'TypeError'],
    ['versionsMax', 'TypeError'],
  ])('%o is refused by createVault and openVault', async (limits, code) => {
    const { open } = await newTestVault()
    await expectFailure(() => open({ limits: limits as never }), code)
    await expectFailure(() => newTestVault({ limits: limits as never }), code)
  })
})

describe('the quota of secrets', () => {
  it('is none where it is 0, and by default', async () => {
    for (const limits of [{ secretsMax: 0 }, {}]) {
      const { vault } = await vaultWithSecret({ limits })
      await vault.createSecret({ secretName: 'T', secretData: 'x' })
    }
  })

  it('refuses one more, and counts those scheduled for deletion', async () => {
    const { vault, dump } = await newTestVault({ limits: { secretsMax: 2 } })
    const create = (secretName: string): Promise<unknown> =>
      vault.createSecret({ secretName, secretData: 'x' })
    await create('a')
    await create('b')
    await vault.deleteSecret({ secretName: 'a' })
    const before = await dump()
    await expectFailure(() => create('c'), 'QUOTA_EXCEEDED')
    expect(await dump()).toEqual(before)
    await vault.deleteSecret({ secretName: 'a', ...AT_ONCE })
    await create('c')
    await expectFailure(() => create('d'), 'QUOTA_EXCEEDED')
  })

  it('a name that is taken is told before the quota', async () => {
    const { vault } = await vaultWithSecret({ limits: { secretsMax: 1 } })
    await expectFailure(() => vault.createSecret({ ...S, secretData: 'x' }), 'SECRET_EXISTS')
  })

  it('a deletion that is due makes room at its second look', async () => {
    const { vault, clock } = await vaultWithSecret({ limits: { secretsMax: 1 } })
    await vault.deleteSecret({ ...S, recoveryWindowInDays: 7 })
    const create = { secretName: 'T', secretData: 'x' }
    for (const wait of [7 * DAY_MS - 1, DELETION_LOOK_MS_MIN, DELETION_LOOK_MS_MIN - 1]) {
      clock.advance(wait)
      await expectFailure(() => vault.createSecret(create), 'QUOTA_EXCEEDED')
    }
    clock.advance(1)
    await vault.createSecret(create)
  })

  it('does not count renames, versions or failures', async () => {
    const { vault } = await vaultWithSecret({ limits: { secretsMax: 2 } })
    await vault.renameSecret({ ...S, newSecretName: 'T' })
    await vault.putSecretValue({ secretName: 'T', secretData: 'two' })
    await expectFailure(
      () => vault.createSecret({ secretName: 'T', secretData: 'x' }),
      'SECRET_EXISTS',
    )
    await vault.createSecret({ ...S, secretData: 'x' })
    const third = { secretName: 'U', secretData: 'x' }
    await expectFailure(() => vault.createSecret(third), 'QUOTA_EXCEEDED')
  })

  it('holds for many at once, and for a vault that has more already', async () => {
    const { vault, open } = await newTestVault()
    const bounded = await open({ limits: { secretsMax: 3 } })
    const names = Array.from({ length: 8 }, (_, i) => `s${i}`)
    const outcomes = await Promise.allSettled(
      names.map((secretName) => bounded.createSecret({ secretName, secretData: 'x' })),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    await vault.createSecret({ secretName: 'beyond', secretData: 'x' })
    await vault.deleteSecret({ secretName: 's0', ...AT_ONCE })
    const more = { secretName: 'more', secretData: 'x' }
    await expectFailure(() => bounded.createSecret(more), 'QUOTA_EXCEEDED')
    expect((await vault.verify()).isClean).toBe(true)
  })
})
