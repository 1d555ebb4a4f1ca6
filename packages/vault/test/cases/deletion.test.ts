/** Cases C43 to C55: scheduling a deletion, taking it back, deleting at once. */
import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { expectFailure } from '../support/failures.js'
import { DAY_MS, START_TIME } from '../support/test-clock.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'
import { labelsOf, readEvery } from '../support/version-labels.js'

const S = { secretName: 'S' }
const FORCE = { forceDeleteWithoutRecovery: true }

async function inDays(vault: Vault, recoveryWindowInDays: number): Promise<number | undefined> {
  const { plannedDeleteTime } = await vault.deleteSecret({ ...S, recoveryWindowInDays })
  return plannedDeleteTime === undefined
    ? undefined
    : (plannedDeleteTime.getTime() - START_TIME) / DAY_MS
}

describe('deletion', () => {
  it('C43 windows of 7 and 30 days are accepted, 6 and 31 are refused', async () => {
    const { vault } = await vaultWithSecret()
    for (const days of [6, 31]) await expectFailure(() => inDays(vault, days), 'INVALID_PARAMETER')
    expect((await vault.describeSecret(S)).plannedDeleteTime).toBeUndefined()
    expect(await inDays(vault, 7)).toBe(7)
    expect(await inDays(vault, 30)).toBe(30)
  })

  it('C44 force and a window exclude each other', async () => {
    const { vault } = await vaultWithSecret()
    const both = { ...S, ...FORCE, recoveryWindowInDays: 7 }
    await expectFailure(() => vault.deleteSecret(both), 'INVALID_PARAMETER')
    expect((await vault.getSecretValue(S)).secretData).toBe('one')
  })

  it('C45 by default the date is 30 days from now', async () => {
    const { vault } = await vaultWithSecret()
    const plannedDeleteTime = new Date(START_TIME + 30 * DAY_MS)
    expect(await vault.deleteSecret(S)).toEqual({ ...S, plannedDeleteTime })
  })

  it('C46 a scheduled secret is not read, put to, updated, moved or tagged', async () => {
    const { vault, dump } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two' })
    await vault.deleteSecret(S)
    const before = await dump()
    const calls = [
      () => vault.getSecretValue(S),
      () => vault.getSecretValue({ ...S, versionId: 'v1' }),
      () => vault.putSecretValue({ ...S, secretData: 'three' }),
      () => vault.putSecretValue({ ...S, secretData: 'two', versionId: 'v2' }),
      () => vault.updateSecret({ ...S, description: 'x' }),
      () => vault.updateSecretVersionStage({ ...S, versionStage: 'blue', moveToVersion: 'v1' }),
      () => vault.tagResource({ ...S, tags: [{ tagKey: 'k', tagValue: 'v' }] }),
      () => vault.untagResource({ ...S, tagKeys: ['k'] }),
      () => vault.disableVersion({ ...S, versionId: 'v1' }),
      () => vault.enableVersion({ ...S, versionId: 'v1' }),
      () => vault.destroyVersion({ ...S, versionId: 'v1' }),
      () => vault.renameSecret({ ...S, newSecretName: 'T' }),
      () => vault.renameSecret({ ...S, newSecretName: 'S' }),
    ]
    for (const call of calls) await expectFailure(call, 'SECRET_IN_DELETE_WINDOW')
    expect(await dump()).toEqual(before)
  })

  it('C47 a scheduled secret is described with its date, and its versions are listed', async () => {
    const { vault } = await vaultWithSecret()
    const { plannedDeleteTime } = await vault.deleteSecret(S)
    expect(await vault.describeSecret(S)).toMatchObject({ ...S, plannedDeleteTime })
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSCurrent'] })
  })

  it('C48 its name cannot be taken', async () => {
    const { vault } = await vaultWithSecret()
    await vault.deleteSecret(S)
    const create = { ...S, secretData: 'new' }
    await expectFailure(() => vault.createSecret(create), 'SECRET_IN_DELETE_WINDOW')
    await vault.createSecret({ secretName: 'T', secretData: 'x' })
    const rename = { secretName: 'T', newSecretName: 'S' }
    await expectFailure(() => vault.renameSecret(rename), 'SECRET_IN_DELETE_WINDOW')
  })

  it('C49 restored, it has all versions and labels, and takes updates', async () => {
    const { vault } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two', versionStages: ['blue', 'ACSCurrent'] })
    await vault.putSecretValue({ ...S, secretData: 'three' })
    const before = [await labelsOf(vault, 'S'), await readEvery(vault, 'S')]
    await vault.deleteSecret(S)
    expect(await vault.restoreSecret(S)).toEqual(S)
    expect([await labelsOf(vault, 'S'), await readEvery(vault, 'S')]).toEqual(before)
    expect((await vault.describeSecret(S)).plannedDeleteTime).toBeUndefined()
    await vault.updateSecret({ ...S, description: 'again' })
    expect((await vault.putSecretValue({ ...S, secretData: 'four' })).versionId).toBe('v4')
  })

  it('C50 a secret that is not scheduled is not restored', async () => {
    const { vault } = await vaultWithSecret()
    await expectFailure(() => vault.restoreSecret(S), 'SECRET_NOT_SCHEDULED')
    await vault.deleteSecret(S)
    await vault.restoreSecret(S)
    await expectFailure(() => vault.restoreSecret(S), 'SECRET_NOT_SCHEDULED')
  })

  it('C51 force deletes a secret that was scheduled before', async () => {
    const { vault } = await vaultWithSecret()
    await vault.deleteSecret(S)
    expect(await vault.deleteSecret({ ...S, ...FORCE })).toEqual(S)
    await expectFailure(() => vault.describeSecret(S), 'SECRET_NOT_FOUND')
    await expectFailure(() => vault.restoreSecret(S), 'SECRET_NOT_FOUND')
  })

  it('C52 force on an absent secret: not found', async () => {
    const { vault } = await newTestVault()
    await expectFailure(() => vault.deleteSecret({ ...S, ...FORCE }), 'SECRET_NOT_FOUND')
  })

  it('C53 deleting an absent secret: not found', async () => {
    const { vault } = await newTestVault()
    await expectFailure(() => vault.deleteSecret(S), 'SECRET_NOT_FOUND')
  })

  it('C54 deleted at once and created again, it is a fresh secret without the old versions', async () => {
    const { vault, dump } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two', versionStages: ['blue'] })
    await vault.deleteSecret({ ...S, ...FORCE })
    expect([...(await dump()).keys()].filter((key) => !/^(vault|slot)!/.test(key))).toEqual([])
    await vault.createSecret({ ...S, secretData: 'new' })
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSCurrent'] })
    expect((await vault.getSecretValue(S)).secretData).toBe('new')
    await expectFailure(() => vault.getSecretValue({ ...S, versionId: 'v2' }), 'VERSION_NOT_FOUND')
  })

  it('C55 a list shows scheduled secrets with their date', async () => {
    const { vault } = await vaultWithSecret()
    await vault.createSecret({ secretName: 'T', secretData: 'x' })
    const { plannedDeleteTime } = await vault.deleteSecret(S)
    const { secrets } = await vault.listSecrets()
    expect(secrets.map((row) => [row.secretName, row.plannedDeleteTime])).toEqual([
      ['S', plannedDeleteTime],
      ['T', undefined],
    ])
  })
})
