/** Cases C36 to C42: reading and listing. */
import { describe, expect, it } from 'vitest'
import type { Filter, Vault } from 'stagevault'
import { expectFailure, failureOf } from '../support/failures.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'
import { labelsOf } from '../support/version-labels.js'

const S = { secretName: 'S' }

describe('reading', () => {
  it('C36 the ARN reads what the name reads', async () => {
    const { vault } = await vaultWithSecret()
    const { arn } = await vault.describeSecret(S)
    const byArn = await vault.getSecretValue({ secretName: arn })
    expect(byArn).toEqual(await vault.getSecretValue(S))
    expect(byArn.secretData).toBe('one')
  })

  it('C37 an unknown secret, id or stage is not found, and the message names it', async () => {
    const { vault } = await vaultWithSecret()
    const cases: [Record<string, string>, string, string][] = [
      [{ secretName: 'unknown' }, 'SECRET_NOT_FOUND', 'unknown'],
      [{ ...S, versionId: 'v7' }, 'VERSION_NOT_FOUND', 'v7'],
      [{ ...S, versionStage: 'ACSPrevious' }, 'STAGE_NOT_FOUND', 'ACSPrevious'],
      [{ ...S, versionStage: 'blue' }, 'STAGE_NOT_FOUND', 'blue'],
    ]
    for (const [request, code, named] of cases) {
      const error = await expectFailure(() => vault.getSecretValue(request as never), code)
      expect(error.message).toContain(named)
    }
  })

  it('C38 an id and a stage that disagree are invalid, and the message names both', async () => {
    const { vault } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two' })
    const request = { ...S, versionId: 'v1', versionStage: 'ACSCurrent' }
    const error = await expectFailure(() => vault.getSecretValue(request), 'INVALID_PARAMETER')
    expect(error.message).toContain('v1')
    expect(error.message).toContain('ACSCurrent')
    const agreeing = { ...S, versionId: 'v1', versionStage: 'ACSPrevious' }
    expect((await vault.getSecretValue(agreeing)).secretData).toBe('one')
  })

  it('C39 every byte of a binary value comes back', async () => {
    const { vault } = await newTestVault()
    const secretData = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    await vault.createSecret({ ...S, secretData })
    const read = await vault.getSecretValue(S)
    expect(read.secretDataType).toBe('binary')
    expect(read.secretData).toEqual(secretData)
  })

  it('C40 a batch gives the values it can, and an error for each other secret', async () => {
    const { vault } = await vaultWithSecret()
    await vault.createSecret({ secretName: 'gone', secretData: 'x' })
    await vault.deleteSecret({ secretName: 'gone' })
    const secretsList = ['missing', 'S', 'gone'].map((secretName) => ({ secretName }))
    const { secretValues, errors } = await vault.batchGetSecretValue({ secretsList })
    expect(secretValues.map(({ secretName, secretData }) => [secretName, secretData])).toEqual([
      ['S', 'one'],
    ])
    expect(errors.map(({ secretName, code }) => [secretName, code])).toEqual([
      ['missing', 'SECRET_NOT_FOUND'],
      ['gone', 'SECRET_IN_DELETE_WINDOW'],
    ])
    const many = Array.from({ length: 21 }, () => S)
    await expectFailure(() => vault.batchGetSecretValue({ secretsList: many }), 'INVALID_PARAMETER')
    const filtered = { secretsList: [S], filters: [] }
    await expectFailure(() => vault.batchGetSecretValue(filtered), 'INVALID_PARAMETER')
  })

  it('C41 reading and listing agree on the labels of every version', async () => {
    const { vault } = await vaultWithSecret()
    for (const versionStages of [['a', 'b'], ['ACSCurrent', 'b'], ['c'], ['ACSCurrent']]) {
      await vault.putSecretValue({ ...S, secretData: versionStages.join(), versionStages })
    }
    const listed = await labelsOf(vault, 'S')
    expect(Object.keys(listed)).toHaveLength(5)
    for (const [versionId, labels] of Object.entries(listed)) {
      expect((await vault.getSecretValue({ ...S, versionId })).versionStages).toEqual(labels)
      for (const versionStage of labels) {
        expect((await vault.getSecretValue({ ...S, versionStage })).versionId).toBe(versionId)
      }
    }
  })
})

async function namesWith(vault: Vault, ...filters: Filter[]): Promise<string[]> {
  const { secrets } = await vault.listSecrets({ filters })
  return secrets.map(({ secretName }) => secretName)
}

describe('filters', () => {
  it('C42 values of one key are ORed, keys are ANDed; a bad or repeated key is an error', async () => {
    const { vault } = await newTestVault()
    const tag = (tagKey: string, tagValue: string): { tagKey: string; tagValue: string }[] => [
      { tagKey, tagValue },
    ]
    const secrets = [
      { secretName: 'app/db', description: 'the Database', tags: tag('env', 'prod') },
      { secretName: 'app/mail', description: 'the mailer', tags: tag('env', 'test') },
      { secretName: 'web/db', description: 'another database', tags: tag('team', 'prod') },
    ]
    for (const secret of secrets) await vault.createSecret({ ...secret, secretData: 'x' })
    const name = (...values: string[]): Filter => ({ key: 'SecretName', values })
    expect(await namesWith(vault, name('APP/'))).toEqual(['app/db', 'app/mail'])
    expect(await namesWith(vault, name('mail', 'web'))).toEqual(['app/mail', 'web/db'])
    expect(await namesWith(vault, { key: 'Description', values: ['DATABASE'] })).toEqual([
      'app/db',
      'web/db',
    ])
    expect(await namesWith(vault, { key: 'TagKey', values: ['env'] })).toEqual([
      'app/db',
      'app/mail',
    ])
    expect(await namesWith(vault, { key: 'TagValue', values: ['prod'] })).toEqual([
      'app/db',
      'web/db',
    ])
    expect(await namesWith(vault, { key: 'TagKey', values: ['env'] }, name('db'))).toEqual([
      'app/db',
    ])
    const wrong = [[{ key: 'Owner', values: ['x'] }], [name('a'), name('b')]]
    for (const filters of wrong) {
      const error = await failureOf(() => vault.listSecrets({ filters: filters as never }))
      expect(error).toMatchObject({ code: 'INVALID_PARAMETER' })
    }
  })
})
