import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { expectFailure } from '../support/failures.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'
import { labelsOf, listedLabelsOf } from '../support/version-labels.js'

const S = { secretName: 'S' }

async function put(vault: Vault, value: string, ...versionStages: string[]): Promise<void> {
  const stages = versionStages.length === 0 ? {} : { versionStages }
  await vault.putSecretValue({ ...S, secretData: value, ...stages })
}

async function move(vault: Vault, versionStage: string, moveToVersion: string): Promise<void> {
  await vault.updateSecretVersionStage({ ...S, versionStage, moveToVersion })
}

describe('LBL-8: at most 8 distinct labels', () => {
  const SEVEN = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

  it('LBL-8: seven custom ones beside ACSCurrent, and not one more', async () => {
    const { vault, dump } = await vaultWithSecret()
    for (const label of SEVEN) await move(vault, label, 'v1')
    expect((await labelsOf(vault, 'S'))['v1']).toEqual(['ACSCurrent', ...SEVEN])
    const before = await dump()
    await expectFailure(() => move(vault, 'h', 'v1'), 'STAGE_LABEL_LIMIT')
    await expectFailure(() => put(vault, 'two', 'h'), 'STAGE_LABEL_LIMIT')
    expect(await dump()).toEqual(before)
  })

  it('LBL-8: an automatic ACSPrevious counts, and the state after the move is judged', async () => {
    const { vault, dump } = await vaultWithSecret()
    await put(vault, 'two', ...SEVEN)
    const before = await dump()
    await expectFailure(() => put(vault, 'three'), 'STAGE_LABEL_LIMIT')
    await expectFailure(() => move(vault, 'ACSCurrent', 'v2'), 'STAGE_LABEL_LIMIT')
    expect(await dump()).toEqual(before)
    // Labels that only move are none too many.
    await put(vault, 'three', ...SEVEN)
    await vault.updateSecretVersionStage({ ...S, versionStage: 'g', removeFromVersion: 'v3' })
    await put(vault, 'four')
    expect(await listedLabelsOf(vault, 'S')).toEqual({
      v1: ['ACSPrevious'], v3: SEVEN.slice(0, 6), v4: ['ACSCurrent'],
    })
  })

  it('LBL-8: a put with nine labels is one more as well', async () => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    await expectFailure(() => put(vault, 'two', 'ACSCurrent', ...SEVEN), 'STAGE_LABEL_LIMIT')
    await expectFailure(() => put(vault, 'two', ...SEVEN, 'h', 'i'), 'STAGE_LABEL_LIMIT')
    expect(await dump()).toEqual(before)
  })

  it('LBL-8: the bound may be configured', async () => {
    const { vault } = await newTestVault({ limits: { stageLabelsMax: 3 } })
    await vault.createSecret({ ...S, secretData: 'one' })
    await put(vault, 'two')
    await move(vault, 'blue', 'v1')
    await expectFailure(() => move(vault, 'green', 'v1'), 'STAGE_LABEL_LIMIT')
  })
})
