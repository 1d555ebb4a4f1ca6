/** Deletion entries that no vault wrote, and entries that are left over: sweeps get past them. */

import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { SWEPT_SECRETS_MAX } from '@stagevault/core/limits'
import { VERSION_KEYS, deletionKey, headKey } from '@stagevault/core/records/layout'
import { beginRecord } from '@stagevault/core/records/record-frame'
import { sealDeletionEntry } from '@stagevault/core/records/deletion-entry'
import type { StorageAdapter } from '@stagevault/storage'
import { COMMIT_MUTATIONS_MAX } from '@stagevault/storage'
import { expectFailure } from '../support/failures.js'
import { recordKeysOf } from '../support/forged-records.js'
import { keysOf, overwrite } from '../support/stored-records.js'
import { DAY_MS } from '../support/test-clock.js'
import type { TestVault } from '../support/test-vault.js'
import { newTestVault } from '../support/test-vault.js'

const MINUTE_MS = 60_000
const WINDOW = 7
const OLD = { secretName: 'old' } as const

/** A vault that is full: one secret is due, the other stays. */
async function vaultWithDueSecret(): Promise<TestVault> {
  const test = await newTestVault({ limits: { secretsMax: 2 } })
  const { vault, clock } = test
  await vault.createSecret({ ...OLD, secretData: 'x' })
  await vault.createSecret({ secretName: 'keep', secretData: 'y' })
  await vault.deleteSecret({ ...OLD, recoveryWindowInDays: WINDOW })
  clock.advance((WINDOW + 1) * DAY_MS)
  return test
}

/** Entries that are due the longest, and so come before all others. */
async function plantJunk(storage: StorageAdapter, count: number): Promise<void> {
  const junk: Uint8Array[] = [new Uint8Array(8), forged()]
  for (let start = 0; start < count; start += COMMIT_MUTATIONS_MAX) {
    const length = Math.min(COMMIT_MUTATIONS_MAX, count - start)
    const mutations = Array.from({ length }, (_, i) => {
      const secretId = (start + i).toString(16).padStart(32, '0')
      return { key: `due!000000000000!${secretId}`, value: junk[i % 2] ?? new Uint8Array(0) }
    })
    await storage.commit({ guards: [], mutations })
  }
}

/** Of the right kind and length, under a MAC of nothing. */
function forged(): Uint8Array {
  const writer = beginRecord('due')
  writer.shortText(OLD.secretName)
  writer.u64(1)
  writer.bytes(new Uint8Array(32))
  return writer.take()
}

async function isListed(vault: Vault): Promise<boolean> {
  const { secrets } = await vault.listSecrets()
  return secrets.some(({ secretName }) => secretName === OLD.secretName)
}

/** Expects that nothing of the secret is left and that its place in the quota is free. */
async function expectDeleted({ vault, storage }: TestVault): Promise<void> {
  const versions = await storage.scan({ ...VERSION_KEYS, limit: 10 })
  expect(versions).toHaveLength(1)
  expect(await isListed(vault)).toBe(false)
  await vault.createSecret({ secretName: 'new', secretData: 'z' })
  await expectFailure(
    () => vault.createSecret({ secretName: 'more', secretData: 'z' }),
    'QUOTA_EXCEEDED',
  )
}

/** The first sweep of a handle goes further than others. */
async function sweepNothing({ vault, clock }: TestVault): Promise<void> {
  const now = clock.now()
  clock.set(0)
  await vault.listSecrets()
  clock.set(now)
}

describe('a hundred junk entries', () => {
  it('keep no list from deleting what is due', async () => {
    const test = await vaultWithDueSecret()
    await plantJunk(test.storage, 100)
    expect(await isListed(test.vault)).toBe(true)
    test.clock.advance(MINUTE_MS)
    await test.vault.listSecrets()
    await expectDeleted(test)
  })

  it('keep no opening from it', async () => {
    const test = await vaultWithDueSecret()
    await plantJunk(test.storage, 100)
    await test.open()
    test.clock.advance(MINUTE_MS)
    await test.open()
    await expectDeleted(test)
  })

  it('keep no creation from it: the quota frees', async () => {
    const { vault, storage, clock } = await vaultWithDueSecret()
    await plantJunk(storage, 100)
    const create = (): Promise<unknown> =>
      vault.createSecret({ secretName: 'new', secretData: 'z' })
    await expectFailure(create, 'QUOTA_EXCEEDED')
    clock.advance(MINUTE_MS)
    await create()
  })

  it('are left to verify, which names each', async () => {
    const { vault, storage } = await vaultWithDueSecret()
    await plantJunk(storage, 100)
    await vault.listSecrets()
    expect(await keysOf(storage, 'due!')).toHaveLength(101)
    const { problems } = await vault.verify()
    expect(problems).toHaveLength(100)
    const codes = new Set(problems.map(({ code }) => code))
    expect(codes).toEqual(new Set(['MALFORMED_RECORD', 'DECRYPTION_FAILED']))
  })
})

describe('twelve thousand junk entries', () => {
  it('are more than one sweep looks at: the next goes on where it stopped', async () => {
    const test = await vaultWithDueSecret()
    const { vault, storage, clock } = test
    await sweepNothing(test)
    await plantJunk(storage, 12_000)
    const written = async (): Promise<number> => (await keysOf(storage, 'due!')).length
    // The first passes over 10,000, the second reaches the secret, the third has to begin again.
    for (let i = 0; i < 2; i++) expect(await isListed(vault)).toBe(true)
    clock.advance(MINUTE_MS)
    for (let i = 0; i < 2; i++) await vault.listSecrets()
    expect(await written()).toBe(12_000)
    await expectDeleted(test)
  })
})

describe('a program that opens the vault for a second at a time', () => {
  /** Each is a sweep of its own, which knows of none before it. */
  async function openOften(
    { open, clock }: TestVault,
    isDone: () => Promise<boolean>,
  ): Promise<void> {
    for (let i = 0; i < 30; i++) {
      await (await open()).close()
      if (await isDone()) return
      clock.advance(MINUTE_MS)
    }
    throw new Error('thirty openings have not come to the entry')
  }

  const isGone = async (storage: StorageAdapter): Promise<boolean> =>
    (await keysOf(storage, 'secret!old!')).length === 0

  it('comes to what is due behind more junk than one sweep looks at', async () => {
    const test = await vaultWithDueSecret()
    await test.vault.close()
    await plantJunk(test.storage, 25_000)
    // A matter of chance: nine openings of ten come to the entry.
    await openOften(test, () => isGone(test.storage))
  }, 120_000)

  it('comes to what is due behind as many damaged secrets as one sweep deals with', async () => {
    const test = await newTestVault()
    const { vault, storage, clock } = test
    const names = Array.from({ length: SWEPT_SECRETS_MAX }, (_, i) => `damaged${i}`)
    for (const secretName of [...names, OLD.secretName]) {
      await vault.createSecret({ secretName, secretData: 'x' })
      await vault.deleteSecret({ secretName, recoveryWindowInDays: WINDOW })
      clock.advance(1)
    }
    await vault.close()
    for (const name of names) await overwrite(storage, headKey(name), new Uint8Array(8))
    clock.advance(WINDOW * DAY_MS)
    await openOften(test, () => isGone(storage))
    expect(await keysOf(storage, 'due!')).toHaveLength(names.length)
  })
})

describe('entries that the vault wrote and no head names', () => {
  it.each([
    ['of a secret that is gone', 'gone', new Uint8Array(16).fill(1)],
    ['of another date', 'keep', null],
  ])('%s are removed by a sweep, once due', async (_, secretName, secretId) => {
    const { vault, storage, key, clock } = await newTestVault()
    await vault.createSecret({ secretName: 'keep', secretData: 'y' })
    const records = await recordKeysOf(storage, key)
    const [version] = await storage.scan({ ...VERSION_KEYS, limit: 1 })
    const kept = Buffer.from(version?.key.split('!')[1] ?? '', 'hex')
    const id = secretId ?? new Uint8Array(kept)
    const time = clock.now() + DAY_MS
    const entry = sealDeletionEntry(records, time, id, { secretName, lookTime: 0 })
    await overwrite(storage, deletionKey(time, id), entry)
    await vault.listSecrets()
    expect(await keysOf(storage, 'due!')).toHaveLength(1)
    clock.advance(DAY_MS)
    await vault.listSecrets()
    expect(await keysOf(storage, 'due!')).toEqual([])
    expect((await vault.getSecretValue({ secretName: 'keep' })).secretData).toBe('y')
    expect((await vault.verify()).problems).toEqual([])
  })

  it('and that have been looked at delete nothing', async () => {
    const { vault, storage, key, clock } = await newTestVault()
    await vault.createSecret({ secretName: 'keep', secretData: 'y' })
    await vault.deleteSecret({ secretName: 'keep', recoveryWindowInDays: WINDOW })
    const [version] = await storage.scan({ ...VERSION_KEYS, limit: 1 })
    const id = new Uint8Array(Buffer.from(version?.key.split('!')[1] ?? '', 'hex'))
    const records = await recordKeysOf(storage, key)
    const time = clock.now() - DAY_MS
    const entry = sealDeletionEntry(records, time, id, { secretName: 'keep', lookTime: time })
    await overwrite(storage, deletionKey(time, id), entry)
    for (let i = 0; i < 3; i++) {
      await vault.listSecrets()
      clock.advance(MINUTE_MS)
    }
    expect(await keysOf(storage, 'due!')).toHaveLength(1)
    await vault.restoreSecret({ secretName: 'keep' })
    expect((await vault.getSecretValue({ secretName: 'keep' })).secretData).toBe('y')
  })
})

describe('more due secrets than one sweep deals with', () => {
  it('are deleted by later sweeps, none twice', async () => {
    const { vault, clock } = await newTestVault()
    const names = Array.from({ length: 250 }, (_, i) => `s${i}`)
    await Promise.all(
      names.map(async (secretName) => {
        await vault.createSecret({ secretName, secretData: 'x' })
        await vault.deleteSecret({ secretName, recoveryWindowInDays: WINDOW })
      }),
    )
    let deleted = 0
    vault.subscribe((event) => {
      if (event.type === 'secret.deleted') deleted += 1
    })
    clock.advance(WINDOW * DAY_MS)
    for (let i = 0; i < 3; i++) await vault.listSecrets()
    expect(deleted).toBe(0)
    clock.advance(MINUTE_MS)
    for (let i = 0; i < 4; i++) await vault.listSecrets()
    expect(deleted).toBe(250)
    expect(await vault.verify()).toMatchObject({ isClean: true, secretCount: 0 })
  })
})

describe('a clock that is set back after a sweep stopped at its bound', () => {
  it('keeps no list from being read', async () => {
    const test = await vaultWithDueSecret()
    const { vault, storage, clock } = test
    const now = clock.now()
    await sweepNothing(test)
    await plantJunk(storage, 12_000)
    await vault.listSecrets()
    clock.set(0)
    await vault.listSecrets()
    clock.set(now)
    await vault.listSecrets()
  })
})
