/** Handles that were opened with `readOnly` read everything and write nothing. */

import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { createVault, generateKey, openVault, rawKey } from 'stagevault'
import { ACCESS_CHANGES, ACCESS_READS, callAccess } from '../support/access-calls.js'
import type { CountingStorage } from '../support/counting-storage.js'
import { countingStorage } from '../support/counting-storage.js'
import { expectFailure } from '../support/failures.js'
import { dumpRecords } from '../support/stored-records.js'
import type { TestClock } from '../support/test-clock.js'
import { DAY_MS, createTestClock } from '../support/test-clock.js'
import { TEST_KEY, sharedMemory } from '../support/test-vault.js'

const unlock = rawKey(TEST_KEY)
const S = { secretName: 'S' } as const
const DUE = { secretName: 'due' } as const
const MINUTE_MS = 60_000

interface ReadOnly {
  readonly reader: Vault
  readonly writer: Vault
  readonly clock: TestClock
  readonly counts: CountingStorage
  readonly dump: () => Promise<ReadonlyMap<string, string>>
}

/** A reader of a vault with two versions of `S`, and of `due`, whose recovery window has ended. */
async function openReadOnly(): Promise<ReadOnly> {
  const memory = sharedMemory()
  const clock = createTestClock()
  const common = { unlock, clock: clock.now }
  const writer = await createVault({ ...common, storage: memory.open() })
  for (const secret of [S, DUE]) await writer.createSecret({ ...secret, secretData: 'one' })
  await writer.putSecretValue({ ...S, secretData: 'two' })
  await writer.deleteSecret({ ...DUE, recoveryWindowInDays: 7 })
  clock.advance(8 * DAY_MS)
  const counts = countingStorage(memory.open())
  const reader = await openVault({ ...common, storage: counts.storage, readOnly: true })
  return { reader, writer, clock, counts, dump: () => dumpRecords(memory.open()) }
}

const newUnlock = rawKey(generateKey())

const CHANGES: readonly (readonly [string, (vault: Vault) => Promise<unknown>])[] = [
  ['createSecret', (vault) => vault.createSecret({ secretName: 'T', secretData: 'x' })],
  ['putSecretValue', (vault) => vault.putSecretValue({ ...S, secretData: 'x' })],
  [
    'putSecretValue of what is there',
    (vault) => vault.putSecretValue({ ...S, secretData: 'two', versionId: 'v2' }),
  ],
  ['updateSecret', (vault) => vault.updateSecret({ ...S, description: 'x' })],
  [
    'updateSecretVersionStage',
    (vault) => vault.updateSecretVersionStage({ ...S, versionStage: 'blue', moveToVersion: 'v1' }),
  ],
  ['deleteSecret', (vault) => vault.deleteSecret(S)],
  [
    'deleteSecret at once',
    (vault) => vault.deleteSecret({ ...S, forceDeleteWithoutRecovery: true }),
  ],
  ['restoreSecret', (vault) => vault.restoreSecret(DUE)],
  ['tagResource', (vault) => vault.tagResource({ ...S, tags: [{ tagKey: 'k', tagValue: 'v' }] })],
  ['untagResource', (vault) => vault.untagResource({ ...S, tagKeys: ['k'] })],
  ['disableVersion', (vault) => vault.disableVersion({ ...S, versionId: 'v1' })],
  ['enableVersion', (vault) => vault.enableVersion({ ...S, versionId: 'v1' })],
  ['destroyVersion', (vault) => vault.destroyVersion({ ...S, versionId: 'v1' })],
  ['renameSecret', (vault) => vault.renameSecret({ ...S, newSecretName: 'T' })],
  ['addUnlockSlot', (vault) => vault.addUnlockSlot({ unlock, newUnlock })],
  ['replaceUnlockSlot', (vault) => vault.replaceUnlockSlot({ unlock, newUnlock })],
  [
    'removeUnlockSlot',
    async (vault) => {
      const [slot] = (await vault.listUnlockSlots()).slots
      return vault.removeUnlockSlot({ unlock, slotId: slot?.slotId ?? '' })
    },
  ],
  ['updateVaultSettings', (vault) => vault.updateVaultSettings({ limits: { secretsMax: 9 } })],
  ['rebuildRoot', (vault) => vault.rebuildRoot()],
  ...ACCESS_CHANGES.map((call) => [call.name, (vault: Vault) => callAccess(vault, call)] as const),
]

/** With its one slot a vault refuses to remove it, before it is a change. */
const OTHER_REASON: Readonly<Record<string, string>> = { removeUnlockSlot: 'UNLOCK_FAILED' }

describe('a read-only handle', () => {
  it.each(CHANGES)('refuses %s', async (name, change) => {
    const { reader, counts, dump } = await openReadOnly()
    const before = await dump()
    await expectFailure(() => change(reader), OTHER_REASON[name] ?? 'UNSUPPORTED_OPERATION')
    expect(counts.take().commits).toBe(0)
    expect(await dump()).toEqual(before)
  })

  it('refuses to remove one slot of two', async () => {
    const { reader, writer, counts } = await openReadOnly()
    const { slotId } = await writer.addUnlockSlot({ unlock, newUnlock })
    await expectFailure(() => reader.removeUnlockSlot({ unlock, slotId }), 'UNSUPPORTED_OPERATION')
    expect(counts.take().commits).toBe(0)
  })

  it('knows every operation of a vault that changes it', () => {
    const names = new Set(CHANGES.map(([name]) => name.split(' ')[0]))
    const reads = [
      ...ACCESS_READS.map(({ name }) => name),
      'explainAccess',
      'as',
      'getSecretValue',
      'getSecretJson',
      'batchGetSecretValue',
      'describeSecret',
      'listSecrets',
      'iterateSecrets',
      'listSecretVersionIds',
      'iterateSecretVersionIds',
      'getRandomPassword',
      'listUnlockSlots',
      'getVaultSettings',
      'verify',
      'subscribe',
      'close',
      'vaultId',
    ]
    return openReadOnly().then(({ reader }) => {
      const all = new Set([...names, ...reads])
      expect(all).toEqual(new Set(Object.keys(reader)))
    })
  })

  it('reads everything without a commit, with due secrets too', async () => {
    const { reader, clock, counts, dump } = await openReadOnly()
    const before = await dump()
    for (let i = 0; i < 3; i++) {
      const { secrets } = await reader.listSecrets()
      expect(secrets.map(({ secretName }) => secretName)).toEqual(['S', 'due'])
      expect((await reader.describeSecret(DUE)).plannedDeleteTime).toBeInstanceOf(Date)
      clock.advance(MINUTE_MS)
    }
    expect((await reader.getSecretValue(S)).secretData).toBe('two')
    expect((await reader.getSecretValue({ ...S, versionId: 'v1' })).secretData).toBe('one')
    await reader.batchGetSecretValue({ secretsList: [S] })
    await reader.listSecretVersionIds(S)
    await reader.listUnlockSlots()
    await reader.getVaultSettings()
    expect((await reader.verify()).isClean).toBe(true)
    await reader.close()
    expect(counts.take().commits).toBe(0)
    expect(await dump()).toEqual(before)
  })

  it('sees what others write, and marks nothing as unproved', async () => {
    const { reader, writer } = await openReadOnly()
    await reader.getSecretValue(S)
    await writer.putSecretValue({ ...S, secretData: 'three' })
    const read = await reader.getSecretValue(S)
    expect(read.secretData).toBe('three')
    expect(read).not.toHaveProperty('isUnproved')
  })

  it('goes without unproved, and unproved not without it', async () => {
    const { storage } = countingStorage(sharedMemory().open())
    await createVault({ storage, unlock })
    await expectFailure(() => openVault({ storage, unlock, unproved: true }), 'INVALID_PARAMETER')
    await openVault({ storage, unlock, readOnly: false })
    await openVault({ storage, unlock, readOnly: true, unproved: false })
  })
})
