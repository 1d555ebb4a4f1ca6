/** Secrets that a later release wrote something to that this one does not know. */
import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { expectFailure } from '../support/failures.js'
import { forgeHead } from '../support/forged-records.js'
import type { TestVault } from '../support/test-vault.js'
import { newTestVault } from '../support/test-vault.js'

const S = { secretName: 'S' } as const
const OTHER = { secretName: 'other' } as const
const UNKNOWN = 'UNSUPPORTED_FORMAT'

/** A vault opened on two secrets, of which `S` has two versions and a section that is unknown. */
async function vaultWithSection(isSkippable: boolean): Promise<TestVault> {
  const test = await newTestVault()
  const { vault, storage, key } = test
  for (const secret of [S, OTHER]) await vault.createSecret({ ...secret, secretData: 'one' })
  await vault.putSecretValue({ ...S, secretData: 'two' })
  const section = { number: 40, isSkippable, bytes: new Uint8Array(5) }
  await forgeHead(storage, key, 'S', (state) => ({ ...state, sections: [section] }))
  return { ...test, vault: await test.open() }
}

const READS: readonly (readonly [name: string, read: (vault: Vault) => Promise<unknown>])[] = [
  ['getSecretValue', (vault) => vault.getSecretValue(S)],
  ['describeSecret', (vault) => vault.describeSecret(S)],
  ['listSecretVersionIds', (vault) => vault.listSecretVersionIds(S)],
]

const CHANGES: readonly (readonly [name: string, change: (vault: Vault) => Promise<unknown>])[] = [
  ['putSecretValue', (vault) => vault.putSecretValue({ ...S, secretData: 'three' })],
  ['updateSecret', (vault) => vault.updateSecret({ ...S, description: 'new' })],
  [
    'updateSecretVersionStage',
    (vault) =>
      vault.updateSecretVersionStage({
        ...S,
        versionStage: 'ACSCurrent',
        moveToVersion: 'v1',
      }),
  ],
  ['tagResource', (vault) => vault.tagResource({ ...S, tags: [{ tagKey: 'a', tagValue: 'b' }] })],
  ['disableVersion', (vault) => vault.disableVersion({ ...S, versionId: 'v1' })],
  ['destroyVersion', (vault) => vault.destroyVersion({ ...S, versionId: 'v1' })],
  ['deleteSecret', (vault) => vault.deleteSecret(S)],
  ['renameSecret', (vault) => vault.renameSecret({ ...S, newSecretName: 'renamed' })],
]

describe('a secret with a section that may be skipped', () => {
  it('is read, listed and verified as any other', async () => {
    const { vault } = await vaultWithSection(true)
    expect(await vault.getSecretValue(S)).toMatchObject({ secretData: 'two', versionId: 'v2' })
    for (const [, read] of READS) await read(vault)
    const { secrets } = await vault.listSecrets()
    expect(secrets.map(({ secretName }) => secretName)).toEqual(['S', 'other'])
    expect(await vault.verify()).toMatchObject({ isClean: true, secretCount: 2 })
  })

  it.each(CHANGES)(
    'is not changed by %s, which names the secret and the section',
    async (_, change) => {
      const { vault, dump } = await vaultWithSection(true)
      const before = await dump()
      const { message } = await expectFailure(() => change(vault), UNKNOWN)
      expect(message).toContain('secret S: it has section 40')
      // Also where the head is remembered from a read.
      await vault.describeSecret(S)
      await expectFailure(() => change(vault), UNKNOWN)
      expect(await dump()).toEqual(before)
    },
  )

  it('grants what is so already, as nothing is written', async () => {
    const { vault } = await vaultWithSection(true)
    const again = await vault.putSecretValue({ ...S, versionId: 'v2', secretData: 'two' })
    expect(again).toMatchObject({ versionStages: ['ACSCurrent'] })
    await vault.updateSecret({ ...S, description: '' })
  })

  it('leaves the other secrets of the vault alone', async () => {
    const { vault } = await vaultWithSection(true)
    await vault.putSecretValue({ ...OTHER, secretData: 'two' })
    expect(await vault.getSecretValue(OTHER)).toMatchObject({ secretData: 'two' })
  })
})

describe('a secret with a section that may not be skipped', () => {
  it.each([...READS, ...CHANGES])('is refused by %s', async (_, call) => {
    const { vault, dump } = await vaultWithSection(false)
    const before = await dump()
    const { message } = await expectFailure(() => call(vault), UNKNOWN)
    expect(message).toContain('secret S: it has section 40')
    expect(await dump()).toEqual(before)
  })

  it('is named by lists, batches and verify, which give the others', async () => {
    const { vault } = await vaultWithSection(false)
    await expectFailure(() => vault.listSecrets(), UNKNOWN)
    const { secrets, errors } = await vault.listSecrets({ includeErrors: true })
    expect(secrets.map(({ secretName }) => secretName)).toEqual(['other'])
    expect(errors).toMatchObject([{ secretName: 'S', code: UNKNOWN }])
    const batch = await vault.batchGetSecretValue({ secretsList: [S, OTHER] })
    expect(batch.secretValues).toMatchObject([{ secretName: 'other', secretData: 'one' }])
    expect(batch.errors).toMatchObject([{ secretName: 'S', code: UNKNOWN }])
    const { problems } = await vault.verify()
    expect(problems).toContainEqual(expect.objectContaining({ code: UNKNOWN }))
  })

  it('leaves the other secrets of the vault alone', async () => {
    const { vault } = await vaultWithSection(false)
    await vault.putSecretValue({ ...OTHER, secretData: 'two' })
    expect(await vault.getSecretValue(OTHER)).toMatchObject({ secretData: 'two' })
  })
})
