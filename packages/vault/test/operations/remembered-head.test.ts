/** Changes that are decided on the head seen last, without reading it again. */
import { describe, expect, it } from 'vitest'
import { DELETION_LOOK_MS_MIN } from '@stagevault/core/limits'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { countingStorage } from '../support/counting-storage.js'
import { expectFailure } from '../support/failures.js'
import { DAY_MS } from '../support/test-clock.js'
import { vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }

describe('a change of a secret that was seen', () => {
  it('is one commit and no read, for every kind of change', async () => {
    const { storage, take } = countingStorage(createMemoryStorage())
    const { vault } = await vaultWithSecret({ storage })
    const changes = [
      () => vault.putSecretValue({ ...S, secretData: 'two' }),
      () =>
        vault.updateSecretVersionStage({
          ...S,
          versionStage: 'ACSCurrent',
          moveToVersion: 'v1',
        }),
      () => vault.updateSecret({ ...S, description: 'text' }),
      () => vault.deleteSecret(S),
      () => vault.restoreSecret(S),
    ]
    for (const change of changes) {
      take()
      await change()
      expect(take()).toMatchObject({ calls: 1, commits: 1 })
    }
  })

  it('is made on what others have written since, which costs one more attempt', async () => {
    const { storage, take } = countingStorage(createMemoryStorage())
    const { vault, open } = await vaultWithSecret({ storage })
    const other = await open()
    await other.putSecretValue({ ...S, secretData: 'two' })
    take()
    expect(await vault.putSecretValue({ ...S, secretData: 'three' })).toMatchObject({
      versionId: 'v3',
    })
    expect(take()).toMatchObject({ calls: 3, commits: 2 })
    const { versionId } = await vault.getSecretValue({ ...S, versionStage: 'ACSPrevious' })
    expect(versionId).toBe('v2')
  })

  it('is not refused for what no longer stands in its way', async () => {
    const { vault, open } = await vaultWithSecret()
    const other = await open()
    await vault.deleteSecret(S)
    await other.restoreSecret(S)
    await vault.putSecretValue({ ...S, secretData: 'two' })
    const expectedCurrentVersionId = 'v3'
    await other.putSecretValue({ ...S, secretData: 'three' })
    await vault.putSecretValue({ ...S, secretData: 'four', expectedCurrentVersionId })
    expect(await vault.getSecretValue(S)).toMatchObject({ versionId: 'v4', secretData: 'four' })
  })

  it('is refused for what others have done since', async () => {
    const { vault, open } = await vaultWithSecret()
    const other = await open()
    await other.deleteSecret(S)
    const put = () => vault.putSecretValue({ ...S, secretData: 'two' })
    await expectFailure(put, 'SECRET_IN_DELETE_WINDOW')
    await other.deleteSecret({ ...S, forceDeleteWithoutRecovery: true })
    await expectFailure(put, 'SECRET_NOT_FOUND')
  })

  it('is not taken for made because a former secret of that name had it', async () => {
    const { vault, open } = await vaultWithSecret()
    const other = await open()
    const put = { ...S, secretData: 'two', versionId: 'id' }
    await vault.putSecretValue(put)
    await other.deleteSecret({ ...S, forceDeleteWithoutRecovery: true })
    await other.createSecret({ ...S, secretData: 'new' })
    await vault.putSecretValue(put)
    expect(await other.getSecretValue(S)).toMatchObject({ versionId: 'id', secretData: 'two' })
  })

  it('does not bring back what a sweep has deleted', async () => {
    const { vault, clock, open } = await vaultWithSecret()
    await vault.deleteSecret({ ...S, recoveryWindowInDays: 7 })
    clock.advance(7 * DAY_MS)
    for (let look = 0; look < 2; look++) {
      await open()
      clock.advance(DELETION_LOOK_MS_MIN)
    }
    await expectFailure(() => vault.restoreSecret(S), 'SECRET_NOT_FOUND')
  })
})
