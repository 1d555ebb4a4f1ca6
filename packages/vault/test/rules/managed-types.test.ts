/**
 * What holds for the managed types, which `createSecret` does not make yet: on states that say so,
 * and on a store that a later release could have written.
 */
import { describe, expect, it } from 'vitest'
import type { SecretType } from 'stagevault'
import { DEFAULT_LIMITS } from '@stagevault/core/limits'
import { planCreate } from '@stagevault/core/model/secret-lifecycle'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { selectVersion } from '@stagevault/core/model/select-version'
import type { StageMove } from '@stagevault/core/model/stages'
import { planStageMove } from '@stagevault/core/model/stages'
import { planPut } from '@stagevault/core/model/versions'
import { expectFailure } from '../support/failures.js'
import { forgeHead } from '../support/forged-records.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'

const MANAGED: readonly SecretType[] = ['RAMCredentials', 'Rds', 'ECS', 'Redis', 'PolarDB']
const S = { secretName: 'S' }

/** A secret with an unlabelled v1, previous v2, current v3 and, by a rotation, pending v4. */
function rotatingState(secretType: SecretType): SecretState {
  const secret = {
    secretId: new Uint8Array(16),
    secretName: 'S',
    secretType,
    encryptionKeyId: new Uint8Array(16),
    description: '',
    tags: [],
    extendedConfig: '',
    now: 0,
  }
  let state = planCreate(secret, 'v1', new Uint8Array(16).fill(1), DEFAULT_LIMITS).next
  for (const [versionId, stage] of [
    ['v2', 'ACSCurrent'],
    ['v3', 'ACSCurrent'],
    ['v4', 'ACSPending'],
  ]) {
    const valueDigest = new Uint8Array(16).fill(1)
    const put = { valueDigest, expectedCurrentVersionId: null, now: 0 }
    const request = { ...put, versionId, stages: [stage] }
    const plan = planPut(state, request as never, DEFAULT_LIMITS)
    if (plan.kind !== 'store') throw new Error('the version exists')
    state = plan.next
  }
  return state
}

const MOVES: readonly StageMove[] = [
  { stage: 'blue', removeFrom: null, moveTo: 'v1' },
  { stage: 'ACSCurrent', removeFrom: null, moveTo: 'v2' },
  { stage: 'ACSPrevious', removeFrom: 'v2', moveTo: 'v1' },
  { stage: 'ACSCurrent', removeFrom: null, moveTo: 'v3' },
]

describe.each(MANAGED)('LBL-9: %s', (secretType) => {
  it.each(MOVES)('LBL-9: a caller moves no label of it: $stage to $moveTo', async (move) => {
    const state = rotatingState(secretType)
    await expectFailure(
      () => planStageMove(state, move, 1, DEFAULT_LIMITS),
      'UNSUPPORTED_OPERATION',
    )
    const generic = { ...state, secretType: 'Generic' } as const
    expect(() => planStageMove(generic, move, 1, DEFAULT_LIMITS)).not.toThrow()
  })

  it('LBL-9: only ACSCurrent and ACSPrevious can be read', async () => {
    const state = rotatingState(secretType)
    const read = (versionId: string | null, versionStage: string | null): string =>
      selectVersion(state, { versionId, versionStage }).versionId
    expect([read(null, null), read(null, 'ACSPrevious'), read('v2', null)]).toEqual([
      'v3',
      'v2',
      'v2',
    ])
    await expectFailure(() => read('v1', null), 'UNSUPPORTED_OPERATION')
    await expectFailure(() => read('v4', null), 'UNSUPPORTED_OPERATION')
    await expectFailure(() => read(null, 'ACSPending'), 'UNSUPPORTED_OPERATION')
  })

  it('LBL-9: cannot be created without a rotator', async () => {
    const { vault, dump } = await newTestVault()
    const before = await dump()
    const request = { ...S, secretData: '$Auto', secretType: secretType as never }
    await expectFailure(() => vault.createSecret(request), 'UNSUPPORTED_OPERATION')
    expect(await dump()).toEqual(before)
  })
})

describe('LBL-9: a managed secret in a store', () => {
  it('LBL-9: takes no value and no label from a caller, and is read as the rule says', async () => {
    const { vault: first, storage, key, dump, open } = await vaultWithSecret()
    for (const secretData of ['two', 'three']) await first.putSecretValue({ ...S, secretData })
    await forgeHead(storage, key, 'S', (state) => ({ ...state, secretType: 'Rds' }))
    const vault = await open()
    const before = await dump()
    const refused = [
      () => vault.putSecretValue({ ...S, secretData: 'four' }),
      () => vault.putSecretValue({ ...S, secretData: 'four', versionStages: ['blue'] }),
      () => vault.updateSecretVersionStage({ ...S, versionStage: 'blue', moveToVersion: 'v1' }),
      () =>
        vault.updateSecretVersionStage({ ...S, versionStage: 'ACSCurrent', moveToVersion: 'v2' }),
      () => vault.getSecretValue({ ...S, versionId: 'v1' }),
    ]
    for (const call of refused) await expectFailure(call, 'UNSUPPORTED_OPERATION')
    expect(await dump()).toEqual(before)
    expect(await vault.getSecretValue(S)).toMatchObject({ secretType: 'Rds', secretData: 'three' })
    const previous = await vault.getSecretValue({ ...S, versionStage: 'ACSPrevious' })
    expect(previous.secretData).toBe('two')
  })
})

describe('LBL-9: ACSPending of a generic secret', () => {
  it('LBL-9: callers never set it', async () => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    const pending = { ...S, versionStage: 'ACSPending' }
    const refused = [
      () => vault.putSecretValue({ ...S, secretData: 'x', versionStages: ['ACSPending'] }),
      () => vault.updateSecretVersionStage({ ...pending, moveToVersion: 'v1' }),
      () => vault.updateSecretVersionStage({ ...pending, removeFromVersion: 'v1' }),
      () =>
        vault.updateSecretVersionStage({
          ...pending,
          moveToVersion: 'v1',
          removeFromVersion: 'v1',
        }),
    ]
    for (const call of refused) await expectFailure(call, 'INVALID_PARAMETER')
    await expectFailure(() => vault.getSecretValue(pending), 'STAGE_NOT_FOUND')
    expect(await dump()).toEqual(before)
  })
})
