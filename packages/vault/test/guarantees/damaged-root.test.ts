/** A lost or damaged root is detected; values can still be read, and the root is rebuilt. */

import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { createVault, generateKey, openVault, rawKey } from 'stagevault'
import { KEYRING_KEY, ROOT_KEY, headKey, nameKey } from '@stagevault/core/records/layout'
import { openRoot } from '@stagevault/core/records/vault-root'
import type { StorageAdapter } from '@stagevault/storage'
import { expectFailure } from '../support/failures.js'
import { recordKeysOf } from '../support/forged-records.js'
import { dumpRecords, keepCopy, overwrite, recordAt } from '../support/stored-records.js'
import { START_TIME } from '../support/test-clock.js'
import type { OpenSettings } from '../support/test-vault.js'
import { TEST_KEY, sharedMemory } from '../support/test-vault.js'

const unlock = rawKey(TEST_KEY)
const LIMITS = { secretValueBytesMax: 100, versionsMax: 5, stageLabelsMax: 6, secretsMax: 200 }
const NAMES = Array.from({ length: 100 }, (_, i) => `s${String(i).padStart(3, '0')}`)

interface Bench {
  /** The vault that wrote the records, still open. */
  readonly vault: Vault
  readonly storage: StorageAdapter
  readonly open: (options?: OpenSettings) => Promise<Vault>
  readonly openUnproved: () => Promise<Vault>
  /** Moves the clock, which stands still. */
  readonly advance: (ms: number) => void
}

async function vaultOfHundred(): Promise<Bench> {
  const memory = sharedMemory()
  let now = START_TIME
  const common = { unlock, clock: () => now }
  const vault = await createVault({ ...common, storage: memory.open(), limits: LIMITS })
  await Promise.all(
    NAMES.map((secretName) =>
      vault.createSecret({ secretName, secretData: `value of ${secretName}` }),
    ),
  )
  const open = (options: OpenSettings = {}): Promise<Vault> =>
    openVault({ ...common, ...options, storage: memory.open() })
  const openUnproved = (): Promise<Vault> => open({ readOnly: true, unproved: true })
  const advance = (ms: number): void => {
    now += ms
  }
  return { vault, storage: memory.open(), open, openUnproved, advance }
}

async function flipBit(storage: StorageAdapter, key: string): Promise<void> {
  const record = await recordAt(storage, key)
  const middle = record.length >> 1
  record[middle] = (record[middle] ?? 0) ^ 1
  await overwrite(storage, key, record)
}

async function epochOf(storage: StorageAdapter): Promise<number> {
  const keys = await recordKeysOf(storage, TEST_KEY)
  return openRoot(keys, await recordAt(storage, ROOT_KEY)).epoch
}

const DAMAGES = [
  ['is lost', 'RECORD_MISSING', (storage: StorageAdapter) => overwrite(storage, ROOT_KEY, null)],
  [
    'has a flipped bit',
    'DECRYPTION_FAILED',
    (storage: StorageAdapter) => flipBit(storage, ROOT_KEY),
  ],
] as const

describe.each(DAMAGES)('a vault whose root %s', (_, code, damage) => {
  it('is not opened, and nothing that compares the root goes on', async () => {
    const { vault, storage, open } = await vaultOfHundred()
    const reader = await open()
    await damage(storage)
    const before = await dumpRecords(storage)
    const [secretName = ''] = NAMES
    await expectFailure(() => open(), code)
    await expectFailure(() => open({ readOnly: true }), code)
    await expectFailure(() => vault.listSecrets(), code)
    await expectFailure(() => reader.getSecretValue({ secretName }), code)
    await expectFailure(() => reader.describeSecret({ secretName }), code)
    await expectFailure(() => reader.putSecretValue({ secretName, secretData: 'x' }), code)
    await expectFailure(() => vault.createSecret({ secretName: 'new', secretData: 'x' }), code)
    await expectFailure(() => vault.getVaultSettings(), code)
    const { problems } = await vault.verify()
    expect(problems).toContainEqual(expect.objectContaining({ code, storageKey: ROOT_KEY }))
    expect(new Set(problems.map((problem) => problem.code))).toEqual(new Set([code]))
    expect(await dumpRecords(storage)).toEqual(before)
  })

  it('gives a hundred values back that are marked as unproved', async () => {
    const { storage, openUnproved } = await vaultOfHundred()
    await damage(storage)
    const before = await dumpRecords(storage)
    const unproved = await openUnproved()
    const values: string[] = []
    for await (const { secretName, isUnproved } of unproved.iterateSecrets()) {
      expect(isUnproved).toBe(true)
      const read = await unproved.getSecretValue({ secretName })
      expect(read.isUnproved).toBe(true)
      expect((await unproved.describeSecret({ secretName })).isUnproved).toBe(true)
      values.push(String(read.secretData))
    }
    expect(values).toEqual(NAMES.map((name) => `value of ${name}`))
    const secretsList = NAMES.slice(0, 20).map((secretName) => ({ secretName }))
    const { secretValues } = await unproved.batchGetSecretValue({ secretsList })
    expect(secretValues.map(({ isUnproved }) => isUnproved)).toEqual(secretsList.map(() => true))
    await expectFailure(
      () => unproved.putSecretValue({ secretName: 's000', secretData: 'x' }),
      'UNSUPPORTED_OPERATION',
    )
    expect(await dumpRecords(storage)).toEqual(before)
  })

  it('is whole again after rebuildRoot, and open handles go on', async () => {
    const { vault, storage, open, openUnproved } = await vaultOfHundred()
    const epoch = await epochOf(storage)
    await damage(storage)
    const result = await (await openUnproved()).rebuildRoot({ limits: LIMITS })
    expect(result).toEqual({
      secretCount: 100,
      lostSecretCount: 0,
      limits: LIMITS,
      errors: [],
    })
    expect(await epochOf(storage)).toBeGreaterThan(epoch)
    const opened = await open()
    for (const each of [vault, opened]) {
      expect(await each.verify()).toMatchObject({ isClean: true, secretCount: 100 })
      await each.putSecretValue({ secretName: 's000', secretData: 'next' })
      expect((await each.getSecretValue({ secretName: 's001' })).secretData).toBe('value of s001')
    }
    await vault.createSecret({ secretName: 'new', secretData: 'x' })
    expect((await opened.getSecretValue({ secretName: 'new' })).secretData).toBe('x')
    expect((await opened.getVaultSettings()).limits).toEqual(LIMITS)
  })
})

describe('rebuildRoot', () => {
  it('keeps the limits of a root that opens, or takes those that are given', async () => {
    const { open, openUnproved } = await vaultOfHundred()
    expect((await (await openUnproved()).rebuildRoot()).limits).toEqual(LIMITS)
    const changed = { ...LIMITS, secretsMax: 300 }
    const result = await (await openUnproved()).rebuildRoot({ limits: { secretsMax: 300 } })
    expect(result.limits).toEqual(changed)
    expect((await (await open()).getVaultSettings()).limits).toEqual(changed)
  })

  it('takes the default limits where the root is lost and none are given', async () => {
    const { storage, openUnproved } = await vaultOfHundred()
    await overwrite(storage, ROOT_KEY, null)
    const { limits } = await (await openUnproved()).rebuildRoot()
    expect(limits).toMatchObject({ versionsMax: 10, secretsMax: 0 })
  })

  it('names heads that are damaged or lost, and does not count them', async () => {
    const { storage, open, openUnproved } = await vaultOfHundred()
    await overwrite(storage, ROOT_KEY, null)
    await flipBit(storage, headKey('s010'))
    await overwrite(storage, headKey('s020'), null)
    const { secretCount, lostSecretCount, errors } = await (await openUnproved()).rebuildRoot()
    expect(secretCount).toBe(98)
    // Version records of both are left.
    expect(lostSecretCount).toBe(2)
    expect(errors).toMatchObject([
      { secretName: 's010', code: 'DECRYPTION_FAILED' },
      { secretName: 's020', code: 'RECORD_MISSING' },
    ])
    const opened = await open()
    expect((await opened.getSecretValue({ secretName: 's011' })).secretData).toBe('value of s011')
    await expectFailure(() => opened.getSecretValue({ secretName: 's010' }), 'DECRYPTION_FAILED')
  })

  it('goes above an epoch that is ahead of the clock', async () => {
    const { storage, openUnproved } = await vaultOfHundred()
    // The first takes the time, so the second can only count on.
    await (await openUnproved()).rebuildRoot()
    const epoch = await epochOf(storage)
    expect(epoch).toBe(1_000 * START_TIME)
    await (await openUnproved()).rebuildRoot()
    expect(await epochOf(storage)).toBe(epoch + 1)
  })

  it('says what is lost, as far as former root and version records show it', async () => {
    const { storage, openUnproved } = await vaultOfHundred()
    for (const key of [headKey('s010'), nameKey('s010')]) await overwrite(storage, key, null)
    const unproved = await openUnproved()
    const { versions } = await unproved.listSecretVersionIds({ secretName: 's011' })
    expect(versions).toMatchObject([{ versionId: 'v1', isUnproved: true }])
    expect(await unproved.rebuildRoot()).toMatchObject({
      secretCount: 99,
      formerSecretCount: 100,
      lostSecretCount: 1,
      errors: [],
    })
    await overwrite(storage, ROOT_KEY, null)
    const again = await (await openUnproved()).rebuildRoot()
    expect(again).toMatchObject({ secretCount: 99, lostSecretCount: 1 })
    expect(again).not.toHaveProperty('formerSecretCount')
  })

  it('lets open handles go on that commit faster than once a millisecond', async () => {
    const { vault, storage, openUnproved, advance } = await vaultOfHundred()
    for (const round of [1, 2]) {
      for (let i = 0; i < 30; i++) {
        await vault.putSecretValue({ secretName: 's000', secretData: `${round} ${i}` })
      }
      await flipBit(storage, ROOT_KEY)
      advance(1)
      await (await openUnproved()).rebuildRoot()
      expect((await vault.getSecretValue({ secretName: 's000' })).secretData).toBe(`${round} 29`)
      await vault.listSecrets()
    }
  })

  it('reports its progress, and writes nothing once it is aborted', async () => {
    const { storage, openUnproved } = await vaultOfHundred()
    await overwrite(storage, ROOT_KEY, null)
    const before = await dumpRecords(storage)
    const unproved = await openUnproved()
    const controller = new AbortController()
    const reason = new Error('enough')
    const records: number[] = []
    const onProgress = (progress: { readonly records: number }): void => {
      records.push(progress.records)
      controller.abort(reason)
    }
    const rebuilding = unproved.rebuildRoot({ signal: controller.signal, onProgress })
    await expect(rebuilding).rejects.toBe(reason)
    // 200 heads and names, and 100 versions.
    expect(records).toEqual([256])
    expect(await dumpRecords(storage)).toEqual(before)
    expect(await unproved.rebuildRoot()).toMatchObject({ secretCount: 100 })
  })

  it('is refused on every other handle', async () => {
    const { vault, open, storage } = await vaultOfHundred()
    const before = await dumpRecords(storage)
    for (const each of [vault, await open(), await open({ readOnly: true })]) {
      await expectFailure(() => each.rebuildRoot(), 'UNSUPPORTED_OPERATION')
    }
    expect(await dumpRecords(storage)).toEqual(before)
  })

  it('is a conflict where others wrote the root in between', async () => {
    const { vault, storage } = await vaultOfHundred()
    const racing: StorageAdapter = {
      ...storage,
      commit: async (commit) => {
        await vault.putSecretValue({ secretName: 's000', secretData: 'faster' })
        return storage.commit(commit)
      },
    }
    const unproved = await openVault({ storage: racing, unlock, readOnly: true, unproved: true })
    await expectFailure(() => unproved.rebuildRoot(), 'CONFLICT')
    expect((await vault.getSecretValue({ secretName: 's000' })).secretData).toBe('faster')
  })
})

describe('a store that was put back with a damaged root', () => {
  it('is refused by the vault that was open', async () => {
    const { vault, storage } = await vaultOfHundred()
    const putBack = await keepCopy(storage)
    await vault.putSecretValue({ secretName: 's000', secretData: 'newer' })
    await vault.createSecret({ secretName: 'later', secretData: 'x' })
    await putBack()
    await flipBit(storage, ROOT_KEY)
    await expectFailure(() => vault.getSecretValue({ secretName: 's000' }), 'ROLLBACK_DETECTED')
    await expectFailure(() => vault.listSecrets(), 'DECRYPTION_FAILED')
    await expectFailure(() => vault.getSecretValue({ secretName: 'later' }), 'DECRYPTION_FAILED')
  })
})

describe('a keyring that was put back alone', () => {
  it('is found at opening, by verify, and before a slot changes', async () => {
    const { vault, storage, open } = await vaultOfHundred()
    const former = await recordAt(storage, KEYRING_KEY)
    const newUnlock = rawKey(generateKey())
    await vault.addUnlockSlot({ unlock, newUnlock })
    await overwrite(storage, KEYRING_KEY, former)
    await expectFailure(() => open(), 'ROLLBACK_DETECTED')
    await expectFailure(() => vault.listUnlockSlots(), 'ROLLBACK_DETECTED')
    await expectFailure(
      () => vault.addUnlockSlot({ unlock, newUnlock: rawKey(generateKey()) }),
      'ROLLBACK_DETECTED',
    )
    const { problems } = await vault.verify()
    expect(problems.map(({ code }) => code)).toContain('ROLLBACK_DETECTED')
  })
})
