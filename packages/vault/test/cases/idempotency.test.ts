/** Cases C29 to C34: the same call again. */
import { describe, expect, it } from 'vitest'
import { expectFailure } from '../support/failures.js'
import { vaultWithSecret } from '../support/test-vault.js'
import { labelsOf } from '../support/version-labels.js'

const S = { secretName: 'S' }

describe('idempotency', () => {
  it('C29 create again with the same id and value: the name is taken', async () => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    const request = { ...S, secretData: 'one', versionId: 'v1' }
    await expectFailure(() => vault.createSecret(request), 'SECRET_EXISTS')
    expect(await dump()).toEqual(before)
  })

  it('C30 create again with the same id and another value: the name is taken', async () => {
    const { vault } = await vaultWithSecret()
    const request = { ...S, secretData: 'other', versionId: 'v1' }
    await expectFailure(() => vault.createSecret(request), 'SECRET_EXISTS')
    expect((await vault.getSecretValue(S)).secretData).toBe('one')
  })

  it('C31 create again with another id or none: the name is taken', async () => {
    const { vault } = await vaultWithSecret()
    await expectFailure(() => vault.createSecret({ ...S, secretData: 'one' }), 'SECRET_EXISTS')
    const other = { ...S, secretData: 'one', versionId: 'other' }
    await expectFailure(() => vault.createSecret(other), 'SECRET_EXISTS')
  })

  it('C32 put again with the same id and value: the same version, no new one', async () => {
    const { vault } = await vaultWithSecret()
    const put = { ...S, secretData: 'two', versionId: 'id' }
    const results = [await vault.putSecretValue(put), await vault.putSecretValue(put)]
    expect(results[1]).toEqual(results[0])
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSPrevious'], id: ['ACSCurrent'] })
  })

  it('C33 put again with the same id and another value: refused, the first value stays', async () => {
    const { vault } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two', versionId: 'id' })
    const again = { ...S, secretData: 'other', versionId: 'id' }
    await expectFailure(() => vault.putSecretValue(again), 'VERSION_EXISTS')
    expect(await vault.getSecretValue(S)).toMatchObject({ secretData: 'two', versionId: 'id' })
  })

  it('C34 put again when ACSCurrent has moved on: the labels stay where they are', async () => {
    const { vault } = await vaultWithSecret()
    const put = { ...S, secretData: 'two', versionId: 'id' }
    await vault.putSecretValue(put)
    await vault.putSecretValue({ ...S, secretData: 'three' })
    const before = await labelsOf(vault, 'S')
    expect((await vault.putSecretValue(put)).versionStages).toEqual(['ACSPrevious'])
    expect(await labelsOf(vault, 'S')).toEqual(before)
  })
})
