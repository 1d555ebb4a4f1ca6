import { describe, expect, it } from 'vitest'
import { DELETION_LOOK_MS_MIN } from '@stagevault/core/limits'
import { codeOf, expectFailure } from '../support/failures.js'
import { keysOf } from '../support/stored-records.js'
import { DAY_MS } from '../support/test-clock.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'
import { labelsOf, readEvery } from '../support/version-labels.js'

const S = { secretName: 'S' }

describe('renameSecret', () => {
  it('gives the new name and ARN, and keeps versions, labels, metadata and history', async () => {
    const { vault, clock, open } = await newTestVault()
    const tags = [{ tagKey: 'k', tagValue: 'v' }]
    await vault.createSecret({ ...S, secretData: 'one', description: 'd', tags })
    await vault.putSecretValue({ ...S, secretData: 'two', versionStages: ['blue'] })
    const before = await vault.describeSecret(S)
    clock.advance(1_000)
    const arn = `acs:kms:local:${vault.vaultId}:secret/new/name`
    expect(await vault.renameSecret({ ...S, newSecretName: 'new/name' })).toEqual({
      secretName: 'new/name',
      arn,
    })
    await expectFailure(() => vault.getSecretValue(S), 'SECRET_NOT_FOUND')
    for (const session of [vault, await open()]) {
      expect(await session.describeSecret({ secretName: arn })).toEqual({
        ...before,
        arn,
        secretName: 'new/name',
        updateTime: new Date(clock.now()),
      })
      expect(await labelsOf(session, 'new/name')).toEqual({ v1: ['ACSCurrent'], v2: ['blue'] })
      expect(await readEvery(session, 'new/name')).toEqual({ v1: 'one', v2: 'two' })
    }
    const again = { secretName: 'new/name', secretData: 'two', versionId: 'v2' }
    expect((await vault.putSecretValue(again)).versionStages).toEqual(['blue'])
    expect((await vault.verify()).isClean).toBe(true)
  })

  it('leaves the version records where they are', async () => {
    const { vault, storage } = await vaultWithSecret()
    const before = await keysOf(storage, 'version!')
    await vault.renameSecret({ ...S, newSecretName: 'T' })
    expect(await keysOf(storage, 'version!')).toEqual(before)
    expect(await keysOf(storage, 'secret!')).toEqual(['secret!T!head', 'secret!T!name'])
  })

  it('onto a name that is taken: SECRET_EXISTS, and neither changes', async () => {
    const { vault, dump } = await vaultWithSecret()
    await vault.createSecret({ secretName: 'T', secretData: 'of T' })
    const before = await dump()
    await expectFailure(() => vault.renameSecret({ ...S, newSecretName: 'T' }), 'SECRET_EXISTS')
    expect(await dump()).toEqual(before)
  })

  it('onto its own name succeeds and changes nothing', async () => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    expect((await vault.renameSecret({ ...S, newSecretName: 'S' })).secretName).toBe('S')
    expect(await dump()).toEqual(before)
    const unknown = { secretName: 'T', newSecretName: 'T' }
    await expectFailure(() => vault.renameSecret(unknown), 'SECRET_NOT_FOUND')
  })

  it('the new name is a name, not an ARN, and not of a managed type', async () => {
    const { vault } = await vaultWithSecret()
    const { arn } = await vault.describeSecret(S)
    for (const newSecretName of [arn, 'acs/x', 'not a name', '']) {
      await expectFailure(() => vault.renameSecret({ ...S, newSecretName }), 'INVALID_PARAMETER')
    }
  })

  it('there and back, and a new secret under the old name', async () => {
    const { vault } = await vaultWithSecret()
    await vault.renameSecret({ ...S, newSecretName: 'T' })
    await vault.createSecret({ ...S, secretData: 'another' })
    expect(await readEvery(vault, 'S')).toEqual({ v1: 'another' })
    expect(await readEvery(vault, 'T')).toEqual({ v1: 'one' })
    await vault.deleteSecret({ ...S, forceDeleteWithoutRecovery: true })
    await vault.renameSecret({ secretName: 'T', newSecretName: 'S' })
    expect(await readEvery(vault, 'S')).toEqual({ v1: 'one' })
  })

  it('two that swap places wait for each other, and one has to fail', async () => {
    const { vault } = await vaultWithSecret()
    await vault.createSecret({ secretName: 'T', secretData: 'of T' })
    const outcomes = await Promise.allSettled([
      vault.renameSecret({ ...S, newSecretName: 'T' }),
      vault.renameSecret({ secretName: 'T', newSecretName: 'S' }),
    ])
    expect(
      outcomes.map((each) => each.status === 'rejected' && codeOf(each.reason as Error)),
    ).toEqual(['SECRET_EXISTS', 'SECRET_EXISTS'])
    expect([await readEvery(vault, 'S'), await readEvery(vault, 'T')]).toEqual([
      { v1: 'one' },
      { v1: 'of T' },
    ])
  })

  it('many onto one name: one gets it', async () => {
    const { vault } = await newTestVault()
    const names = ['a', 'b', 'c', 'd']
    for (const secretName of names) await vault.createSecret({ secretName, secretData: secretName })
    const outcomes = await Promise.allSettled(
      names.map((secretName) => vault.renameSecret({ secretName, newSecretName: 'target' })),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const { secrets } = await vault.listSecrets()
    expect(secrets.map(({ secretName }) => secretName)).toEqual(['b', 'c', 'd', 'target'])
    expect((await vault.getSecretValue({ secretName: 'target' })).secretData).toBe('a')
  })

  it('a renamed secret is deleted in its time', async () => {
    const { vault, clock, storage } = await vaultWithSecret()
    await vault.renameSecret({ ...S, newSecretName: 'T' })
    await vault.deleteSecret({ secretName: 'T' })
    clock.advance(30 * DAY_MS)
    await vault.listSecrets()
    clock.advance(DELETION_LOOK_MS_MIN)
    await vault.listSecrets()
    expect(await keysOf(storage, 'secret!')).toEqual([])
  })
})

describe('ARNs', () => {
  const OPERATIONS = [
    'getSecretValue',
    'describeSecret',
    'listSecretVersionIds',
    'deleteSecret',
    'restoreSecret',
  ] as const

  it('stand for the name in every operation', async () => {
    const { vault } = await newTestVault({ region: 'cn-hangzhou', accountId: '1234567890' })
    const secretName = 'acs:kms:cn-hangzhou:1234567890:secret/a/b'
    expect((await vault.createSecret({ secretName, secretData: 'one' })).arn).toBe(secretName)
    await vault.putSecretValue({ secretName, secretData: 'two' })
    await vault.updateSecret({ secretName, description: 'd' })
    await vault.updateSecretVersionStage({ secretName, versionStage: 'x', moveToVersion: 'v1' })
    await vault.tagResource({ secretName, tags: [{ tagKey: 'k', tagValue: 'v' }] })
    await vault.untagResource({ secretName, tagKeys: ['k'] })
    await vault.disableVersion({ secretName, versionId: 'v1' })
    await vault.enableVersion({ secretName, versionId: 'v1' })
    for (const operation of OPERATIONS) {
      expect(await vault[operation]({ secretName }), operation).toMatchObject({ secretName: 'a/b' })
    }
    await vault.destroyVersion({ secretName, versionId: 'v1' })
    await vault.renameSecret({ secretName, newSecretName: 'c' })
    expect((await vault.getSecretValue({ secretName: 'c' })).secretData).toBe('two')
  })

  it('of another vault, region or resource, or cut short, are invalid', async () => {
    const { vault } = await vaultWithSecret()
    const id = vault.vaultId
    const other = (await newTestVault()).vault.vaultId
    const wrong = [
      `acs:kms:local:${other}:secret/S`,
      `acs:kms:elsewhere:${id}:secret/S`,
      `acs:kms:local:${id}:key/S`,
      `acs:kms:local:${id}:secret/`,
      `acs:kms:local:${id}:secret`,
      `acs:kms:local:${id}:secret/S:1`,
      `ACS:kms:local:${id}:secret/S`,
      `acs:kms:*:${id}:secret/S`,
      'acs:',
    ]
    for (const secretName of wrong) {
      for (const operation of OPERATIONS) {
        await expectFailure(() => vault[operation]({ secretName }), 'INVALID_PARAMETER')
      }
      await expectFailure(
        () => vault.createSecret({ secretName, secretData: 'x' }),
        'INVALID_PARAMETER',
      )
    }
  })
})
