/** Access records in a vault whose root is damaged, and after `rebuildRoot`. */

import { describe, expect, it } from 'vitest'
import { ROOT_KEY } from '@stagevault/core/records/layout'
import { SECRET_POLICY, fillAccess } from '../support/access-calls.js'
import { expectFailure } from '../support/failures.js'
import { overwrite } from '../support/stored-records.js'
import type { TestVault } from '../support/test-vault.js'
import { vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }
const ANN = { userName: 'ann' }
const UNPROVED = { readOnly: true, unproved: true }

async function filled(): Promise<TestVault> {
  const test = await vaultWithSecret()
  await fillAccess(test.vault, 'S')
  await test.vault.setUserEnabled({ ...ANN, enabled: false })
  await test.vault.setSecretPolicy({ ...S, policy: SECRET_POLICY })
  return test
}

describe('a vault whose root is lost', () => {
  it('shows its access records, which may be earlier ones', async () => {
    const { storage, open } = await filled()
    await overwrite(storage, ROOT_KEY, null)
    const vault = await open(UNPROVED)
    expect(await vault.getUser(ANN)).toMatchObject({ isEnabled: false, isUnproved: true })
    const { users } = await vault.listUsers()
    expect(users).toMatchObject([{ isUnproved: true }, { isUnproved: true }])
    expect(await vault.getSecretPolicy(S)).toMatchObject({
      policy: SECRET_POLICY,
      isUnproved: true,
    })
  })

  it('names the access root as it was found, once it is rebuilt', async () => {
    const { storage, open } = await filled()
    await overwrite(storage, ROOT_KEY, null)
    await (await open(UNPROVED)).rebuildRoot()
    const vault = await open()
    expect((await vault.getUser(ANN)).isEnabled).toBe(false)
    await vault.setUserEnabled({ ...ANN, enabled: true })
    expect((await vault.verify()).problems).toEqual([])
  })

  it('forgets no access records with their root', async () => {
    const { storage, open } = await filled()
    await overwrite(storage, ROOT_KEY, null)
    await overwrite(storage, 'vault!access', null)
    await (await open(UNPROVED)).rebuildRoot()
    const vault = await open()
    await expectFailure(() => vault.getUser(ANN), 'RECORD_MISSING')
    await expectFailure(() => vault.createUser({ userName: 'new' }), 'RECORD_MISSING')
    expect((await vault.getSecretValue(S)).secretData).toBe('one')
  })
})

it('a root that can be read keeps naming a lost access root', async () => {
  const { storage, open } = await filled()
  await overwrite(storage, 'vault!access', null)
  await (await open(UNPROVED)).rebuildRoot()
  await expectFailure(async () => (await open()).getUser(ANN), 'RECORD_MISSING')
})
