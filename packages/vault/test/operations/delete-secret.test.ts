import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { DELETION_LOOK_MS_MIN } from '@stagevault/core/limits'
import { expectFailure } from '../support/failures.js'
import { DAY_MS, START_TIME } from '../support/test-clock.js'
import type { TestVault } from '../support/test-vault.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }
const AT_ONCE = { forceDeleteWithoutRecovery: true }

/** Finds what is due, and again when that is enough to delete it. */
async function lookTwice({ vault, clock }: TestVault): Promise<void> {
  await vault.listSecrets()
  clock.advance(DELETION_LOOK_MS_MIN)
  await vault.listSecrets()
}

async function secretRecords({ dump }: TestVault): Promise<string[]> {
  return [...(await dump()).keys()].filter((key) => !/^(vault|slot)!/.test(key))
}

describe('deleteSecret', () => {
  it('gives the date, to the millisecond, for 7 to 30 whole days', async () => {
    const { vault } = await vaultWithSecret()
    for (const recoveryWindowInDays of [7, 8, 29, 30]) {
      expect(await vault.deleteSecret({ ...S, recoveryWindowInDays })).toEqual({
        secretName: 'S',
        plannedDeleteTime: new Date(START_TIME + recoveryWindowInDays * DAY_MS),
      })
    }
    for (const recoveryWindowInDays of [6, 31, 0, -7, 7.5, NaN, Infinity, 2 ** 53]) {
      const request = { ...S, recoveryWindowInDays }
      await expectFailure(() => vault.deleteSecret(request), 'INVALID_PARAMETER')
    }
  })

  it('again: a new date, earlier or later, and one deletion entry', async () => {
    const test = await vaultWithSecret()
    const { vault, clock } = test
    for (const days of [30, 7, 20]) {
      clock.advance(DAY_MS)
      await vault.deleteSecret({ ...S, recoveryWindowInDays: days })
      expect((await secretRecords(test)).filter((key) => key.startsWith('due!'))).toHaveLength(1)
      const { plannedDeleteTime } = await vault.describeSecret(S)
      expect(plannedDeleteTime).toEqual(new Date(clock.now() + days * DAY_MS))
    }
    clock.advance(20 * DAY_MS - 1)
    await lookTwice(test)
    expect((await vault.listSecrets()).secrets).toHaveLength(1)
    await lookTwice(test)
    expect((await vault.listSecrets()).secrets).toHaveLength(0)
  })

  it('force without a window, or a window without force, may be said in so many words', async () => {
    const { vault } = await vaultWithSecret()
    const request = { ...S, recoveryWindowInDays: 7, forceDeleteWithoutRecovery: false }
    expect(await vault.deleteSecret(request)).toHaveProperty('plannedDeleteTime')
  })

  it('at once leaves no record of the secret', async () => {
    const test = await vaultWithSecret()
    await test.vault.putSecretValue({ ...S, secretData: 'two', versionStages: ['blue'] })
    await test.vault.deleteSecret(S)
    expect(await test.vault.deleteSecret({ ...S, ...AT_ONCE })).toEqual({ secretName: 'S' })
    expect(await secretRecords(test)).toEqual([])
    expect((await test.vault.verify()).isClean).toBe(true)
  })

  it('with 100 versions at once leaves no record either', async () => {
    const test = await vaultWithSecret({ limits: { versionsMax: 100 } })
    for (let i = 2; i <= 100; i++) await test.vault.putSecretValue({ ...S, secretData: `${i}` })
    await test.vault.deleteSecret(S)
    await test.vault.deleteSecret({ ...S, ...AT_ONCE })
    expect(await secretRecords(test)).toEqual([])
  })

  it('a restored secret has no deletion entry any more', async () => {
    const test = await vaultWithSecret()
    await test.vault.deleteSecret(S)
    await test.vault.restoreSecret(S)
    expect((await secretRecords(test)).filter((key) => key.startsWith('due!'))).toEqual([])
    test.clock.advance(365 * DAY_MS)
    expect((await test.vault.getSecretValue(S)).secretData).toBe('one')
  })
})

describe('a deletion that is due', () => {
  const REFUSED: [string, (vault: Vault) => Promise<unknown>][] = [
    ['getSecretValue', (vault) => vault.getSecretValue(S)],
    ['putSecretValue', (vault) => vault.putSecretValue({ ...S, secretData: 'x' })],
    ['updateSecret', (vault) => vault.updateSecret({ ...S, description: 'x' })],
    ['tagResource', (vault) => vault.tagResource({ ...S, tags: [{ tagKey: 'k', tagValue: '' }] })],
    ['untagResource', (vault) => vault.untagResource({ ...S, tagKeys: ['k'] })],
    ['disableVersion', (vault) => vault.disableVersion({ ...S, versionId: 'v1' })],
    ['renameSecret', (vault) => vault.renameSecret({ ...S, newSecretName: 'T' })],
    ['renameSecret to itself', (vault) => vault.renameSecret({ ...S, newSecretName: 'S' })],
  ]

  async function vaultWithDueSecret(): Promise<TestVault> {
    const test = await vaultWithSecret()
    await test.vault.deleteSecret({ ...S, recoveryWindowInDays: 7 })
    test.clock.advance(7 * DAY_MS)
    return test
  }

  it.each(REFUSED)(
    'keeps %s out until the secret is deleted, and deletes nothing',
    async (_, call) => {
      const { vault, dump, ...test } = await vaultWithDueSecret()
      const before = await dump()
      await expectFailure(() => call(vault), 'SECRET_IN_DELETE_WINDOW')
      expect(await dump()).toEqual(before)
      await lookTwice({ vault, dump, ...test })
      await expectFailure(() => call(vault), 'SECRET_NOT_FOUND')
      expect((await vault.verify()).isClean).toBe(true)
    },
  )

  it('leaves the secret to be described and listed with its date, and to be restored', async () => {
    const { vault, clock } = await vaultWithDueSecret()
    const { plannedDeleteTime } = await vault.describeSecret(S)
    expect(plannedDeleteTime).toEqual(new Date(clock.now()))
    expect((await vault.listSecrets()).secrets).toMatchObject([{ ...S, plannedDeleteTime }])
    expect((await vault.listSecretVersionIds(S)).versionIds).toHaveLength(1)
    expect(await vault.restoreSecret(S)).toEqual(S)
    expect((await vault.getSecretValue(S)).secretData).toBe('one')
  })

  it('takes another date, and can be made at once', async () => {
    const test = await vaultWithDueSecret()
    const { vault, clock } = test
    const later = new Date(clock.now() + 30 * DAY_MS)
    expect(await vault.deleteSecret(S)).toEqual({ ...S, plannedDeleteTime: later })
    await lookTwice(test)
    expect(await vault.describeSecret(S)).toMatchObject({ plannedDeleteTime: later })
    await vault.deleteSecret({ ...S, ...AT_ONCE })
    expect(await secretRecords(test)).toEqual([])
  })

  it('is an item of a batch', async () => {
    const { vault } = await vaultWithDueSecret()
    const { errors } = await vault.batchGetSecretValue({ secretsList: [S] })
    expect(errors).toMatchObject([{ code: 'SECRET_IN_DELETE_WINDOW' }])
  })

  it('holds the name until the secret is deleted, for a new secret and for a rename', async () => {
    const test = await vaultWithDueSecret()
    const { vault } = test
    await vault.createSecret({ secretName: 'T', secretData: 'of T' })
    const rename = { secretName: 'T', newSecretName: 'S' }
    await expectFailure(() => vault.renameSecret(rename), 'SECRET_IN_DELETE_WINDOW')
    await lookTwice(test)
    await vault.renameSecret(rename)
    expect((await vault.getSecretValue(S)).secretData).toBe('of T')
    expect((await vault.verify()).isClean).toBe(true)
  })

  it('is carried out by openVault and listSecrets, and no other with it', async () => {
    const test = await newTestVault()
    for (const secretName of ['early', 'late', 'never']) {
      await test.vault.createSecret({ secretName, secretData: 'x' })
    }
    await test.vault.deleteSecret({ secretName: 'early', recoveryWindowInDays: 7 })
    await test.vault.deleteSecret({ secretName: 'late', recoveryWindowInDays: 9 })
    test.clock.advance(8 * DAY_MS)
    for (let look = 0; look < 2; look++) {
      await test.open()
      test.clock.advance(DELETION_LOOK_MS_MIN)
    }
    const heads = async (): Promise<string[]> =>
      (await secretRecords(test)).filter((key) => key.endsWith('!head'))
    expect(await heads()).toEqual(['secret!late!head', 'secret!never!head'])
    test.clock.advance(DAY_MS)
    await lookTwice(test)
    const { secrets } = await test.vault.listSecrets()
    expect(secrets.map(({ secretName }) => secretName)).toEqual(['never'])
    expect(await heads()).toEqual(['secret!never!head'])
  })

  it('of 130 secrets takes more than one sweep for each look, the longest due first', async () => {
    const test = await newTestVault({ limits: { secretsMax: 130 } })
    const names = Array.from({ length: 130 }, (_, i) => `s${String(i).padStart(3, '0')}`)
    for (const secretName of names) {
      await test.vault.createSecret({ secretName, secretData: 'x' })
      await test.vault.deleteSecret({ secretName, recoveryWindowInDays: 7 })
      test.clock.advance(1)
    }
    test.clock.advance(7 * DAY_MS)
    const heads = async (): Promise<string[]> =>
      (await secretRecords(test)).filter((key) => key.endsWith('!head'))
    for (let sweep = 0; sweep < 2; sweep++) await test.vault.listSecrets()
    expect(await heads()).toHaveLength(130)
    test.clock.advance(DELETION_LOOK_MS_MIN)
    await test.vault.createSecret({ secretName: 'new', secretData: 'x' })
    expect(await heads()).toEqual(
      ['new', ...names.slice(100)].map((secretName) => `secret!${secretName}!head`),
    )
    expect((await test.vault.listSecrets()).secrets).toHaveLength(1)
    expect((await test.vault.verify()).problems).toEqual([])
  })
})
