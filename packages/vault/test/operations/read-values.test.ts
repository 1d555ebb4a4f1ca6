import { describe, expect, it } from 'vitest'
import { expectFailure } from '../support/failures.js'
import { START_TIME } from '../support/test-clock.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }

describe('getSecretValue', () => {
  it('gives everything about the version, and its own time', async () => {
    const { vault, clock } = await vaultWithSecret()
    clock.advance(5_000)
    const secretData = Uint8Array.of(1, 2, 3)
    await vault.putSecretValue({ ...S, secretData, versionStages: ['b', 'a', 'ACSCurrent'] })
    clock.advance(5_000)
    await vault.updateSecret({ ...S, description: 'later' })
    const common = { arn: `acs:kms:local:${vault.vaultId}:secret/S`, ...S, secretType: 'Generic' }
    expect(await vault.getSecretValue(S)).toEqual({
      ...common,
      secretData,
      secretDataType: 'binary',
      versionId: 'v2',
      versionStages: ['ACSCurrent', 'a', 'b'],
      createTime: new Date(START_TIME + 5_000),
    })
    expect(await vault.getSecretValue({ ...S, versionStage: 'ACSPrevious' })).toEqual({
      ...common,
      secretData: 'one',
      secretDataType: 'text',
      versionId: 'v1',
      versionStages: ['ACSPrevious'],
      createTime: new Date(START_TIME),
    })
  })

  it("gives bytes of the caller's own", async () => {
    const { vault } = await newTestVault()
    await vault.createSecret({ ...S, secretData: Uint8Array.of(1, 2, 3) })
    const first = (await vault.getSecretValue(S)).secretData as Uint8Array
    expect(Object.getPrototypeOf(first)).toBe(Uint8Array.prototype)
    expect(first.buffer.byteLength).toBe(3)
    first.fill(9)
    expect((await vault.getSecretValue(S)).secretData).toEqual(Uint8Array.of(1, 2, 3))
  })

  it("gives lists and dates of the caller's own", async () => {
    const { vault } = await vaultWithSecret()
    const first = await vault.getSecretValue(S)
    ;(first.versionStages as string[]).push('forged')
    first.createTime.setTime(0)
    const second = await vault.getSecretValue(S)
    expect(second.versionStages).toEqual(['ACSCurrent'])
    expect(second.createTime).toEqual(new Date(START_TIME))
  })

  it('sees at once what another session wrote', async () => {
    const { vault, open } = await vaultWithSecret()
    const other = await open()
    expect((await other.getSecretValue(S)).secretData).toBe('one')
    await vault.putSecretValue({ ...S, secretData: 'two' })
    expect((await other.getSecretValue(S)).secretData).toBe('two')
    await vault.updateSecretVersionStage({ ...S, versionStage: 'ACSCurrent', moveToVersion: 'v1' })
    expect((await other.getSecretValue(S)).secretData).toBe('one')
    await vault.deleteSecret({ ...S, forceDeleteWithoutRecovery: true })
    await expectFailure(() => other.getSecretValue(S), 'SECRET_NOT_FOUND')
  })
})

describe('batchGetSecretValue', () => {
  it('gives values in the order of the request, each by its own selector', async () => {
    const { vault } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two' })
    await vault.createSecret({ secretName: 'A', secretData: 'of A' })
    const { arn } = await vault.describeSecret({ secretName: 'A' })
    const secretsList = [
      S,
      { ...S, versionId: 'v1' },
      { secretName: arn },
      { ...S, versionStage: 'ACSPrevious' },
      S,
    ]
    const { secretValues, errors } = await vault.batchGetSecretValue({ secretsList })
    expect(secretValues.map(({ secretData }) => secretData)).toEqual([
      'two',
      'one',
      'of A',
      'one',
      'two',
    ])
    expect(errors).toEqual([])
    expect(secretValues[2]).toEqual(await vault.getSecretValue({ secretName: 'A' }))
  })

  it('gives for what cannot be read what was asked for, a code and a message, in order', async () => {
    const { vault } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two' })
    await vault.disableVersion({ ...S, versionId: 'v1' })
    const secretsList = [
      { ...S, versionId: 'v1' },
      { ...S, versionStage: 'blue' },
      S,
      { ...S, versionId: 'v9' },
      { ...S, versionId: 'v1', versionStage: 'ACSCurrent' },
      { secretName: 'unknown' },
    ]
    const { secretValues, errors } = await vault.batchGetSecretValue({ secretsList })
    expect(secretValues).toHaveLength(1)
    expect(errors).toEqual([
      {
        ...S,
        versionId: 'v1',
        code: 'VERSION_DISABLED',
        message: expect.stringContaining('v1') as string,
      },
      {
        ...S,
        versionStage: 'blue',
        code: 'STAGE_NOT_FOUND',
        message: expect.stringContaining('blue') as string,
      },
      {
        ...S,
        versionId: 'v9',
        code: 'VERSION_NOT_FOUND',
        message: expect.stringContaining('v9') as string,
      },
      {
        ...S,
        versionId: 'v1',
        versionStage: 'ACSCurrent',
        code: 'INVALID_PARAMETER',
        message: expect.stringContaining('v1') as string,
      },
      { secretName: 'unknown', code: 'SECRET_NOT_FOUND', message: expect.any(String) as string },
    ])
  })

  it('takes 1 to 20 secrets', async () => {
    const { vault } = await vaultWithSecret()
    const batch = (count: number): Promise<{ secretValues: readonly unknown[] }> =>
      vault.batchGetSecretValue({ secretsList: Array.from({ length: count }, () => S) })
    expect((await batch(20)).secretValues).toHaveLength(20)
    await expectFailure(() => batch(0), 'INVALID_PARAMETER')
    await expectFailure(() => batch(21), 'INVALID_PARAMETER')
  })

  it('a bad item fails the whole batch before anything is read', async () => {
    const { vault } = await vaultWithSecret()
    const secretsList = [S, { secretName: 'not a name' }]
    await expectFailure(() => vault.batchGetSecretValue({ secretsList }), 'INVALID_PARAMETER')
  })
})

describe('disableVersion, enableVersion, destroyVersion', () => {
  const V1 = { ...S, versionId: 'v1' }

  it('a disabled version is not read until it is enabled again', async () => {
    const { vault } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two' })
    expect(await vault.disableVersion(V1)).toEqual({ ...V1, versionStatus: 'Disabled' })
    for (const request of [V1, { ...S, versionStage: 'ACSPrevious' }]) {
      await expectFailure(() => vault.getSecretValue(request), 'VERSION_DISABLED')
    }
    expect((await vault.getSecretValue(S)).secretData).toBe('two')
    expect(await vault.enableVersion(V1)).toEqual({ ...V1, versionStatus: 'Enabled' })
    expect((await vault.getSecretValue(V1)).secretData).toBe('one')
  })

  it('a disabled version cannot become current; enabled again it can', async () => {
    const { vault } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two' })
    await vault.disableVersion(V1)
    const rollback = { ...S, versionStage: 'ACSCurrent', moveToVersion: 'v1' }
    await expectFailure(() => vault.updateSecretVersionStage(rollback), 'VERSION_DISABLED')
    await vault.enableVersion(V1)
    await vault.updateSecretVersionStage(rollback)
    expect((await vault.getSecretValue(S)).secretData).toBe('one')
  })

  it('destroying erases the record and keeps the row', async () => {
    const { vault, dump } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two' })
    const before = [...(await dump()).keys()].filter((key) => key.startsWith('version!'))
    expect(await vault.destroyVersion(V1)).toEqual({ ...V1, versionStatus: 'Destroyed' })
    const after = [...(await dump()).keys()].filter((key) => key.startsWith('version!'))
    expect([before.length, after.length]).toEqual([2, 1])
    const { versionIds } = await vault.listSecretVersionIds(S)
    expect(versionIds.map((row) => [row.versionId, row.versionStatus])).toEqual([
      ['v1', 'Destroyed'],
      ['v2', 'Enabled'],
    ])
    await expectFailure(() => vault.getSecretValue(V1), 'VERSION_DISABLED')
    await expectFailure(() => vault.enableVersion(V1), 'UNSUPPORTED_OPERATION')
    await expectFailure(() => vault.disableVersion(V1), 'UNSUPPORTED_OPERATION')
    expect((await vault.verify()).isClean).toBe(true)
  })

  it('the current version is neither disabled nor destroyed', async () => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    await expectFailure(() => vault.disableVersion(V1), 'UNSUPPORTED_OPERATION')
    await expectFailure(() => vault.destroyVersion(V1), 'UNSUPPORTED_OPERATION')
    expect(await dump()).toEqual(before)
  })

  it('doing it again succeeds and changes nothing; an unknown version is not found', async () => {
    const { vault, dump } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two' })
    for (const change of ['enableVersion', 'disableVersion', 'destroyVersion'] as const) {
      await vault[change](V1)
      const before = await dump()
      await vault[change](V1)
      expect(await dump()).toEqual(before)
      await expectFailure(() => vault[change]({ ...S, versionId: 'v9' }), 'VERSION_NOT_FOUND')
      await expectFailure(() => vault[change]({ ...V1, secretName: 'T' }), 'SECRET_NOT_FOUND')
    }
  })
})
