/** Cases C01 to C16, observed on real services: labels when a value is put. */
import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { put } from '../support/put.js'
import { newTestVault } from '../support/test-vault.js'
import { labelsOf, listedLabelsOf } from '../support/version-labels.js'

const S = { secretName: 'S' }

async function vaultWithV0(): Promise<Vault> {
  const { vault } = await newTestVault()
  await vault.createSecret({ ...S, secretData: 'value of v0', versionId: 'v0' })
  return vault
}

async function promote(
  vault: Vault,
  removeFromVersion: string,
  moveToVersion: string,
): Promise<void> {
  const move = { versionStage: 'ACSCurrent', removeFromVersion, moveToVersion }
  await vault.updateSecretVersionStage({ ...S, ...move })
}

describe('labels on put', () => {
  it('C01 given create v0, when listed, then v0 is current', async () => {
    const vault = await vaultWithV0()
    expect(await listedLabelsOf(vault, 'S')).toEqual({ v0: ['ACSCurrent'] })
  })

  it('C02 then put v1: v0 is previous, v1 current, and the default read gives v1', async () => {
    const vault = await vaultWithV0()
    await put(vault, 'v1')
    expect(await listedLabelsOf(vault, 'S')).toEqual({ v0: ['ACSPrevious'], v1: ['ACSCurrent'] })
    expect(await vault.getSecretValue(S)).toMatchObject({
      versionId: 'v1',
      secretData: 'value of v1',
    })
  })

  it('C03 then put v2: v0 has no label and shows only with includeDeprecated', async () => {
    const vault = await vaultWithV0()
    await put(vault, 'v1')
    await put(vault, 'v2')
    expect(await listedLabelsOf(vault, 'S')).toEqual({ v1: ['ACSPrevious'], v2: ['ACSCurrent'] })
    expect(await labelsOf(vault, 'S')).toEqual({ v0: [], v1: ['ACSPrevious'], v2: ['ACSCurrent'] })
  })

  it('C04 put v1 with S1 and S0: the default read gives v0, stage S1 gives v1', async () => {
    const vault = await vaultWithV0()
    await put(vault, 'v1', 'S1', 'S0')
    const current = await vault.getSecretValue(S)
    expect(current).toMatchObject({ versionId: 'v0', versionStages: ['ACSCurrent'] })
    expect(await vault.getSecretValue({ ...S, versionStage: 'S1' })).toMatchObject({
      versionId: 'v1',
    })
  })

  it('C05 put v1 with S1 and S0, then v2 with S1: v1 keeps S0 alone', async () => {
    const vault = await vaultWithV0()
    await put(vault, 'v1', 'S1', 'S0')
    await put(vault, 'v2', 'S1')
    expect(await listedLabelsOf(vault, 'S')).toEqual({ v0: ['ACSCurrent'], v1: ['S0'], v2: ['S1'] })
  })

  it('C06 of one, two, three on v1 two move with a put of one, two, four', async () => {
    const vault = await vaultWithV0()
    await put(vault, 'v1', 'one', 'two', 'three')
    await put(vault, 'v2', 'one', 'two', 'four')
    expect(await listedLabelsOf(vault, 'S')).toEqual({
      v0: ['ACSCurrent'],
      v1: ['three'],
      v2: ['four', 'one', 'two'],
    })
  })

  it('C07 when all of them move, v1 has none left and the default list leaves it out', async () => {
    const vault = await vaultWithV0()
    await put(vault, 'v1', 'one', 'two', 'three')
    await put(vault, 'v2', 'one', 'two', 'three', 'four')
    expect(await listedLabelsOf(vault, 'S')).toEqual({
      v0: ['ACSCurrent'],
      v2: ['four', 'one', 'three', 'two'],
    })
    expect((await labelsOf(vault, 'S'))['v1']).toEqual([])
  })

  it('C08 put v1 with ACSCurrent and PUT0: v0 is previous', async () => {
    const vault = await vaultWithV0()
    await put(vault, 'v1', 'ACSCurrent', 'PUT0')
    expect(await listedLabelsOf(vault, 'S')).toEqual({
      v0: ['ACSPrevious'],
      v1: ['ACSCurrent', 'PUT0'],
    })
  })

  it('C09 a custom label stays on the version that loses ACSCurrent', async () => {
    const vault = await vaultWithV0()
    await put(vault, 'v1', 'ACSCurrent', 'PUT0')
    await put(vault, 'v2', 'NEXT', 'PUT1')
    await promote(vault, 'v1', 'v2')
    expect(await listedLabelsOf(vault, 'S')).toEqual({
      v1: ['ACSPrevious', 'PUT0'],
      v2: ['ACSCurrent', 'NEXT', 'PUT1'],
    })
    expect((await labelsOf(vault, 'S'))['v0']).toEqual([])
  })

  it('C10 the next round: v1 is still listed, kept by its custom label', async () => {
    const vault = await vaultWithV0()
    await put(vault, 'v1', 'ACSCurrent', 'PUT0')
    await put(vault, 'v2', 'NEXT', 'PUT1')
    await promote(vault, 'v1', 'v2')
    await put(vault, 'v3', 'NEXT', 'PUT2')
    await promote(vault, 'v2', 'v3')
    expect(await listedLabelsOf(vault, 'S')).toEqual({
      v1: ['PUT0'],
      v2: ['ACSPrevious', 'PUT1'],
      v3: ['ACSCurrent', 'NEXT', 'PUT2'],
    })
  })

  it('C12 a put returns exactly the stages given', async () => {
    const vault = await vaultWithV0()
    const request = { ...S, secretData: 'x', versionId: 'v1', versionStages: ['SAMPLE'] }
    expect((await vault.putSecretValue(request)).versionStages).toEqual(['SAMPLE'])
    const current = await vault.putSecretValue({ ...S, secretData: 'y', versionId: 'v2' })
    expect(current.versionStages).toEqual(['ACSCurrent'])
  })

  it('C13 stages come back sorted (ours: no order is documented)', async () => {
    const vault = await vaultWithV0()
    const versionStages = ['zebra', 'ACSCurrent', 'b', 'B', 'a', '1']
    const sorted = ['1', 'ACSCurrent', 'B', 'a', 'b', 'zebra']
    const result = await vault.putSecretValue({
      ...S,
      secretData: 'x',
      versionId: 'v1',
      versionStages,
    })
    expect(result.versionStages).toEqual(sorted)
    expect((await vault.getSecretValue(S)).versionStages).toEqual(sorted)
    expect((await listedLabelsOf(vault, 'S'))['v1']).toEqual(sorted)
  })

  it('C14 a put keeps description and tags', async () => {
    const { vault } = await newTestVault()
    const tags = [{ tagKey: 'Foo', tagValue: 'FooValue' }]
    await vault.createSecret({ ...S, secretData: 'one', description: 'desc', tags })
    await vault.putSecretValue({ ...S, secretData: 'two' })
    expect(await vault.describeSecret(S)).toMatchObject({ description: 'desc', tags })
  })

  it('C15 after two puts the first value is still read by its id', async () => {
    const vault = await vaultWithV0()
    await put(vault, 'v1')
    await put(vault, 'v2')
    const first = await vault.getSecretValue({ ...S, versionId: 'v0' })
    expect(first.secretData).toBe('value of v0')
  })

  it('C16 one value under two ids makes two versions', async () => {
    const vault = await vaultWithV0()
    for (const versionId of ['a', 'b']) {
      await vault.putSecretValue({ ...S, secretData: 'the same', versionId })
    }
    expect(await listedLabelsOf(vault, 'S')).toEqual({ a: ['ACSPrevious'], b: ['ACSCurrent'] })
  })
})
