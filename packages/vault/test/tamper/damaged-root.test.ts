/**
 * A root that is missing, damaged or not the newest: what compares it rejects, and nothing is
 * written. So a damaged root cannot hide a rollback.
 */

import { beforeEach, describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { rawKey } from 'stagevault'
import { isIntegrityError } from '@stagevault/core/errors'
import { codeOf, expectFailure, failureOf } from '../support/failures.js'
import { dumpRecords, keepCopy, overwrite, recordAt } from '../support/stored-records.js'
import type { TestVault } from '../support/test-vault.js'
import { TEST_KEY, vaultWithSecret } from '../support/test-vault.js'

const ROOT = 'vault!root'
const S = { secretName: 'S' }
const T = { secretName: 'T' }
const unlock = rawKey(TEST_KEY)

type Paths = Readonly<Record<string, (vault: Vault) => Promise<unknown>>>

/** Where S and T were not read yet. */
const FIRST_READS: Paths = {
  getSecretValue: (vault) => vault.getSecretValue(S),
  describeSecret: (vault) => vault.describeSecret(S),
  listSecretVersionIds: (vault) => vault.listSecretVersionIds(S),
  'getSecretValue of none': (vault) => vault.getSecretValue({ secretName: 'none' }),
  'describeSecret of none': (vault) => vault.describeSecret({ secretName: 'none' }),
}

/** Whether S was read before or not. */
const EVERY_TIME: Paths = {
  listSecrets: (vault) => vault.listSecrets(),
  iterateSecrets: (vault) => vault.iterateSecrets()[Symbol.asyncIterator]().next(),
  getVaultSettings: (vault) => vault.getVaultSettings(),
  listUnlockSlots: (vault) => vault.listUnlockSlots(),
  createSecret: (vault) => vault.createSecret({ secretName: 'new', secretData: 'x' }),
  'createSecret of a name that is taken': (vault) => vault.createSecret({ ...S, secretData: 'x' }),
  putSecretValue: (vault) => vault.putSecretValue({ ...S, secretData: 'x' }),
  'putSecretValue that is refused': (vault) =>
    vault.putSecretValue({ ...S, secretData: 'x', versionId: 'v1' }),
  'putSecretValue that changes nothing': (vault) =>
    vault.putSecretValue({ ...S, secretData: 'one', versionId: 'v1' }),
  updateSecret: (vault) => vault.updateSecret({ ...S, description: 'new' }),
  updateSecretVersionStage: (vault) =>
    vault.updateSecretVersionStage({ ...S, versionStage: 'Blue', moveToVersion: 'v1' }),
  tagResource: (vault) => vault.tagResource({ ...S, tags: [{ tagKey: 'k', tagValue: 'v' }] }),
  untagResource: (vault) => vault.untagResource({ ...S, tagKeys: ['k'] }),
  disableVersion: (vault) => vault.disableVersion({ ...S, versionId: 'v1' }),
  deleteSecret: (vault) => vault.deleteSecret(S),
  restoreSecret: (vault) => vault.restoreSecret(S),
  renameSecret: (vault) => vault.renameSecret({ ...S, newSecretName: 'new' }),
  addUnlockSlot: (vault) => vault.addUnlockSlot({ unlock, newUnlock: rawKey(new Uint8Array(32)) }),
  replaceUnlockSlot: (vault) => vault.replaceUnlockSlot({ unlock, newUnlock: unlock }),
  updateVaultSettings: (vault) => vault.updateVaultSettings({ limits: { secretsMax: 9 } }),
}

let test: TestVault
/** A handle that has seen the newest root and no secret, and one that has seen all of them. */
let handles: { readonly fresh: Vault; readonly warm: Vault }

beforeEach(async () => {
  test = await vaultWithSecret()
  await test.vault.createSecret({ ...T, secretData: 'two' })
  const [fresh, warm] = [await test.open(), await test.open()]
  for (const secret of [S, T]) await warm.getSecretValue(secret)
  handles = { fresh, warm }
})

/** @param codes - what may be said of it */
async function expectEveryPathRejects(codes: readonly string[]): Promise<void> {
  const { storage } = test
  const before = await dumpRecords(storage)
  const { fresh, warm } = handles
  const calls = [
    ...Object.entries({ ...FIRST_READS, ...EVERY_TIME }).map(
      ([name, run]) => [`fresh ${name}`, () => run(fresh)] as const,
    ),
    ...Object.entries(EVERY_TIME).map(([name, run]) => [`warm ${name}`, () => run(warm)] as const),
  ]
  for (const [name, call] of calls) {
    const code = await call().then(() => 'done', codeOf)
    expect(codes, name).toContain(code)
  }
  for (const vault of [fresh, warm]) {
    expect((await vault.verify()).problems.map(({ storageKey }) => storageKey)).toContain(ROOT)
  }
  expect(await dumpRecords(storage)).toEqual(before)
}

describe('every path that compares the root rejects', () => {
  it('one that is missing; so does opening', async () => {
    await overwrite(test.storage, ROOT, null)
    await expectEveryPathRejects(['RECORD_MISSING'])
    await expectFailure(() => test.open(), 'RECORD_MISSING')
    await expectFailure(() => test.open({ readOnly: true }), 'RECORD_MISSING')
  })

  it('one that was damaged; so does opening', async () => {
    const root = await recordAt(test.storage, ROOT)
    for (const damaged of [root.slice(1), root.with(9, (root[9] ?? 0) ^ 1), new Uint8Array(0)]) {
      await overwrite(test.storage, ROOT, damaged)
      await expectEveryPathRejects(['MALFORMED_RECORD', 'DECRYPTION_FAILED'])
    }
  })

  it('an earlier one', async () => {
    const earlier = await recordAt(test.storage, ROOT)
    await test.vault.tagResource({ ...T, tags: [{ tagKey: 'k', tagValue: 'v' }] })
    for (const vault of Object.values(handles)) await vault.listSecrets()
    await overwrite(test.storage, ROOT, earlier)
    await expectEveryPathRejects(['ROLLBACK_DETECTED'])
  })

  it('another one of the same epoch', async () => {
    const putBack = await keepCopy(test.storage)
    const unaware = await test.open()
    await test.vault.tagResource({ ...T, tags: [{ tagKey: 'k', tagValue: 'ours' }] })
    for (const vault of Object.values(handles)) await vault.listSecrets()
    await putBack()
    const forked = await test.open()
    await forked.createSecret({ secretName: 'theirs', secretData: 'three' })
    await expectEveryPathRejects(['ROLLBACK_DETECTED'])
    await expect(unaware.getSecretValue(S)).resolves.toMatchObject({ secretData: 'one' })
  })

  it('the limit: a fork with as many commits and secrets has the same root', async () => {
    const { storage, vault, open } = test
    const putBack = await keepCopy(storage)
    await vault.tagResource({ ...T, tags: [{ tagKey: 'k', tagValue: 'ours' }] })
    const ours = await recordAt(storage, ROOT)
    await handles.warm.describeSecret(T)
    await putBack()
    await (await open()).tagResource({ ...T, tags: [{ tagKey: 'k', tagValue: 'theirs' }] })
    expect(await recordAt(storage, ROOT)).toEqual(ours)
    // It is found by a head that was seen.
    await expectFailure(() => handles.warm.describeSecret(T), 'ROLLBACK_DETECTED')
    expect((await handles.fresh.describeSecret(T)).tags).toMatchObject([{ tagValue: 'theirs' }])
  })
})

it('each bit of the root, flipped: opening, lists, first reads and changes reject', async () => {
  const root = await recordAt(test.storage, ROOT)
  const { fresh, warm } = handles
  const rejecting = [
    () => test.open(),
    () => fresh.getSecretValue(S),
    () => fresh.listSecrets(),
    () => warm.listSecrets(),
    () => warm.putSecretValue({ ...S, secretData: 'x' }),
  ]
  for (let bit = 0; bit < 8 * root.length; bit++) {
    const flipped = new Uint8Array(root)
    flipped[bit >>> 3] = (root[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
    await overwrite(test.storage, ROOT, flipped)
    for (const call of rejecting) expect(isIntegrityError(await failureOf(call))).toBe(true)
  }
  await overwrite(test.storage, ROOT, root)
  expect((await fresh.getSecretValue(S)).secretData).toBe('one')
  await warm.putSecretValue({ ...S, secretData: 'x' })
})

it('a store that went back is not hidden by a root that is damaged or gone', async () => {
  for (const damage of ['bit', 'missing'] as const) {
    const { storage, vault, open } = await vaultWithSecret()
    const putBack = await keepCopy(storage)
    const root = await recordAt(storage, ROOT)
    await vault.putSecretValue({ ...S, secretData: 'new' })
    const reader = await open()
    await putBack()
    await overwrite(storage, ROOT, damage === 'bit' ? root.with(9, (root[9] ?? 0) ^ 1) : null)
    const code = damage === 'bit' ? 'DECRYPTION_FAILED' : 'RECORD_MISSING'
    await expectFailure(() => reader.getSecretValue(S), code)
    await expectFailure(() => reader.listSecrets(), code)
  }
})

it('a vault of 100 secrets without its root still returns 100 values, and goes on', async () => {
  const { storage, vault, open } = test
  for (let i = 0; i < 98; i++) {
    await vault.createSecret({ secretName: `secret/${i}`, secretData: `value ${i}` })
  }
  const reader = await open()
  await overwrite(storage, ROOT, null)
  const unproved = await open({ readOnly: true, unproved: true })
  const names: string[] = []
  for await (const { secretName, isUnproved } of unproved.iterateSecrets()) {
    const { secretData } = await unproved.getSecretValue({ secretName })
    if (secretName.startsWith('secret/')) {
      expect(secretData).toBe(secretName.replace('secret/', 'value '))
    }
    expect(isUnproved).toBe(true)
    names.push(secretName)
  }
  expect(names).toHaveLength(100)
  expect(await unproved.rebuildRoot()).toMatchObject({ secretCount: 100, errors: [] })
  for (const each of [reader, vault, await open()]) {
    await each.putSecretValue({ ...S, secretData: 'on' })
    expect((await each.listSecrets()).secrets).toHaveLength(10)
    expect((await each.verify()).problems).toEqual([])
  }
})
