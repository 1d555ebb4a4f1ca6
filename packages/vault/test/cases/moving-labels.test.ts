/** Cases C17 to C27 and C71: labels that are moved and removed. */
import { describe, expect, it } from 'vitest'
import type { UpdateSecretVersionStageRequest, Vault } from 'stagevault'
import { expectFailure, failureOf } from '../support/failures.js'
import { put } from '../support/put.js'
import { newTestVault } from '../support/test-vault.js'
import { labelsOf, listedLabelsOf } from '../support/version-labels.js'

const S = { secretName: 'S' }

type Move = Omit<UpdateSecretVersionStageRequest, 'secretName'>

async function move(vault: Vault, request: Move): Promise<void> {
  await vault.updateSecretVersionStage({ ...S, ...request })
}

/** v0, and v1 with these labels or, without any, as the current version. */
async function vaultWithV1(...versionStages: string[]): Promise<Vault> {
  const { vault } = await newTestVault()
  await vault.createSecret({ ...S, secretData: 'value of v0', versionId: 'v0' })
  await put(vault, 'v1', ...versionStages)
  return vault
}

const PROMOTE_V1 = { versionStage: 'ACSCurrent', removeFromVersion: 'v0', moveToVersion: 'v1' }

describe('moving labels', () => {
  it('C17 v1 carries a label and gets ACSCurrent: v0 is previous, v1 keeps its label', async () => {
    const vault = await vaultWithV1('next')
    await move(vault, PROMOTE_V1)
    expect(await listedLabelsOf(vault, 'S')).toEqual({
      v0: ['ACSPrevious'],
      v1: ['ACSCurrent', 'next'],
    })
  })

  it('C18 then a put of v2: unlike a pending label the custom one stays on v1', async () => {
    const vault = await vaultWithV1('next')
    await move(vault, PROMOTE_V1)
    await put(vault, 'v2')
    expect(await listedLabelsOf(vault, 'S')).toEqual({
      v1: ['ACSPrevious', 'next'],
      v2: ['ACSCurrent'],
    })
  })

  it('C19 a rollback from v1 to v0 swaps the two', async () => {
    const vault = await vaultWithV1()
    await move(vault, { versionStage: 'ACSCurrent', removeFromVersion: 'v1', moveToVersion: 'v0' })
    expect(await listedLabelsOf(vault, 'S')).toEqual({ v0: ['ACSCurrent'], v1: ['ACSPrevious'] })
  })

  it('C20 the staged label moves to v2, and with its promotion the circle closes', async () => {
    const vault = await vaultWithV1('next')
    await move(vault, PROMOTE_V1)
    await put(vault, 'v2', 'next')
    expect(await listedLabelsOf(vault, 'S')).toEqual({
      v0: ['ACSPrevious'],
      v1: ['ACSCurrent'],
      v2: ['next'],
    })
    await move(vault, { versionStage: 'ACSCurrent', removeFromVersion: 'v1', moveToVersion: 'v2' })
    expect(await listedLabelsOf(vault, 'S')).toEqual({
      v1: ['ACSPrevious'],
      v2: ['ACSCurrent', 'next'],
    })
  })

  it('C21 a custom label moves from v1 to v0, and v1 without a label is still there', async () => {
    const vault = await vaultWithV1('custom')
    await move(vault, { versionStage: 'custom', removeFromVersion: 'v1', moveToVersion: 'v0' })
    expect(await labelsOf(vault, 'S')).toEqual({ v0: ['ACSCurrent', 'custom'], v1: [] })
    const { secretData } = await vault.getSecretValue({ ...S, versionId: 'v1' })
    expect(secretData).toBe('value of v1')
  })

  it('C22 a custom label is removed from the current version', async () => {
    const vault = await vaultWithV1('ACSCurrent', 'custom')
    await move(vault, { versionStage: 'custom', removeFromVersion: 'v1' })
    expect(await listedLabelsOf(vault, 'S')).toEqual({ v0: ['ACSPrevious'], v1: ['ACSCurrent'] })
  })

  it('C23 ACSCurrent moves without its holder being named', async () => {
    const vault = await vaultWithV1('custom')
    await move(vault, { versionStage: 'ACSCurrent', moveToVersion: 'v1' })
    expect(await listedLabelsOf(vault, 'S')).toEqual({
      v0: ['ACSPrevious'],
      v1: ['ACSCurrent', 'custom'],
    })
  })

  it('C24 ACSCurrent is not removed without a place to go', async () => {
    const vault = await vaultWithV1()
    const removal = { versionStage: 'ACSCurrent', removeFromVersion: 'v1' }
    await expectFailure(() => move(vault, removal), 'INVALID_PARAMETER')
    expect(await listedLabelsOf(vault, 'S')).toEqual({ v0: ['ACSPrevious'], v1: ['ACSCurrent'] })
  })

  it('C25 ACSPrevious and ACSPending are not removed either', async () => {
    const vault = await vaultWithV1()
    for (const [versionStage, removeFromVersion] of [
      ['ACSPrevious', 'v0'],
      ['ACSPending', 'v1'],
    ]) {
      const removal = { versionStage, removeFromVersion } as Move
      await expectFailure(() => move(vault, removal), 'INVALID_PARAMETER')
    }
    expect(await listedLabelsOf(vault, 'S')).toEqual({ v0: ['ACSPrevious'], v1: ['ACSCurrent'] })
  })

  it('C26 unknown secrets and versions are not found; a label that is not there is invalid', async () => {
    const vault = await vaultWithV1('custom')
    const request = { versionStage: 'custom', removeFromVersion: 'v1', moveToVersion: 'v0' }
    const unknown = { secretName: 'unknown', ...request }
    await expectFailure(() => vault.updateSecretVersionStage(unknown), 'SECRET_NOT_FOUND')
    const cases: [Partial<Move>, string][] = [
      [{ removeFromVersion: 'v9' }, 'VERSION_NOT_FOUND'],
      [{ removeFromVersion: 'v0', moveToVersion: 'v1' }, 'INVALID_PARAMETER'],
      [{ versionStage: 'absent' }, 'INVALID_PARAMETER'],
      [{ moveToVersion: 'v9' }, 'VERSION_NOT_FOUND'],
    ]
    for (const [change, code] of cases) {
      await expectFailure(() => move(vault, { ...request, ...change }), code)
    }
    expect(await listedLabelsOf(vault, 'S')).toEqual({ v0: ['ACSCurrent'], v1: ['custom'] })
  })

  it('C27 neither removeFromVersion nor moveToVersion is invalid', async () => {
    const vault = await vaultWithV1('custom')
    await expectFailure(() => move(vault, { versionStage: 'custom' }), 'INVALID_PARAMETER')
    await expectFailure(() => move(vault, { versionStage: 'ACSCurrent' }), 'INVALID_PARAMETER')
  })

  it('C71 a custom label that begins like a built-in one is accepted', async () => {
    const vault = await vaultWithV1('ACSNext', 'ACSomething')
    expect((await listedLabelsOf(vault, 'S'))['v1']).toEqual(['ACSNext', 'ACSomething'])
    const error = await failureOf(() =>
      move(vault, { versionStage: 'acscurrent', moveToVersion: 'v1' }),
    )
    expect(error.message).toContain('ACSCurrent')
  })
})
