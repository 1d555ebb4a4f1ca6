import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { StorageError } from 'stagevault'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { countingStorage } from '../support/counting-storage.js'
import { expectFailure } from '../support/failures.js'
import { DAY_MS, START_TIME } from '../support/test-clock.js'
import type { TestVault } from '../support/test-vault.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }
const AT_ONCE = { forceDeleteWithoutRecovery: true }

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

  it('again: a new date, earlier or later, and one entry in the index', async () => {
    const test = await vaultWithSecret()
    const { vault, clock } = test
    for (const days of [30, 7, 20]) {
      clock.advance(DAY_MS)
      await vault.deleteSecret({ ...S, recoveryWindowInDays: days })
      expect((await secretRecords(test)).filter((key) => key.startsWith('due!'))).toHaveLength(1)
      const { plannedDeleteTime } = await vault.describeSecret(S)
      expect(plannedDeleteTime).toEqual(new Date(clock.now() + days * DAY_MS))
    }
    clock.advance(19 * DAY_MS)
    expect((await vault.listSecrets()).secrets).toHaveLength(1)
    clock.advance(DAY_MS)
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

  it('a restored secret is not in the index any more', async () => {
    const test = await vaultWithSecret()
    await test.vault.deleteSecret(S)
    await test.vault.restoreSecret(S)
    expect((await secretRecords(test)).filter((key) => key.startsWith('due!'))).toEqual([])
    test.clock.advance(365 * DAY_MS)
    expect((await test.vault.getSecretValue(S)).secretData).toBe('one')
  })
})

describe('a deletion falls due by the clock', () => {
  const ACCESSES: [string, (vault: Vault) => Promise<unknown>][] = [
    ['getSecretValue', (vault) => vault.getSecretValue(S)],
    ['putSecretValue', (vault) => vault.putSecretValue({ ...S, secretData: 'x' })],
    ['describeSecret', (vault) => vault.describeSecret(S)],
    ['listSecretVersionIds', (vault) => vault.listSecretVersionIds(S)],
    ['updateSecret', (vault) => vault.updateSecret({ ...S, description: 'x' })],
    ['restoreSecret', (vault) => vault.restoreSecret(S)],
    ['deleteSecret', (vault) => vault.deleteSecret(S)],
    ['deleteSecret at once', (vault) => vault.deleteSecret({ ...S, ...AT_ONCE })],
    ['tagResource', (vault) => vault.tagResource({ ...S, tags: [{ tagKey: 'k', tagValue: '' }] })],
    ['untagResource', (vault) => vault.untagResource({ ...S, tagKeys: ['k'] })],
    ['disableVersion', (vault) => vault.disableVersion({ ...S, versionId: 'v1' })],
    ['renameSecret', (vault) => vault.renameSecret({ ...S, newSecretName: 'T' })],
    ['renameSecret to itself', (vault) => vault.renameSecret({ ...S, newSecretName: 'S' })],
  ]

  it.each(ACCESSES)('%s finds the secret gone, and deletes it', async (_operation, access) => {
    const test = await vaultWithSecret()
    await test.vault.deleteSecret({ ...S, recoveryWindowInDays: 7 })
    test.clock.advance(7 * DAY_MS - 1)
    expect(await secretRecords(test)).not.toEqual([])
    expect((await test.vault.describeSecret(S)).secretName).toBe('S')
    test.clock.advance(1)
    await expectFailure(() => access(test.vault), 'SECRET_NOT_FOUND')
    expect(await secretRecords(test)).toEqual([])
    expect((await test.vault.verify()).isClean).toBe(true)
  })

  it('a batch finds it gone as well', async () => {
    const { vault, clock } = await vaultWithSecret()
    await vault.deleteSecret(S)
    clock.advance(30 * DAY_MS)
    const { errors } = await vault.batchGetSecretValue({ secretsList: [S] })
    expect(errors).toMatchObject([{ code: 'SECRET_NOT_FOUND' }])
  })

  it('its name is free again, for a new secret and for a rename', async () => {
    const { vault, clock } = await vaultWithSecret()
    await vault.createSecret({ secretName: 'T', secretData: 'of T' })
    await vault.deleteSecret(S)
    clock.advance(30 * DAY_MS)
    await vault.renameSecret({ secretName: 'T', newSecretName: 'S' })
    expect((await vault.getSecretValue(S)).secretData).toBe('of T')
    await vault.deleteSecret(S)
    clock.advance(30 * DAY_MS)
    expect(await vault.createSecret({ ...S, secretData: 'new' })).toMatchObject({ versionId: 'v1' })
    expect((await vault.verify()).isClean).toBe(true)
  })

  it('openVault and listSecrets delete what is due, and nothing else', async () => {
    const test = await newTestVault()
    for (const secretName of ['early', 'late', 'never']) {
      await test.vault.createSecret({ secretName, secretData: 'x' })
    }
    await test.vault.deleteSecret({ secretName: 'early', recoveryWindowInDays: 7 })
    await test.vault.deleteSecret({ secretName: 'late', recoveryWindowInDays: 9 })
    test.clock.advance(8 * DAY_MS)
    await test.open()
    const heads = async (): Promise<string[]> =>
      (await secretRecords(test)).filter((key) => key.endsWith('!head'))
    expect(await heads()).toEqual(['secret!late!head', 'secret!never!head'])
    test.clock.advance(DAY_MS)
    const { secrets } = await test.vault.listSecrets()
    expect(secrets.map(({ secretName }) => secretName)).toEqual(['never'])
    expect(await heads()).toEqual(['secret!never!head'])
  })

  it('no call deletes more than 100 on its way; all that are due are gone at once', async () => {
    const test = await newTestVault()
    const names = Array.from({ length: 130 }, (_, i) => `s${String(i).padStart(3, '0')}`)
    for (const secretName of names) {
      await test.vault.createSecret({ secretName, secretData: 'x' })
      await test.vault.deleteSecret({ secretName, recoveryWindowInDays: 7 })
      test.clock.advance(1)
    }
    test.clock.advance(7 * DAY_MS)
    expect((await test.vault.listSecrets()).secrets).toEqual([])
    const left = (await secretRecords(test)).filter((key) => key.endsWith('!head'))
    // The first to be due were the first to go.
    expect(left).toEqual(names.slice(100).map((name) => `secret!${name}!head`))
    const late = { secretName: 's129' }
    await expectFailure(() => test.vault.describeSecret(late), 'SECRET_NOT_FOUND')
    const bounded = await test.open({ limits: { secretsMax: 1 } })
    await bounded.createSecret({ secretName: 'new', secretData: 'x' })
    expect((await bounded.listSecrets()).secrets).toHaveLength(1)
    expect((await bounded.verify()).problems).toEqual([])
  })

  it('a clock that is set back brings nothing back', async () => {
    const { vault, clock } = await vaultWithSecret()
    await vault.createSecret({ secretName: 'other', secretData: 'x' })
    await vault.deleteSecret(S)
    clock.advance(30 * DAY_MS)
    // Any operation that looks at the clock will do; this one does not touch the secret.
    await vault.updateSecret({ secretName: 'other', description: 'changed' })
    clock.set(START_TIME)
    await expectFailure(() => vault.restoreSecret(S), 'SECRET_NOT_FOUND')
    await vault.updateSecret({ secretName: 'other', description: 'again' })
    const { updateTime } = await vault.describeSecret({ secretName: 'other' })
    expect(updateTime).toEqual(new Date(START_TIME + 30 * DAY_MS))
  })
})

describe('what is due gets in nobody\'s way', () => {
  async function withDue(count: number): Promise<Vault> {
    const inner = createMemoryStorage()
    const inNextTurn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })
    // Answers come later, so that what is asked at once overlaps.
    const { vault, clock } = await newTestVault({
      storage: {
        ...inner,
        read: (keys) => inNextTurn().then(() => inner.read(keys)),
        commit: (commit) => inNextTurn().then(() => inner.commit(commit)),
      },
    })
    for (let i = 0; i < count; i++) {
      await vault.createSecret({ secretName: `s${i}`, secretData: 'x' })
      await vault.deleteSecret({ secretName: `s${i}` })
    }
    clock.advance(30 * DAY_MS)
    return vault
  }

  it('when many of them are read at once, while others are created', async () => {
    const vault = await withDue(150)
    const reads = Array.from({ length: 150 }, (_, i) => (
      expectFailure(() => vault.describeSecret({ secretName: `s${i}` }), 'SECRET_NOT_FOUND')
    ))
    const creations = Array.from({ length: 5 }, (_, i) => (
      vault.createSecret({ secretName: `new${i}`, secretData: 'x' })
    ))
    await Promise.all([...reads, ...creations])
  })

  it('when many lists are asked for at once, while others are created', async () => {
    const vault = await withDue(120)
    const lists = Array.from({ length: 10 }, () => vault.listSecrets())
    const creations = Array.from({ length: 10 }, (_, i) => (
      vault.createSecret({ secretName: `new${i}`, secretData: 'x' })
    ))
    await Promise.all([...lists, ...creations])
    expect((await vault.listSecrets()).secrets).toHaveLength(10)
    expect(await vault.verify()).toMatchObject({ isClean: true, problems: [] })
  })
})

describe('what is due is deleted before an operation ends', () => {
  it('also where a list fails', async () => {
    const { vault, clock, storage, open } = await vaultWithSecret()
    await vault.deleteSecret(S)
    let isFailing = false
    let calls = 0
    // Slow, and failing whoever reads nothing but the vault root.
    const slow: StorageAdapter = {
      ...storage,
      read: async (keys) => {
        calls += 1
        if (isFailing && keys.length === 1 && keys[0] === 'vault!root') {
          throw new StorageError('STORAGE_UNAVAILABLE', 'made to fail')
        }
        await turns()
        return storage.read(keys)
      },
      scan: async (range) => {
        calls += 1
        await turns()
        return storage.scan(range)
      },
    }
    const reader = await open({ storage: slow })
    clock.advance(30 * DAY_MS)
    isFailing = true
    await expectFailure(() => reader.listSecrets(), 'STORAGE_UNAVAILABLE')
    const before = calls
    for (let i = 0; i < 20; i++) await turns()
    expect(calls).toBe(before)
  })

  async function turns(): Promise<void> {
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
  }
})

describe('what is due is found by the index', () => {
  async function costs(secretCount: number): Promise<Record<string, unknown>> {
    const counting = countingStorage(createMemoryStorage())
    const { vault, clock, open } = await newTestVault({ storage: counting.storage })
    for (let i = 0; i < secretCount; i++) {
      await vault.createSecret({ secretName: `s${String(i).padStart(3, '0')}`, secretData: 'x' })
    }
    const schedule = async (...names: string[]): Promise<void> => {
      for (const secretName of names) await vault.deleteSecret({ secretName })
      clock.advance(30 * DAY_MS)
      counting.take()
    }
    await schedule('s001', 's002')
    await open()
    const opening = counting.take()
    await schedule('s003', 's004')
    await vault.listSecrets({ pageSize: 2 })
    const listing = counting.take()
    await schedule('s005')
    await expectFailure(() => vault.getSecretValue({ secretName: 's005' }), 'SECRET_NOT_FOUND')
    const reading = counting.take()
    const bounded = await open({ limits: { secretsMax: secretCount } })
    await schedule('s006')
    await bounded.createSecret({ secretName: 'new', secretData: 'x' })
    return { opening, listing, reading, creating: counting.take() }
  }

  it('at the same cost among 500 secrets as among 10', async () => {
    const [few, many] = [await costs(10), await costs(500)]
    expect(many).toEqual(few)
    expect(few['opening']).toMatchObject({ commits: 2 })
    expect(few['listing']).toMatchObject({ commits: 2 })
    expect(few['reading']).toMatchObject({ commits: 1, entriesScanned: 0 })
    expect(few['creating']).toMatchObject({ commits: 2 })
  })
})
