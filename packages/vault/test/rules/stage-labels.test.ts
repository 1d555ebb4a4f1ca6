import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { expectFailure, failureOf } from '../support/failures.js'
import { put } from '../support/put.js'
import { vaultWithSecret } from '../support/test-vault.js'
import { labelsOf } from '../support/version-labels.js'

const S = { secretName: 'S' }

async function move(
  vault: Vault,
  versionStage: string,
  moveToVersion: string,
  removeFromVersion?: string,
): Promise<void> {
  const from = removeFromVersion === undefined ? {} : { removeFromVersion }
  await vault.updateSecretVersionStage({ ...S, versionStage, moveToVersion, ...from })
}

describe('LBL-1: a label points at exactly one version', () => {
  it('LBL-1: a version has none, one or more labels, and a label that is put moves', async () => {
    const { vault } = await vaultWithSecret()
    await put(vault, 'v2', 'blue')
    await put(vault, 'v3', 'blue', 'green')
    expect(await labelsOf(vault, 'S')).toEqual({
      v1: ['ACSCurrent'],
      v2: [],
      v3: ['blue', 'green'],
    })
    await move(vault, 'blue', 'v1')
    expect(await labelsOf(vault, 'S')).toEqual({
      v1: ['ACSCurrent', 'blue'],
      v2: [],
      v3: ['green'],
    })
  })

  it('LBL-1: labels of one secret say nothing about another', async () => {
    const { vault } = await vaultWithSecret()
    await vault.createSecret({ secretName: 'T', secretData: 'one' })
    await put(vault, 'v2', 'blue')
    await vault.putSecretValue({ secretName: 'T', secretData: 'x', versionStages: ['blue'] })
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSCurrent'], v2: ['blue'] })
    expect(await labelsOf(vault, 'T')).toEqual({ v1: ['ACSCurrent'], v2: ['blue'] })
  })
})

describe('LBL-2: built-in labels and their likes', () => {
  const VARIANTS = [
    'acscurrent',
    'ACSCURRENT',
    'AcsCurrent',
    'ACSprevious',
    'acsPending',
    'ACSPENDING',
  ]

  it.each(VARIANTS)('LBL-2: %s is refused wherever a label is given', async (label) => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    const calls = [
      () => put(vault, 'v2', label),
      () => put(vault, 'v2', 'blue', label),
      () => move(vault, label, 'v1'),
      () => vault.updateSecretVersionStage({ ...S, versionStage: label, removeFromVersion: 'v1' }),
      () => vault.getSecretValue({ ...S, versionStage: label }),
      () => vault.batchGetSecretValue({ secretsList: [{ ...S, versionStage: label }] }),
    ]
    for (const call of calls) await expectFailure(call, 'INVALID_PARAMETER')
    expect(await dump()).toEqual(before)
  })

  it('LBL-2: the prefix ACS is not reserved, and custom labels tell cases apart', async () => {
    const { vault } = await vaultWithSecret()
    await put(vault, 'v2', 'ACSNext', 'ACS', 'ACSCurrent2', 'Blue', 'blue')
    expect((await labelsOf(vault, 'S'))['v2']).toEqual([
      'ACS',
      'ACSCurrent2',
      'ACSNext',
      'Blue',
      'blue',
    ])
  })
})

it('LBL-3: a secret has exactly one ACSCurrent at all times', async () => {
  const { vault } = await vaultWithSecret({ limits: { versionsMax: 3 } })
  const steps: (() => Promise<unknown>)[] = [
    () => put(vault, 'v2'),
    () => put(vault, 'v3', 'blue'),
    () => move(vault, 'ACSCurrent', 'v3'),
    () => move(vault, 'ACSCurrent', 'v3'),
    () =>
      vault.updateSecretVersionStage({ ...S, versionStage: 'ACSCurrent', removeFromVersion: 'v3' }),
    () => move(vault, 'ACSPrevious', 'v3'),
    () => vault.disableVersion({ ...S, versionId: 'v3' }),
    () => vault.destroyVersion({ ...S, versionId: 'v3' }),
    () => put(vault, 'v4', 'ACSCurrent', 'green'),
    () => put(vault, 'v5', 'green'),
    () => vault.deleteSecret(S),
    () => put(vault, 'v6'),
    () => vault.restoreSecret(S),
    () => move(vault, 'ACSCurrent', 'v4'),
    () => put(vault, 'v6'),
  ]
  const refused: number[] = []
  for (const [i, step] of steps.entries()) {
    await step().catch(() => refused.push(i))
    const holders = Object.values(await labelsOf(vault, 'S')).filter((labels) =>
      labels.includes('ACSCurrent'),
    )
    expect(holders).toHaveLength(1)
  }
  // Refusals among the steps; the last one finds every version labelled.
  expect(refused).toEqual([4, 5, 6, 7, 11, 14])
})

describe('LBL-4: a put without stages', () => {
  it('LBL-4: the new version is current, the former one previous with its custom labels', async () => {
    const { vault } = await vaultWithSecret()
    await move(vault, 'blue', 'v1')
    await put(vault, 'v2')
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSPrevious', 'blue'], v2: ['ACSCurrent'] })
    await put(vault, 'v3')
    expect(await labelsOf(vault, 'S')).toEqual({
      v1: ['blue'],
      v2: ['ACSPrevious'],
      v3: ['ACSCurrent'],
    })
  })
})

describe('LBL-5: a put with stages', () => {
  it('LBL-5: the new version has exactly those labels, and the built-in ones stay', async () => {
    const { vault } = await vaultWithSecret()
    await put(vault, 'v2')
    const result = await vault.putSecretValue({ ...S, secretData: 'x', versionStages: ['z', 'a'] })
    expect(result).toEqual({ ...S, versionId: 'v3', versionStages: ['a', 'z'] })
    expect(await labelsOf(vault, 'S')).toEqual({
      v1: ['ACSPrevious'],
      v2: ['ACSCurrent'],
      v3: ['a', 'z'],
    })
  })

  it('LBL-5: with ACSCurrent among them the former current one becomes previous', async () => {
    const { vault } = await vaultWithSecret()
    await put(vault, 'v2')
    await put(vault, 'v3', 'blue', 'ACSCurrent')
    expect(await labelsOf(vault, 'S')).toEqual({
      v1: [],
      v2: ['ACSPrevious'],
      v3: ['ACSCurrent', 'blue'],
    })
  })

  it('LBL-5: a label that stood elsewhere moves', async () => {
    const { vault } = await vaultWithSecret()
    await put(vault, 'v2', 'blue', 'green')
    await put(vault, 'v3', 'blue')
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSCurrent'], v2: ['green'], v3: ['blue'] })
  })

  it.each([
    ['an empty list', []],
    ['a duplicate', ['blue', 'green', 'blue']],
    ['ACSCurrent twice', ['ACSCurrent', 'ACSCurrent']],
    ['ACSPrevious', ['ACSPrevious']],
    ['ACSPrevious next to ACSCurrent', ['ACSCurrent', 'ACSPrevious']],
    ['ACSPending', ['ACSPending']],
    ['ACSPending among others', ['blue', 'ACSPending']],
  ])('LBL-5: %s is invalid', async (_what, versionStages) => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    await expectFailure(
      () => vault.putSecretValue({ ...S, secretData: 'two', versionStages }),
      'INVALID_PARAMETER',
    )
    expect(await dump()).toEqual(before)
  })
})

describe('LBL-6: however ACSCurrent moves', () => {
  it('LBL-6: the version that lost it gets ACSPrevious, and the one that had that loses it', async () => {
    const { vault } = await vaultWithSecret()
    await put(vault, 'v2')
    await put(vault, 'v3', 'next')
    await move(vault, 'ACSCurrent', 'v3')
    expect(await labelsOf(vault, 'S')).toEqual({
      v1: [],
      v2: ['ACSPrevious'],
      v3: ['ACSCurrent', 'next'],
    })
  })

  it('LBL-6: the way back to the previous version swaps the two, again and again', async () => {
    const { vault } = await vaultWithSecret()
    await put(vault, 'v2')
    for (let i = 0; i < 3; i++) {
      await move(vault, 'ACSCurrent', 'v1')
      expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSCurrent'], v2: ['ACSPrevious'] })
      expect((await vault.getSecretValue(S)).secretData).toBe('one')
      await move(vault, 'ACSCurrent', 'v2', 'v1')
      expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSPrevious'], v2: ['ACSCurrent'] })
    }
  })
})

describe('LBL-7: updateSecretVersionStage', () => {
  it('LBL-7: moveToVersion alone adds a label, and moves one without naming its holder', async () => {
    const { vault } = await vaultWithSecret()
    await put(vault, 'v2')
    await move(vault, 'blue', 'v1')
    expect((await labelsOf(vault, 'S'))['v1']).toEqual(['ACSPrevious', 'blue'])
    await move(vault, 'blue', 'v2')
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSPrevious'], v2: ['ACSCurrent', 'blue'] })
  })

  it('LBL-7: removeFromVersion alone removes a custom label', async () => {
    const { vault } = await vaultWithSecret()
    await put(vault, 'v2', 'blue', 'green')
    const removal = { ...S, versionStage: 'blue', removeFromVersion: 'v2' }
    expect(await vault.updateSecretVersionStage(removal)).toEqual(S)
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSCurrent'], v2: ['green'] })
  })

  it('LBL-7: both move the label and require that it stands there', async () => {
    const { vault, dump } = await vaultWithSecret()
    await put(vault, 'v2', 'blue')
    await put(vault, 'v3', 'green')
    const before = await dump()
    const wrong = [
      () => move(vault, 'blue', 'v1', 'v3'),
      () => move(vault, 'ACSCurrent', 'v2', 'v3'),
      () => move(vault, 'nowhere', 'v1', 'v2'),
    ]
    for (const call of wrong) await expectFailure(call, 'INVALID_PARAMETER')
    expect(await dump()).toEqual(before)
    await move(vault, 'blue', 'v1', 'v2')
    expect(await labelsOf(vault, 'S')).toEqual({
      v1: ['ACSCurrent', 'blue'],
      v2: [],
      v3: ['green'],
    })
  })

  it('LBL-7: the refusal names the version that carries the label', async () => {
    const { vault } = await vaultWithSecret()
    await put(vault, 'v2', 'blue')
    const error = await failureOf(() => move(vault, 'blue', 'v2', 'v1'))
    expect(error.message).toContain('v2')
    expect(error.message).toContain('blue')
  })

  it('LBL-7: ACSCurrent and ACSPrevious can be moved, never removed', async () => {
    const { vault, dump } = await vaultWithSecret()
    await put(vault, 'v2')
    await put(vault, 'v3')
    const before = await dump()
    for (const [versionStage, removeFromVersion] of [
      ['ACSCurrent', 'v3'],
      ['ACSPrevious', 'v2'],
    ]) {
      const removal = { ...S, versionStage, removeFromVersion } as never
      await expectFailure(() => vault.updateSecretVersionStage(removal), 'INVALID_PARAMETER')
    }
    expect(await dump()).toEqual(before)
    await move(vault, 'ACSPrevious', 'v1')
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSPrevious'], v2: [], v3: ['ACSCurrent'] })
  })

  it('LBL-7: ACSPrevious cannot be moved onto the current version', async () => {
    const { vault } = await vaultWithSecret()
    await expectFailure(() => move(vault, 'ACSPrevious', 'v1'), 'INVALID_PARAMETER')
    await put(vault, 'v2')
    await expectFailure(() => move(vault, 'ACSPrevious', 'v2'), 'INVALID_PARAMETER')
    await expectFailure(() => move(vault, 'ACSPrevious', 'v2', 'v1'), 'INVALID_PARAMETER')
  })

  it('LBL-7: neither version given is invalid', async () => {
    const { vault } = await vaultWithSecret()
    for (const versionStage of ['ACSCurrent', 'ACSPrevious', 'blue']) {
      await expectFailure(
        () => vault.updateSecretVersionStage({ ...S, versionStage }),
        'INVALID_PARAMETER',
      )
    }
  })

  it('LBL-7: moving a label to where it is succeeds and changes nothing', async () => {
    const { vault, dump } = await vaultWithSecret()
    await put(vault, 'v2', 'ACSCurrent', 'blue')
    const before = await dump()
    await move(vault, 'ACSCurrent', 'v2')
    await move(vault, 'ACSCurrent', 'v2', 'v2')
    await move(vault, 'ACSPrevious', 'v1')
    await move(vault, 'blue', 'v2')
    expect(await dump()).toEqual(before)
  })
})
