import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { codeOf, expectFailure } from '../support/failures.js'
import { newTestVault, sharedMemory, vaultWithSecret } from '../support/test-vault.js'
import { labelsOf, readEvery } from '../support/version-labels.js'

const S = { secretName: 'S' }

describe('createSecret', () => {
  it('gives arn, name, type and version', async () => {
    const { vault } = await newTestVault()
    expect(await vault.createSecret({ ...S, secretData: 'one' })).toEqual({
      arn: `acs:kms:local:${vault.vaultId}:secret/S`,
      secretName: 'S',
      secretType: 'Generic',
      versionId: 'v1',
    })
    const own = {
      secretName: 'T',
      secretData: 'x',
      versionId: 'mine',
      secretType: 'Generic',
    } as const
    expect(await vault.createSecret(own)).toMatchObject({ versionId: 'mine' })
  })

  it('takes the ARN for the name', async () => {
    const { vault } = await newTestVault()
    const secretName = `acs:kms:local:${vault.vaultId}:secret/by/arn`
    expect((await vault.createSecret({ secretName, secretData: 'x' })).secretName).toBe('by/arn')
  })

  it('refuses the prefix of the managed types, and only that', async () => {
    const { vault } = await newTestVault()
    const create = (secretName: string): Promise<unknown> =>
      vault.createSecret({ secretName, secretData: 'x' })
    for (const name of ['acs/', 'acs/ram/user/x', 'acs/ecs/']) {
      await expectFailure(() => create(name), 'INVALID_PARAMETER')
    }
    for (const name of ['acs', 'ACS/x', 'x/acs/', '/acs/']) await create(name)
  })

  it('of many that create one name exactly one succeeds', async () => {
    const memory = sharedMemory()
    const { vault, open } = await newTestVault({ storage: memory.open() })
    const other = await open({ storage: memory.open() })
    const attempts = Array.from({ length: 10 }, (_, i) =>
      (i % 2 === 0 ? vault : other).createSecret({ ...S, secretData: `by ${i}` }),
    )
    const outcomes = await Promise.allSettled(attempts)
    const won = outcomes.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []))
    expect(won).toHaveLength(1)
    const codes = outcomes.flatMap((each) =>
      each.status === 'rejected' ? [codeOf(each.reason as Error)] : [],
    )
    expect(new Set(codes)).toEqual(new Set(['SECRET_EXISTS']))
    expect((await vault.getSecretValue(S)).secretData).toBe(`by ${won[0] ?? ''}`)
  })
})

describe('values', () => {
  it.each([
    ['one character', 'x'],
    ['30,720 ASCII characters', 'x'.repeat(30_720)],
    ['10,240 characters of three bytes', '€'.repeat(10_240)],
    ['a byte order mark', '\ufeffx'],
    ['zeros and control characters', '\0\n\r\t\u007f'],
    ['characters beyond the BMP', '👩‍👩‍👧 𝄞'],
    ['composed and decomposed forms', 'é e\u0301'],
  ])('text comes back as it was: %s', async (_what, secretData) => {
    const { vault } = await newTestVault()
    await vault.createSecret({ ...S, secretData, secretDataType: 'text' })
    const read = await vault.getSecretValue(S)
    expect(read.secretDataType).toBe('text')
    expect(read.secretData === secretData).toBe(true)
  })

  it('the bound counts bytes of UTF-8', async () => {
    const { vault, dump } = await newTestVault()
    const before = await dump()
    const values = [
      '',
      'x'.repeat(30_721),
      '€'.repeat(10_241),
      new Uint8Array(0),
      new Uint8Array(30_721),
    ]
    for (const secretData of values) {
      await expectFailure(() => vault.createSecret({ ...S, secretData }), 'INVALID_PARAMETER')
    }
    expect(await dump()).toEqual(before)
    await vault.createSecret({ ...S, secretData: new Uint8Array(30_720) })
  })

  it('the type, where it is given, has to be that of the value', async () => {
    const { vault } = await newTestVault()
    const wrong = [
      { secretData: 'x', secretDataType: 'binary' },
      { secretData: Uint8Array.of(1), secretDataType: 'text' },
      { secretData: 'x', secretDataType: 'Text' },
    ]
    for (const value of wrong) {
      const request = { ...S, ...value } as never
      await expectFailure(() => vault.createSecret(request), 'INVALID_PARAMETER')
    }
  })
})

describe('putSecretValue', () => {
  it("gives name, version and exactly the new version's stages", async () => {
    const { vault } = await vaultWithSecret()
    expect(await vault.putSecretValue({ ...S, secretData: 'two' })).toEqual({
      ...S,
      versionId: 'v2',
      versionStages: ['ACSCurrent'],
    })
    const staged = { ...S, secretData: 'three', versionId: 'x', versionStages: ['b', 'a'] }
    expect(await vault.putSecretValue(staged)).toEqual({
      ...S,
      versionId: 'x',
      versionStages: ['a', 'b'],
    })
  })

  it('an absent secret is not found', async () => {
    const { vault } = await newTestVault()
    await expectFailure(() => vault.putSecretValue({ ...S, secretData: 'x' }), 'SECRET_NOT_FOUND')
  })

  it('many at once all get a version of their own', async () => {
    const { vault } = await vaultWithSecret()
    const values = Array.from({ length: 9 }, (_, i) => `value ${i}`)
    const puts = values.map((secretData) => vault.putSecretValue({ ...S, secretData }))
    const ids = (await Promise.all(puts)).map(({ versionId }) => versionId)
    expect(ids).toEqual(values.map((_, i) => `v${i + 2}`))
    const read = await readEvery(vault, 'S')
    expect(ids.map((id) => read[id])).toEqual(values)
  })
})

describe('compare-and-set', () => {
  const from = (vault: Vault, expectedCurrentVersionId: string, more = {}): Promise<unknown> =>
    vault.putSecretValue({ ...S, secretData: 'new', expectedCurrentVersionId, ...more })

  it('stores when the expected version is current, and is VERSION_CONFLICT otherwise', async () => {
    const { vault, dump } = await vaultWithSecret()
    await from(vault, 'v1')
    const before = await dump()
    for (const id of ['v1', 'v3', 'unknown']) {
      const error = await expectFailure(() => from(vault, id), 'VERSION_CONFLICT')
      expect(error.message).toContain('v2')
    }
    expect(await dump()).toEqual(before)
  })

  it('looks at the current version also when other labels are put', async () => {
    const { vault } = await vaultWithSecret()
    await from(vault, 'v1', { versionStages: ['blue'] })
    const green = { versionStages: ['green'] }
    await expectFailure(() => from(vault, 'v2', green), 'VERSION_CONFLICT')
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSCurrent'], v2: ['blue'] })
  })

  it('of those that expect one version exactly one succeeds, through several handles', async () => {
    const memory = sharedMemory()
    const { vault, open } = await newTestVault({ storage: memory.open() })
    await vault.createSecret({ ...S, secretData: 'one' })
    const other = await open({ storage: memory.open() })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => from(i % 2 === 0 ? vault : other, 'v1')),
    )
    const failures = outcomes.flatMap((each) =>
      each.status === 'rejected' ? [codeOf(each.reason as Error)] : [],
    )
    expect(failures).toEqual(Array.from({ length: 7 }, () => 'VERSION_CONFLICT'))
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSPrevious'], v2: ['ACSCurrent'] })
  })

  it('a store that always lets others win ends in CONFLICT, with nothing written', async () => {
    const inner = createMemoryStorage()
    let isContended = false
    let commits = 0
    const storage = {
      ...inner,
      commit: (commit: Parameters<typeof inner.commit>[0]) => {
        commits += 1
        return isContended ? Promise.resolve('conflict' as const) : inner.commit(commit)
      },
    }
    const { open, dump } = await vaultWithSecret({ storage })
    const before = await dump()
    const vault = await open({ commitTimeoutSeconds: 1 })
    isContended = true
    commits = 0
    await expectFailure(() => vault.putSecretValue({ ...S, secretData: 'two' }), 'CONFLICT')
    expect(commits).toBeGreaterThan(1)
    expect(await dump()).toEqual(before)
    isContended = false
    await vault.putSecretValue({ ...S, secretData: 'two' })
  })
})
