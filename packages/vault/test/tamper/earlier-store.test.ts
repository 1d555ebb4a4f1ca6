/** A store that is put back under an open vault, or goes on from there in other hands. */

import { describe, expect, it } from 'vitest'
import { expectFailure } from '../support/failures.js'
import { dumpRecords, keepCopy, overwrite } from '../support/stored-records.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'
import { countingStorage } from '../support/counting-storage.js'
import { createMemoryStorage } from '@stagevault/storage/memory'

const S = { secretName: 'S' }
const T = { secretName: 'T' }
const NOW = { ...S, forceDeleteWithoutRecovery: true }

describe('another secret under a name that is known', () => {
  it('is refused where the root went back along with it', async () => {
    const { storage, vault: first, open } = await vaultWithSecret()
    const putBack = await keepCopy(storage)
    await first.deleteSecret(NOW)
    await first.createSecret({ ...S, secretData: 'fresh' })
    const vault = await open()
    await vault.createSecret({ ...T, secretData: 'x' })
    expect((await vault.getSecretValue(S)).secretData).toBe('fresh')
    await putBack()
    const operations = [
      () => vault.getSecretValue(S),
      () => vault.describeSecret(S),
      () => vault.putSecretValue({ ...S, secretData: 'y' }),
      () => vault.renameSecret({ ...S, newSecretName: 'U' }),
      () => vault.renameSecret({ ...T, newSecretName: 'U' }),
      () => vault.deleteSecret(NOW),
      () => vault.listSecrets(),
    ]
    for (const operation of operations) await expectFailure(operation, 'ROLLBACK_DETECTED')
    expect((await vault.verify()).isClean).toBe(false)
  })

  it('is refused where the root stayed as it was, though a creation changes it', async () => {
    const { storage, vault: first, open } = await vaultWithSecret()
    const earlier = await dumpRecords(storage)
    await first.deleteSecret(NOW)
    await first.createSecret({ ...S, secretData: 'fresh' })
    const vault = await open()
    expect((await vault.getSecretValue(S)).secretData).toBe('fresh')
    for (const [key, hex] of earlier) {
      if (/^(secret|version)!/.test(key)) await overwrite(storage, key, Buffer.from(hex, 'hex'))
    }
    await expectFailure(() => vault.getSecretValue(S), 'ROLLBACK_DETECTED')
    await expectFailure(() => vault.describeSecret(S), 'ROLLBACK_DETECTED')
  })

  it('is taken where another handle made or renamed it, and read in one step from then on', async () => {
    const { storage, take } = countingStorage(createMemoryStorage())
    const { vault, open } = await vaultWithSecret({ storage })
    const other = await open()
    await other.createSecret({ ...T, secretData: 'two' })
    await vault.getSecretValue(T)
    await other.renameSecret({ ...S, newSecretName: 'U' })
    await other.renameSecret({ ...T, newSecretName: 'S' })
    expect((await vault.getSecretValue(S)).secretData).toBe('two')
    take()
    await vault.getSecretValue(S)
    expect(take()).toMatchObject({ calls: 1, keysRead: 1 })
    await other.deleteSecret(NOW)
    await other.createSecret({ ...S, secretData: 'three' })
    expect((await vault.describeSecret(S)).secretName).toBe('S')
    expect((await vault.getSecretValue(S)).secretData).toBe('three')
  })
})

describe('a store that went back as a whole', () => {
  it('is noticed by a list, and by a look for what this handle has not read', async () => {
    const { storage, vault: first, open } = await vaultWithSecret()
    const putBack = await keepCopy(storage)
    await first.createSecret({ ...T, secretData: 'two' })
    const vault = await open()
    await vault.createSecret({ secretName: 'U', secretData: 'three' })
    await putBack()
    const operations = [
      () => vault.listSecrets(),
      () => vault.getSecretValue(S),
      () => vault.describeSecret(S),
      () => vault.getSecretValue(T),
      () => vault.listSecretVersionIds(T),
      () => vault.renameSecret({ ...S, newSecretName: 'V' }),
    ]
    for (const operation of operations) await expectFailure(operation, 'ROLLBACK_DETECTED')
  })

  it.each(['listSecrets', 'verify'] as const)('is noticed of secrets that %s saw', async (look) => {
    const { storage, vault: first, open } = await vaultWithSecret()
    const putBack = await keepCopy(storage)
    await first.putSecretValue({ ...S, secretData: 'two' })
    const vault = await open()
    await vault[look]()
    await putBack()
    await expectFailure(() => vault.getSecretValue(S), 'ROLLBACK_DETECTED')
    await expectFailure(() => vault.listSecrets(), 'ROLLBACK_DETECTED')
  })
})

describe('a store that went back and on from there', () => {
  it('is refused where it has another head than was seen, and where that is built on', async () => {
    const { storage, vault, open } = await vaultWithSecret()
    const putBack = await keepCopy(storage)
    await vault.putSecretValue({ ...S, secretData: 'mine' })
    await putBack()
    const other = await open()
    await other.putSecretValue({ ...S, secretData: 'theirs' })
    for (let puts = 0; puts < 2; puts++) {
      await expectFailure(() => vault.getSecretValue(S), 'ROLLBACK_DETECTED')
      await expectFailure(
        () => vault.putSecretValue({ ...S, secretData: 'x' }),
        'ROLLBACK_DETECTED',
      )
      const { problems } = await vault.verify()
      expect(problems).toMatchObject([{ code: 'ROLLBACK_DETECTED', storageKey: 'secret!S!head' }])
      await other.putSecretValue({ ...S, secretData: 'theirs too' })
    }
  })

  it('is refused where its root counts other secrets', async () => {
    const { storage, vault, open } = await vaultWithSecret()
    const putBack = await keepCopy(storage)
    await vault.createSecret({ ...T, secretData: 'two' })
    await putBack()
    const other = await open()
    await other.deleteSecret(NOW)
    await expectFailure(() => vault.getSecretValue(T), 'ROLLBACK_DETECTED')
    await expectFailure(() => vault.createSecret({ ...T, secretData: 'x' }), 'ROLLBACK_DETECTED')
  })
})

it('the root is remembered from when the vault was opened', async () => {
  const { storage, vault, open } = await newTestVault()
  const empty = await keepCopy(storage)
  await vault.createSecret({ ...S, secretData: 'one' })
  const opened = await open()
  await empty()
  await expectFailure(() => opened.getSecretValue(S), 'ROLLBACK_DETECTED')
  await expectFailure(() => opened.listSecrets(), 'ROLLBACK_DETECTED')
})
