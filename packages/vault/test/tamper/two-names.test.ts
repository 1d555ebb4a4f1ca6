/** One secret under two names: the records of a name that it no longer has were put back. */

import { describe, expect, it } from 'vitest'
import { openHead } from '@stagevault/core/records/head-record'
import { ROOT_KEY, headKey, versionKey } from '@stagevault/core/records/layout'
import type { StorageAdapter } from '@stagevault/storage'
import { expectFailure } from '../support/failures.js'
import { recordKeysOf } from '../support/forged-records.js'
import { keysOf, overwrite, recordAt } from '../support/stored-records.js'
import type { TestVault } from '../support/test-vault.js'
import { TEST_KEY, newTestVault } from '../support/test-vault.js'

/** The former name before and behind the present one, and a third one everywhere. */
const NAMES = ['a', 'b', 'c'].flatMap((former) =>
  ['a', 'b', 'c'].flatMap((present) => {
    const other = ['a', 'b', 'c'].find((name) => name !== former && name !== present)
    return former === present || other === undefined ? [] : [[former, present, other] as const]
  }),
)

/** A secret was renamed, and head and name record of its former name are there again. */
async function vaultWithTwins(former: string, present: string, other: string): Promise<TestVault> {
  const test = await newTestVault()
  const { storage, vault } = test
  await vault.createSecret({ secretName: former, secretData: 'one' })
  await vault.createSecret({ secretName: other, secretData: 'other' })
  const keys = await keysOf(storage, `secret!${former}!`)
  const records = await Promise.all(
    keys.map(async (key) => [key, await recordAt(storage, key)] as const),
  )
  await vault.renameSecret({ secretName: former, newSecretName: present })
  await vault.close()
  const writer = await test.open()
  await writer.putSecretValue({ secretName: present, secretData: 'two' })
  for (const [key, record] of records) await overwrite(storage, key, record)
  return test
}

/** Where the only version of a secret is kept. */
async function onlyVersion(storage: StorageAdapter, secretName: string): Promise<string> {
  const keys = await recordKeysOf(storage, TEST_KEY)
  const { secretId } = openHead(keys, secretName, await recordAt(storage, headKey(secretName)))
  return versionKey(secretId, 1)
}

describe.each(NAMES)('%s, which was renamed to %s', (former, present, other) => {
  it('is found by verify, also where another secret went for it', async () => {
    const { storage, open } = await vaultWithTwins(former, present, other)
    expect((await (await open()).verify()).isClean).toBe(false)
    const gone = [...(await keysOf(storage, `secret!${other}!`)), await onlyVersion(storage, other)]
    for (const key of gone) await overwrite(storage, key, null)
    const found = await (await open()).verify()
    expect(found.isClean).toBe(false)
    expect(found.problems.map(({ storageKey }) => storageKey)).toContain('vault!root')
  })

  it('is one secret for a root that is rebuilt, and its former name is told', async () => {
    const { storage, open } = await vaultWithTwins(former, present, other)
    await overwrite(storage, ROOT_KEY, null)
    const unproved = await open({ readOnly: true, unproved: true })
    const { secretCount, errors } = await unproved.rebuildRoot()
    expect(secretCount).toBe(2)
    const message = `secrets ${former} and ${present} are the same secret`
    expect(errors).toEqual([{ secretName: former, code: 'RECORD_MISMATCH', message }])
    // The count that the root has now is that of verify, which tells of the names alone.
    const { problems } = await (await open()).verify()
    expect(problems.map(({ storageKey }) => storageKey)).not.toContain(ROOT_KEY)
    expect(problems).not.toEqual([])
  })

  it('cannot be written over the value that the present name has', async () => {
    const { open } = await vaultWithTwins(former, present, other)
    const unaware = await open()
    const put = { secretName: former, secretData: 'three' }
    for (let i = 0; i < 2; i++) {
      await expectFailure(() => unaware.putSecretValue(put), 'RECORD_MISMATCH')
      await expectFailure(async () => (await open()).putSecretValue(put), 'RECORD_MISMATCH')
      const { secretData } = await (await open()).getSecretValue({ secretName: present })
      expect(secretData).toBe('two')
    }
    // Other changes go on.
    await unaware.putSecretValue({ secretName: other, secretData: 'further' })
  })
})
