/** A commit that was made although its answer got lost: the store says that it does not know. */

import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { openVault, rawKey } from 'stagevault'
import type { FaultVerdict } from '@stagevault/storage/faulty'
import { faultyStorage } from '@stagevault/storage/faulty'
import type { MemoryData } from '@stagevault/storage/memory'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { expectFailure } from '../support/failures.js'
import { createSampleVault, openSample } from '../support/sample-vault.js'
import { TEST_KEY } from '../support/test-vault.js'
import { labelsOf } from '../support/version-labels.js'

interface LossyVault {
  readonly vault: Vault
  readonly data: MemoryData
  /** What becomes of the commits that come next, in their order; then all is well again. */
  readonly fail: (...verdicts: readonly FaultVerdict[]) => void
}

async function openLossy(): Promise<LossyVault> {
  const { data } = await createSampleVault()
  let coming: FaultVerdict[] = []
  const storage = faultyStorage(createMemoryStorage({ data }), ({ method }) =>
    method === 'commit' ? (coming.shift() ?? 'pass') : 'pass',
  )
  return {
    vault: await openVault({ storage, unlock: rawKey(TEST_KEY) }),
    data,
    fail: (...verdicts) => {
      coming = [...verdicts]
    },
  }
}

const PUT = { secretName: 'db', secretData: 'next', versionId: 'mine' }

describe('a put whose answer got lost', () => {
  it('is repeated under its version id: a success, and no second version', async () => {
    const { vault, data, fail } = await openLossy()
    fail('fail-after')
    await expectFailure(() => vault.putSecretValue(PUT), 'STORAGE_OUTCOME_UNKNOWN')
    const expected = { v1: ['ACSPrevious'], mine: ['ACSCurrent'] }
    expect(await labelsOf(await openSample(data), 'db')).toEqual(expected)

    for (const again of [vault, await openSample(data)]) {
      expect(await again.putSecretValue(PUT)).toMatchObject({ versionStages: ['ACSCurrent'] })
      expect(await labelsOf(again, 'db')).toEqual(expected)
      expect((await again.verify()).isClean).toBe(true)
    }
  })

  it('is repeated until an answer comes, with any outcome of each attempt', async () => {
    const faults: FaultVerdict[] = ['fail-before', 'fail-after', 'fail-before', 'fail-after']
    const { vault, fail } = await openLossy()
    const { versionId } = PUT
    const codes = ['STORAGE_UNAVAILABLE', 'STORAGE_OUTCOME_UNKNOWN']
    for (const [i, fault] of faults.slice(0, 2).entries()) {
      fail(fault)
      await expectFailure(() => vault.putSecretValue(PUT), codes[i] ?? '')
    }
    // It is there now; a repetition commits nothing, so no commit of it can fail.
    fail(...faults.slice(2))
    expect((await vault.putSecretValue(PUT)).versionId).toBe(versionId)
    fail()
    expect(Object.keys(await labelsOf(vault, 'db'))).toEqual(['v1', versionId])
  })

  it('does not take labels back that moved on in the meantime (VER-3)', async () => {
    const { vault, data, fail } = await openLossy()
    fail('fail-after')
    await expectFailure(() => vault.putSecretValue(PUT), 'STORAGE_OUTCOME_UNKNOWN')
    await (await openSample(data)).putSecretValue({ secretName: 'db', secretData: 'newer' })
    expect(await vault.putSecretValue(PUT)).toMatchObject({ versionStages: ['ACSPrevious'] })
    expect((await vault.getSecretValue({ secretName: 'db' })).secretData).toBe('newer')
  })

  it('is refused under its version id with another value (VER-4)', async () => {
    const { vault, fail } = await openLossy()
    fail('fail-after')
    await expectFailure(() => vault.putSecretValue(PUT), 'STORAGE_OUTCOME_UNKNOWN')
    const other = { ...PUT, secretData: 'other' }
    await expectFailure(() => vault.putSecretValue(other), 'VERSION_EXISTS')
  })

  it('is not remembered as made where it was not', async () => {
    const { vault, fail } = await openLossy()
    fail('fail-before')
    await expectFailure(() => vault.putSecretValue(PUT), 'STORAGE_UNAVAILABLE')
    expect((await vault.getSecretValue({ secretName: 'db' })).secretData).toBe('text')
    expect(await labelsOf(vault, 'db')).toEqual({ v1: ['ACSCurrent'] })
    await vault.putSecretValue(PUT)
    expect((await vault.getSecretValue({ secretName: 'db' })).secretData).toBe('next')
  })
})
