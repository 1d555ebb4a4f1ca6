/** A head that is put back under an open vault is refused; honest writers raise no false alarm. */

import { describe, expect, it } from 'vitest'
import { expectFailure } from '../support/failures.js'
import { overwrite, recordAt } from '../support/stored-records.js'
import { vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }
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
