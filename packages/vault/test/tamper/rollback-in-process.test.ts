/** A head that is put back under an open vault is refused; honest writers raise no false alarm. */

import { describe, expect, it } from 'vitest'
import { expectFailure } from '../support/failures.js'
import { keepCopy, overwrite, recordAt } from '../support/stored-records.js'
import { vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }
const NOW = { ...S, forceDeleteWithoutRecovery: true }
const T = { secretName: 'T', secretData: 'two' }
const HEAD = 'secret!S!head'

describe('ROLLBACK_DETECTED', () => {
  it('by every way to read or change a secret whose earlier head was put back', async () => {
    const { storage, vault } = await vaultWithSecret()
    const earlier = await recordAt(storage, HEAD)
    await vault.updateSecret({ ...S, description: 'new' })
    const present = await recordAt(storage, HEAD)
    await overwrite(storage, HEAD, earlier)
    const operations = [
      () => vault.getSecretValue(S),
      () => vault.describeSecret(S),
      () => vault.listSecretVersionIds(S),
      () => vault.putSecretValue({ ...S, secretData: 'two' }),
      () => vault.deleteSecret(S),
      () => vault.deleteSecret({ ...S, forceDeleteWithoutRecovery: true }),
      () => vault.renameSecret({ ...S, newSecretName: 'T' }),
      () => vault.listSecrets(),
      () => vault.createSecret({ ...S, secretData: 'x' }),
    ]
    for (const operation of operations) await expectFailure(operation, 'ROLLBACK_DETECTED')
    expect((await vault.verify()).problems).toMatchObject([{ code: 'ROLLBACK_DETECTED' }])
    await overwrite(storage, HEAD, present)
    expect((await vault.describeSecret(S)).description).toBe('new')
  })

  it('of a store that was put back to before a secret was deleted', async () => {
    const { storage, vault } = await vaultWithSecret()
    const putBack = await keepCopy(storage)
    await vault.deleteSecret(NOW)
    await putBack()
    await expectFailure(() => vault.getSecretValue(S), 'ROLLBACK_DETECTED')
    await expectFailure(() => vault.listSecrets(), 'ROLLBACK_DETECTED')
    await expectFailure(() => vault.createSecret(T), 'ROLLBACK_DETECTED')
    const { problems } = await vault.verify()
    expect(problems.map(({ storageKey }) => storageKey)).toEqual([HEAD, 'vault!root'])
  })

  it('of a store that was put back to before a secret was created', async () => {
    const { storage, vault } = await vaultWithSecret()
    const putBack = await keepCopy(storage)
    await vault.createSecret(T)
    await putBack()
    await expectFailure(() => vault.getSecretValue({ secretName: 'T' }), 'ROLLBACK_DETECTED')
    await expectFailure(() => vault.createSecret(T), 'ROLLBACK_DETECTED')
    await expectFailure(() => vault.deleteSecret(NOW), 'ROLLBACK_DETECTED')
    expect(await vault.verify()).toMatchObject({ problems: [{ storageKey: 'vault!root' }] })
  })

  it('of a store that was put back to before a secret was renamed', async () => {
    const { storage, vault } = await vaultWithSecret()
    const putBack = await keepCopy(storage)
    await vault.renameSecret({ ...S, newSecretName: 'T' })
    await putBack()
    await expectFailure(() => vault.getSecretValue(S), 'ROLLBACK_DETECTED')
    await expectFailure(() => vault.listSecrets(), 'ROLLBACK_DETECTED')
  })

  it('of a secret that others deleted, once this handle has missed it', async () => {
    const { storage, vault, open } = await vaultWithSecret()
    const putBack = await keepCopy(storage)
    const other = await open()
    await other.deleteSecret(NOW)
    await expectFailure(() => vault.getSecretValue(S), 'SECRET_NOT_FOUND')
    await putBack()
    await expectFailure(() => vault.getSecretValue(S), 'ROLLBACK_DETECTED')
  })

  it('of a secret in whose place this handle has seen another one', async () => {
    const { storage, vault, open } = await vaultWithSecret()
    const putBack = await keepCopy(storage)
    const other = await open()
    await other.deleteSecret(NOW)
    await other.createSecret({ ...S, secretData: 'again' })
    expect((await vault.getSecretValue(S)).secretData).toBe('again')
    await putBack()
    await expectFailure(() => vault.getSecretValue(S), 'ROLLBACK_DETECTED')
  })

  it('not of what other handles rename, delete and create', async () => {
    const { vault, open } = await vaultWithSecret()
    const other = await open()
    for (let i = 0; i < 20; i++) {
      await other.renameSecret({ ...S, newSecretName: 'T' })
      if (i % 2 === 0) await expectFailure(() => vault.getSecretValue(S), 'SECRET_NOT_FOUND')
      if (i % 3 === 0) await vault.getSecretValue({ secretName: 'T' })
      await other.renameSecret({ secretName: 'T', newSecretName: 'S' })
      await vault.getSecretValue(S)
      if (i % 5 !== 0) continue
      await other.deleteSecret(NOW)
      if (i % 2 === 0) await expectFailure(() => vault.describeSecret(S), 'SECRET_NOT_FOUND')
      await vault.createSecret({ ...S, secretData: `${i}` })
      await other.getSecretValue(S)
    }
    expect((await vault.verify()).isClean).toBe(true)
    expect((await other.verify()).isClean).toBe(true)
  })

  it('not of a secret that was deleted and made again by another handle', async () => {
    const { vault, open } = await vaultWithSecret()
    for (let i = 0; i < 3; i++) await vault.putSecretValue({ ...S, secretData: `${i}` })
    const other = await open()
    await other.deleteSecret({ ...S, forceDeleteWithoutRecovery: true })
    await other.createSecret({ ...S, secretData: 'again' })
    expect((await vault.getSecretValue(S)).secretData).toBe('again')
  })

  it('not while two handles write and read at once', async () => {
    const { vault, open } = await vaultWithSecret()
    const other = await open()
    const writers = [vault, other].map(async (each, i) => {
      for (let n = 0; n < 25; n++) await each.putSecretValue({ ...S, secretData: `${i} ${n}` })
    })
    const readers = [vault, other].map(async (each) => {
      for (let n = 0; n < 100; n++) await each.getSecretValue(S)
    })
    await Promise.all([...writers, ...readers])
    expect((await vault.verify()).isClean).toBe(true)
  })
})
