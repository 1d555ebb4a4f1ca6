import { expect, it } from 'vitest'
import { rawKey, openVault } from 'stagevault'
import { expectFailure } from '../support/failures.js'
import { TEST_KEY, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }

it('await using closes the vault and leaves the storage that it was given open', async () => {
  const { storage, vault } = await vaultWithSecret()
  let seen
  {
    await using other = await openVault({ storage, unlock: rawKey(TEST_KEY) })
    seen = other
    expect((await other.getSecretValue(S)).secretData).toBe('one')
  }
  await expectFailure(() => seen.getSecretValue(S), 'VAULT_CLOSED')
  expect((await vault.getSecretValue(S)).secretData).toBe('one')
})

it('it waits for what is under way', async () => {
  const { vault, open } = await vaultWithSecret()
  let put
  {
    await using other = await open()
    put = other.putSecretValue({ ...S, secretData: 'two' })
  }
  expect(await put).toMatchObject({ versionId: 'v2' })
  expect((await vault.getSecretValue(S)).secretData).toBe('two')
})
