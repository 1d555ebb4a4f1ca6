/** A root that a later release wrote a section to which this one does not know. */

import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { generateKey, rawKey } from 'stagevault'
import { expectFailure } from '../support/failures.js'
import { forgeRootSection } from '../support/forged-root.js'
import { DAY_MS } from '../support/test-clock.js'
import type { TestVault } from '../support/test-vault.js'
import { TEST_KEY, newTestVault } from '../support/test-vault.js'

const S = { secretName: 'S' } as const
const DUE = { secretName: 'due' } as const
const UNKNOWN = 'UNSUPPORTED_FORMAT'

/** A vault of two secrets, of which one is due, before the section came. */
async function vaultBefore(): Promise<TestVault> {
  const test = await newTestVault()
  const { vault, clock } = test
  for (const secret of [S, DUE]) await vault.createSecret({ ...secret, secretData: 'one' })
  await vault.putSecretValue({ ...S, secretData: 'two' })
  await vault.deleteSecret({ ...DUE, recoveryWindowInDays: 7 })
  clock.advance(8 * DAY_MS)
  return test
}

const unlock = rawKey(TEST_KEY)
const newUnlock = rawKey(generateKey())

const CHANGES: readonly (readonly [string, (vault: Vault) => Promise<unknown>])[] = [
  ['createSecret', (vault) => vault.createSecret({ secretName: 'T', secretData: 'x' })],
  ['putSecretValue', (vault) => vault.putSecretValue({ ...S, secretData: 'x' })],
  ['updateSecret', (vault) => vault.updateSecret({ ...S, description: 'x' })],
  [
    'updateSecretVersionStage',
    (vault) => vault.updateSecretVersionStage({ ...S, versionStage: 'blue', moveToVersion: 'v1' }),
  ],
  ['deleteSecret', (vault) => vault.deleteSecret(S)],
  ['restoreSecret', (vault) => vault.restoreSecret(DUE)],
  ['tagResource', (vault) => vault.tagResource({ ...S, tags: [{ tagKey: 'k', tagValue: 'v' }] })],
  ['disableVersion', (vault) => vault.disableVersion({ ...S, versionId: 'v1' })],
  ['destroyVersion', (vault) => vault.destroyVersion({ ...S, versionId: 'v1' })],
  ['renameSecret', (vault) => vault.renameSecret({ ...S, newSecretName: 'T' })],
  ['addUnlockSlot', (vault) => vault.addUnlockSlot({ unlock, newUnlock })],
  ['replaceUnlockSlot', (vault) => vault.replaceUnlockSlot({ unlock, newUnlock })],
  ['updateVaultSettings', (vault) => vault.updateVaultSettings({ limits: { secretsMax: 9 } })],
]

describe('a root with a section that may be skipped', () => {
  it('is read: everything that reads goes on', async () => {
    const { vault, storage, open } = await vaultBefore()
    await forgeRootSection(storage, true)
    for (const each of [vault, await open(), await open({ readOnly: true })]) {
      expect((await each.getSecretValue(S)).secretData).toBe('two')
      const { secrets } = await each.listSecrets()
      expect(secrets.map(({ secretName }) => secretName)).toEqual(['S', 'due'])
      await each.listUnlockSlots()
      await each.getVaultSettings()
      expect(await each.verify()).toMatchObject({ isClean: true, secretCount: 2 })
    }
  })

  it.each(CHANGES)('is not rewritten by %s, which names the section', async (_, change) => {
    const { vault, storage, open, dump } = await vaultBefore()
    await forgeRootSection(storage, true)
    const before = await dump()
    for (const each of [vault, await open()]) {
      const { message } = await expectFailure(() => change(each), UNKNOWN)
      expect(message).toContain('section 40')
      // A second time too, when the root is cached.
      await expectFailure(() => change(each), UNKNOWN)
    }
    expect(await dump()).toEqual(before)
  })

  it('is not rewritten by a sweep either, which keeps no list from being read', async () => {
    const { vault, storage, open, clock, dump } = await vaultBefore()
    await forgeRootSection(storage, true)
    const before = await dump()
    for (let i = 0; i < 3; i++) {
      expect((await vault.listSecrets()).secrets).toHaveLength(2)
      await open()
      clock.advance(60_000)
    }
    expect(await dump()).toEqual(before)
  })

  it('leaves what needs no commit alone', async () => {
    const { vault, storage } = await vaultBefore()
    await forgeRootSection(storage, true)
    const again = await vault.putSecretValue({ ...S, versionId: 'v2', secretData: 'two' })
    expect(again).toMatchObject({ versionStages: ['ACSCurrent'] })
    await expectFailure(() => vault.createSecret({ ...S, secretData: 'x' }), 'SECRET_EXISTS')
  })
})

describe('a root with a section that may not be skipped', () => {
  it('opens nothing', async () => {
    const { storage, open, dump } = await vaultBefore()
    await forgeRootSection(storage, false)
    const before = await dump()
    const { message } = await expectFailure(() => open(), UNKNOWN)
    expect(message).toContain('section 40')
    await expectFailure(() => open({ readOnly: true }), UNKNOWN)
    expect(await dump()).toEqual(before)
  })

  it.each(CHANGES)('is refused to a vault that was open, by %s', async (_, change) => {
    const { storage, open, dump } = await vaultBefore()
    const vault = await open()
    await forgeRootSection(storage, false)
    const before = await dump()
    await expectFailure(() => change(vault), UNKNOWN)
    await expectFailure(() => vault.listSecrets(), UNKNOWN)
    expect(await dump()).toEqual(before)
  })

  it.each([true, false])(
    'and one that may (%s) are not lost to rebuildRoot',
    async (isSkippable) => {
      const { storage, open, dump } = await vaultBefore()
      await forgeRootSection(storage, isSkippable)
      const before = await dump()
      const unproved = await open({ readOnly: true, unproved: true })
      await expectFailure(() => unproved.rebuildRoot(), UNKNOWN)
      expect(await dump()).toEqual(before)
    },
  )
})
