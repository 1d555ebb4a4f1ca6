import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { expectFailure } from '../support/failures.js'
import { forgeHead } from '../support/forged-records.js'
import { put } from '../support/put.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'
import { labelsOf, listedLabelsOf } from '../support/version-labels.js'

const S = { secretName: 'S' }

async function move(vault: Vault, versionStage: string, moveToVersion: string): Promise<void> {
  await vault.updateSecretVersionStage({ ...S, versionStage, moveToVersion })
}

/** As the start of a rotation leaves it, on the first version. */
function withPending([current, ...others]: SecretState['stages']): SecretState['stages'] {
  if (current === undefined) throw new Error('the secret has no label')
  return [current, { stage: 'ACSPending', number: 1 }, ...others]
}

describe('LBL-8: at most 8 distinct labels', () => {
  const SEVEN = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

  it('LBL-8: seven custom ones besides ACSCurrent, and not one more', async () => {
    const { vault, dump } = await vaultWithSecret()
    for (const label of SEVEN) await move(vault, label, 'v1')
    expect((await labelsOf(vault, 'S'))['v1']).toEqual(['ACSCurrent', ...SEVEN])
    const before = await dump()
    await expectFailure(() => move(vault, 'h', 'v1'), 'STAGE_LABEL_LIMIT')
    await expectFailure(() => put(vault, 'v2', 'h'), 'STAGE_LABEL_LIMIT')
    expect(await dump()).toEqual(before)
  })

  it('LBL-8: an automatic ACSPrevious counts, and the state after the move is judged', async () => {
    const { vault, dump } = await vaultWithSecret()
    await put(vault, 'v2', ...SEVEN)
    const before = await dump()
    await expectFailure(() => put(vault, 'v3'), 'STAGE_LABEL_LIMIT')
    await expectFailure(() => move(vault, 'ACSCurrent', 'v2'), 'STAGE_LABEL_LIMIT')
    expect(await dump()).toEqual(before)
    // Labels that only move are none too many.
    await put(vault, 'v3', ...SEVEN)
    await vault.updateSecretVersionStage({ ...S, versionStage: 'g', removeFromVersion: 'v3' })
    await put(vault, 'v4')
    expect(await listedLabelsOf(vault, 'S')).toEqual({
      v1: ['ACSPrevious'],
      v3: SEVEN.slice(0, 6),
      v4: ['ACSCurrent'],
    })
  })

  it('LBL-8: a put with nine labels is refused too', async () => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    await expectFailure(() => put(vault, 'v2', 'ACSCurrent', ...SEVEN), 'STAGE_LABEL_LIMIT')
    await expectFailure(() => put(vault, 'v2', ...SEVEN, 'h', 'i'), 'STAGE_LABEL_LIMIT')
    expect(await dump()).toEqual(before)
  })

  it('LBL-8: the bound may be configured', async () => {
    const { vault } = await newTestVault({ limits: { stageLabelsMax: 3 } })
    await vault.createSecret({ ...S, secretData: 'one' })
    await put(vault, 'v2')
    await move(vault, 'blue', 'v1')
    await expectFailure(() => move(vault, 'green', 'v1'), 'STAGE_LABEL_LIMIT')
  })

  it('LBL-8: a bound that was lowered refuses no put, move or rollback without a new label', async () => {
    const test = await vaultWithSecret()
    await put(test.vault, 'v2')
    for (const label of SEVEN.slice(0, 6)) await move(test.vault, label, 'v1')
    const low = await test.open({ limits: { stageLabelsMax: 3 } })
    await put(low, 'v3')
    await put(low, 'v4', 'a', 'b')
    await move(low, 'ACSCurrent', 'v2')
    await move(low, 'ACSCurrent', 'v3')
    await move(low, 'c', 'v4')
    expect(await listedLabelsOf(low, 'S')).toEqual({
      v1: ['d', 'e', 'f'],
      v2: ['ACSPrevious'],
      v3: ['ACSCurrent'],
      v4: ['a', 'b', 'c'],
    })
    const before = await test.dump()
    await expectFailure(() => move(low, 'g', 'v1'), 'STAGE_LABEL_LIMIT')
    await expectFailure(() => put(low, 'v5', 'g'), 'STAGE_LABEL_LIMIT')
    expect(await test.dump()).toEqual(before)
    // One that was removed does not come back.
    await low.updateSecretVersionStage({ ...S, versionStage: 'f', removeFromVersion: 'v1' })
    await expectFailure(() => move(low, 'f', 'v1'), 'STAGE_LABEL_LIMIT')
  })

  it('LBL-8: an automatic ACSPrevious is a new label under a lowered bound too', async () => {
    const { vault, open } = await vaultWithSecret()
    for (const label of ['a', 'b']) await move(vault, label, 'v1')
    const low = await open({ limits: { stageLabelsMax: 2 } })
    await expectFailure(() => put(low, 'v2'), 'STAGE_LABEL_LIMIT')
    await put(low, 'v2', 'a')
    await expectFailure(() => move(low, 'ACSCurrent', 'v2'), 'STAGE_LABEL_LIMIT')
  })

  it('LBL-8: ACSPending does not count, before or after', async () => {
    const { vault, storage, key, open } = await vaultWithSecret()
    await put(vault, 'v2', ...SEVEN.slice(0, 6))
    await forgeHead(storage, key, 'S', (state) => ({
      ...state,
      stages: withPending(state.stages),
    }))
    const later = await open()
    await move(later, 'g', 'v1')
    expect((await labelsOf(later, 'S'))['v1']).toEqual(['ACSCurrent', 'ACSPending', 'g'])
    await expectFailure(() => move(later, 'h', 'v1'), 'STAGE_LABEL_LIMIT')
    // The ninth would be ACSPrevious.
    await expectFailure(() => put(later, 'v3'), 'STAGE_LABEL_LIMIT')
    await put(later, 'v3', ...SEVEN)
  })
})
