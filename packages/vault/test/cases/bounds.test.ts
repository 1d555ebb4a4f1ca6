/** Cases C58, C66 to C68 and C70: what does not fit is refused. */
import { describe, expect, it } from 'vitest'
import type { GetRandomPasswordRequest, Vault } from 'stagevault'
import { expectFailure } from '../support/failures.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'
import { labelsOf } from '../support/version-labels.js'

const S = { secretName: 'S' }

describe('bounds', () => {
  it('C58 no version is without a value: nothing is pending, and reading it is not found', async () => {
    const { vault } = await vaultWithSecret()
    const pending = { ...S, versionStage: 'ACSPending' }
    await expectFailure(() => vault.getSecretValue(pending), 'STAGE_NOT_FOUND')
    const move = { ...pending, moveToVersion: 'v2' }
    await expectFailure(() => vault.updateSecretVersionStage(move), 'INVALID_PARAMETER')
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSCurrent'] })
  })

  it('C66 passwords have 32 characters, 8 to 128 on demand, and no excluded ones', async () => {
    const { vault } = await newTestVault()
    const draw = async (request?: GetRandomPasswordRequest): Promise<string> =>
      (await vault.getRandomPassword(request)).randomPassword
    expect(await draw()).toHaveLength(32)
    expect(await draw({ passwordLength: 8 })).toHaveLength(8)
    expect(await draw({ passwordLength: 128 })).toHaveLength(128)
    for (const passwordLength of [7, 129]) {
      await expectFailure(() => draw({ passwordLength }), 'INVALID_PARAMETER')
    }
    const types: [keyof GetRandomPasswordRequest, RegExp][] = [
      ['excludeLowercase', /[a-z]/],
      ['excludeUppercase', /[A-Z]/],
      ['excludeNumbers', /[0-9]/],
      ['excludePunctuation', /[^a-zA-Z0-9]/],
    ]
    for (let i = 0; i < 50; i++) {
      const plain = await draw({ passwordLength: 8 })
      for (const [, characters] of types) expect(plain).toMatch(characters)
      for (const [flag, characters] of types) {
        expect(await draw({ [flag]: true })).not.toMatch(characters)
      }
      expect(await draw({ excludeCharacters: 'aA1!' })).not.toMatch(/[aA1!]/)
    }
  })

  it('C67 the eleventh version evicts the oldest unlabelled one; a labelled v0 survives', async () => {
    const { vault } = await newTestVault()
    await vault.createSecret({ ...S, secretData: 'value of v0', versionId: 'v0' })
    await vault.updateSecretVersionStage({ ...S, versionStage: 'keep', moveToVersion: 'v0' })
    for (let i = 1; i <= 10; i++) {
      await vault.putSecretValue({ ...S, secretData: `value of v${i}`, versionId: `v${i}` })
    }
    const ids = Object.keys(await labelsOf(vault, 'S'))
    expect(ids).toEqual(['v0', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'v9', 'v10'])
    expect((await vault.getSecretValue({ ...S, versionStage: 'keep' })).secretData).toBe(
      'value of v0',
    )
  })

  it('C68 a ninth distinct label is refused, and nothing moves', async () => {
    const { vault } = await vaultWithSecret()
    const versionStages = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    await vault.putSecretValue({ ...S, secretData: 'two', versionStages })
    const before = await labelsOf(vault, 'S')
    const ninth = { ...S, versionStage: 'h', moveToVersion: 'v1' }
    await expectFailure(() => vault.updateSecretVersionStage(ninth), 'STAGE_LABEL_LIMIT')
    await expectFailure(() => vault.putSecretValue({ ...S, secretData: 'x' }), 'STAGE_LABEL_LIMIT')
    expect(await labelsOf(vault, 'S')).toEqual(before)
  })

  it('C70 a name with a character outside the charset is refused by every operation', async () => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    const calls: ((vault: Vault, secretName: string) => Promise<unknown>)[] = [
      (to, secretName) => to.createSecret({ secretName, secretData: 'x' }),
      (to, secretName) => to.putSecretValue({ secretName, secretData: 'x' }),
      (to, secretName) => to.getSecretValue({ secretName }),
      (to, secretName) => to.batchGetSecretValue({ secretsList: [S, { secretName }] }),
      (to, secretName) => to.updateSecret({ secretName, description: 'x' }),
      (to, secretName) =>
        to.updateSecretVersionStage({ secretName, versionStage: 'blue', moveToVersion: 'v1' }),
      (to, secretName) => to.describeSecret({ secretName }),
      (to, secretName) => to.listSecretVersionIds({ secretName }),
      (to, secretName) => to.deleteSecret({ secretName }),
      (to, secretName) => to.deleteSecret({ secretName, forceDeleteWithoutRecovery: true }),
      (to, secretName) => to.restoreSecret({ secretName }),
      (to, secretName) => to.tagResource({ secretName, tags: [{ tagKey: 'k', tagValue: 'v' }] }),
      (to, secretName) => to.untagResource({ secretName, tagKeys: ['k'] }),
      (to, secretName) => to.disableVersion({ secretName, versionId: 'v1' }),
      (to, secretName) => to.enableVersion({ secretName, versionId: 'v1' }),
      (to, secretName) => to.destroyVersion({ secretName, versionId: 'v1' }),
      (to, secretName) => to.renameSecret({ secretName, newSecretName: 'T' }),
      (to, newSecretName) => to.renameSecret({ ...S, newSecretName }),
    ]
    const names = ['i n', 'a*', 'a?', 'a]', 'a\\', 'a!', '', 'x'.repeat(193)]
    for (const call of calls) {
      for (const name of names) await expectFailure(() => call(vault, name), 'INVALID_PARAMETER')
    }
    expect(await dump()).toEqual(before)
  })
})
