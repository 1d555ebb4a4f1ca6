/** A batch in which one secret went back: that concerns the store, and so the batch as a whole. */

import { describe, expect, it } from 'vitest'
import type { BatchGetSecretValueResult } from 'stagevault'
import { headKey, nameKey } from '@stagevault/core/records/layout'
import { expectFailure } from '../support/failures.js'
import { keepCopy, overwrite, recordAt } from '../support/stored-records.js'
import type { TestVault } from '../support/test-vault.js'
import { newTestVault } from '../support/test-vault.js'

const NAMES = ['a', 'b', 'c'] as const
const BATCH = { secretsList: NAMES.map((secretName) => ({ secretName })) }

async function vaultOfThree(): Promise<TestVault> {
  const test = await newTestVault()
  for (const secretName of NAMES) await test.vault.createSecret({ secretName, secretData: 'one' })
  return test
}

function read({ vault }: TestVault): Promise<BatchGetSecretValueResult> {
  return vault.batchGetSecretValue(BATCH)
}

describe('batchGetSecretValue', () => {
  it('rejects where the head of one secret was put back', async () => {
    const test = await vaultOfThree()
    const { vault, storage } = test
    const head = await recordAt(storage, headKey('b'))
    await vault.putSecretValue({ secretName: 'b', secretData: 'two' })
    await read(test)
    await overwrite(storage, headKey('b'), head)
    await expectFailure(() => read(test), 'ROLLBACK_DETECTED')
    // A list says the same of the same store.
    await expectFailure(() => vault.listSecrets({ includeErrors: true }), 'ROLLBACK_DETECTED')
  })

  it('rejects where the store was put back as a whole', async () => {
    const test = await vaultOfThree()
    const putBack = await keepCopy(test.storage)
    await test.vault.putSecretValue({ secretName: 'c', secretData: 'two' })
    await putBack()
    await expectFailure(() => read(test), 'ROLLBACK_DETECTED')
  })

  it('rejects where a secret that is not known any more comes from an earlier store', async () => {
    const test = await vaultOfThree()
    const { vault, storage, open } = test
    const reader = await open()
    const putBack = await keepCopy(storage)
    await vault.updateSecret({ secretName: 'a', description: 'new' })
    await reader.listSecrets()
    await putBack()
    await expectFailure(() => reader.batchGetSecretValue(BATCH), 'ROLLBACK_DETECTED')
  })

  it('gives the values of the others where one is damaged or missing', async () => {
    const test = await vaultOfThree()
    const { storage } = test
    await overwrite(storage, headKey('a'), Uint8Array.of(1, 2, 3))
    await overwrite(storage, headKey('b'), null)
    const { secretValues, errors } = await read(test)
    expect(secretValues).toMatchObject([{ secretName: 'c', secretData: 'one' }])
    expect(errors).toMatchObject([
      { secretName: 'a', code: 'MALFORMED_RECORD' },
      { secretName: 'b', code: 'RECORD_MISSING' },
    ])
  })

  it('takes a secret that others deleted for what it is', async () => {
    const test = await vaultOfThree()
    const other = await test.open()
    await other.deleteSecret({ secretName: 'b', forceDeleteWithoutRecovery: true })
    const { secretValues, errors } = await read(test)
    expect(secretValues.map(({ secretName }) => secretName)).toEqual(['a', 'c'])
    expect(errors).toMatchObject([{ secretName: 'b', code: 'SECRET_NOT_FOUND' }])
    expect(await test.storage.read([headKey('b'), nameKey('b')])).toEqual([null, null])
  })
})
