import { describe, expect, it } from 'vitest'
import { expectFailure } from '../support/failures.js'
import { keysOf, recordAt } from '../support/stored-records.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'
import { labelsOf, readEvery } from '../support/version-labels.js'

const S = { secretName: 'S' }

describe('VER-1: a version comes into being only with a value, and never changes', () => {
  it('VER-1: neither creating nor putting makes a version without a value', async () => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    await expectFailure(() => vault.createSecret({ secretName: 'T' } as never), 'TypeError')
    await expectFailure(() => vault.putSecretValue(S as never), 'TypeError')
    await expectFailure(() => vault.putSecretValue({ ...S, secretData: '' }), 'INVALID_PARAMETER')
    expect(await dump()).toEqual(before)
  })

  it('VER-1: a label cannot bring a version into being', async () => {
    const { vault } = await vaultWithSecret()
    const move = { ...S, versionStage: 'blue', moveToVersion: 'v2' }
    await expectFailure(() => vault.updateSecretVersionStage(move), 'VERSION_NOT_FOUND')
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSCurrent'] })
  })

  it('VER-1: nothing that happens to a secret touches the record of a version', async () => {
    const { vault, storage } = await vaultWithSecret()
    const [key = ''] = await keysOf(storage, 'version!')
    const stored = await recordAt(storage, key)
    await vault.putSecretValue({ ...S, secretData: 'two' })
    await vault.updateSecretVersionStage({ ...S, versionStage: 'blue', moveToVersion: 'v1' })
    await vault.disableVersion({ ...S, versionId: 'v1' })
    await vault.enableVersion({ ...S, versionId: 'v1' })
    await vault.updateSecret({ ...S, description: 'changed' })
    await vault.tagResource({ ...S, tags: [{ tagKey: 'k', tagValue: 'v' }] })
    await vault.deleteSecret(S)
    await vault.restoreSecret(S)
    await vault.renameSecret({ ...S, newSecretName: 'T' })
    expect(await recordAt(storage, key)).toEqual(stored)
    expect(await readEvery(vault, 'T')).toEqual({ v1: 'one', v2: 'two' })
  })
})

describe('VER-2: automatic ids', () => {
  it('VER-2: are v1, v2, ... and go on in another session', async () => {
    const { vault, open } = await vaultWithSecret()
    const ids = [(await vault.putSecretValue({ ...S, secretData: 'two' })).versionId]
    await vault.close()
    const again = await open()
    ids.push((await again.putSecretValue({ ...S, secretData: 'three' })).versionId)
    expect(ids).toEqual(['v2', 'v3'])
  })

  it('VER-2: never go back, not after eviction either', async () => {
    const { vault } = await vaultWithSecret({ limits: { versionsMax: 2 } })
    const ids: string[] = []
    for (let i = 2; i <= 60; i++) {
      ids.push((await vault.putSecretValue({ ...S, secretData: `value ${i}` })).versionId)
    }
    expect(ids).toEqual(Array.from({ length: 59 }, (_, i) => `v${i + 2}`))
    expect(Object.keys(await labelsOf(vault, 'S'))).toEqual(['v59', 'v60'])
  })

  it('VER-2: never go back after a version was destroyed', async () => {
    const { vault } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two', versionStages: ['blue'] })
    await vault.destroyVersion({ ...S, versionId: 'v2' })
    expect((await vault.putSecretValue({ ...S, secretData: 'three' })).versionId).toBe('v3')
  })

  it('VER-2: skip a number whose name a caller has taken', async () => {
    const { vault } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'a', versionId: 'v2' })
    await vault.putSecretValue({ ...S, secretData: 'b', versionId: 'v4' })
    const ids = ['c', 'd'].map(async (secretData) => {
      return (await vault.putSecretValue({ ...S, secretData })).versionId
    })
    expect(await Promise.all(ids)).toEqual(['v3', 'v5'])
  })

  it('VER-2: skip a number that a caller took for a version since evicted', async () => {
    const { vault } = await vaultWithSecret({ limits: { versionsMax: 2 } })
    await vault.putSecretValue({ ...S, secretData: 'a', versionId: 'v2' })
    for (let i = 0; i < 3; i++)
      await vault.putSecretValue({ ...S, secretData: 'b', versionId: `x${i}` })
    expect(Object.keys(await labelsOf(vault, 'S'))).not.toContain('v2')
    expect((await vault.putSecretValue({ ...S, secretData: 'c' })).versionId).toBe('v3')
  })

  it('VER-2: skip it also when the vault no longer remembers that version', async () => {
    const { vault } = await vaultWithSecret({ limits: { versionsMax: 2 } })
    await vault.putSecretValue({ ...S, secretData: 'a', versionId: 'v2' })
    for (let i = 0; i < 40; i++) {
      await vault.putSecretValue({ ...S, secretData: 'b', versionId: `x${i}` })
    }
    expect((await vault.putSecretValue({ ...S, secretData: 'c' })).versionId).toBe('v3')
  })

  it('VER-2: a forgotten id ahead of the counter is not given out either', async () => {
    const { vault } = await vaultWithSecret({ limits: { versionsMax: 2 } })
    await vault.putSecretValue({ ...S, secretData: 'a', versionId: 'v5' })
    for (let i = 0; i < 40; i++) {
      await vault.putSecretValue({ ...S, secretData: 'b', versionId: `x${i}` })
    }
    const ids: string[] = []
    for (let i = 0; i < 8; i++) {
      ids.push((await vault.putSecretValue({ ...S, secretData: `auto ${i}` })).versionId)
    }
    expect(ids).not.toContain('v5')
    expect(ids).toEqual([...new Set(ids)].sort((x, y) => Number(x.slice(1)) - Number(y.slice(1))))
  })

  it("VER-2: an id of the caller's moves the counter only where it can go on", async () => {
    const { vault } = await vaultWithSecret({ limits: { versionsMax: 2 } })
    const far = ['v999999999999998', 'v999999999999999', 'v9007199254740991']
    for (const versionId of far) await vault.putSecretValue({ ...S, secretData: 'a', versionId })
    const ids: string[] = []
    for (let i = 0; i < 80; i++) {
      ids.push((await vault.putSecretValue({ ...S, secretData: `auto ${i}` })).versionId)
    }
    expect(new Set(ids).size).toBe(80)
    expect(ids.filter((versionId) => far.includes(versionId))).toEqual([])
    for (const versionId of ids) {
      const request = { ...S, secretData: 'other', versionId }
      await expectFailure(() => vault.putSecretValue(request), 'VERSION_EXISTS')
    }
  })

  it('VER-2: what only looks like a number takes none', async () => {
    const { vault } = await vaultWithSecret()
    for (const versionId of ['v02', 'V2', 'v2.0', '2', 'v']) {
      await vault.putSecretValue({ ...S, secretData: versionId, versionId })
    }
    expect((await vault.putSecretValue({ ...S, secretData: 'x' })).versionId).toBe('v2')
  })

  it("VER-2: the counter is the secret's own, and ends with it", async () => {
    const { vault } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two' })
    await vault.createSecret({ secretName: 'T', secretData: 'one', versionId: 'first' })
    expect((await vault.putSecretValue({ secretName: 'T', secretData: 'x' })).versionId).toBe('v1')
    await vault.deleteSecret({ ...S, forceDeleteWithoutRecovery: true })
    expect((await vault.createSecret({ ...S, secretData: 'new' })).versionId).toBe('v1')
  })
})

describe('VER-3: the same id with the same value again', () => {
  it('VER-3: succeeds and changes nothing, with any stages', async () => {
    const { vault, dump } = await vaultWithSecret()
    const put = { ...S, secretData: 'two', versionId: 'mine' }
    await vault.putSecretValue({ ...put, versionStages: ['ACSCurrent', 'blue'] })
    await vault.putSecretValue({ ...S, secretData: 'three' })
    const before = await dump()
    for (const versionStages of [['ACSCurrent'], ['blue'], ['green', 'ACSCurrent'], undefined]) {
      const again = versionStages === undefined ? put : { ...put, versionStages }
      expect(await vault.putSecretValue(again)).toEqual({
        ...S,
        versionId: 'mine',
        versionStages: ['ACSPrevious', 'blue'],
      })
    }
    expect(await dump()).toEqual(before)
  })

  it('VER-3: also with more stages than a secret may have', async () => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    const versionStages = Array.from({ length: 20 }, (_, i) => `label${i}`)
    const put = { ...S, secretData: 'one', versionId: 'v1', versionStages }
    expect((await vault.putSecretValue(put)).versionStages).toEqual(['ACSCurrent'])
    expect(await dump()).toEqual(before)
  })

  it('VER-3: not with a list of stages that no put may have, which is refused first', async () => {
    const { vault, dump } = await vaultWithSecret()
    const records = await dump()
    const put = { ...S, secretData: 'one', versionId: 'v1' }
    for (const versionStages of [[], ['ACSPrevious'], ['ACSPending', 'ACSPending'], ['a b']]) {
      await expectFailure(
        () => vault.putSecretValue({ ...put, versionStages }),
        'INVALID_PARAMETER',
      )
    }
    expect(await dump()).toEqual(records)
  })

  it('VER-3: succeeds where the first put changed what the compare-and-set expects', async () => {
    const { vault } = await vaultWithSecret()
    const put = { ...S, secretData: 'two', versionId: 'v2', expectedCurrentVersionId: 'v1' }
    const first = await vault.putSecretValue(put)
    expect(await vault.putSecretValue(put)).toEqual(first)
  })

  it('VER-3: holds for bytes, and in another session', async () => {
    const { vault, open, dump } = await vaultWithSecret()
    const secretData = Uint8Array.of(0, 255, 128)
    await vault.putSecretValue({ ...S, secretData, versionId: 'bytes' })
    const before = await dump()
    const again = await open()
    await again.putSecretValue({ ...S, secretData: Buffer.from(secretData), versionId: 'bytes' })
    expect(await dump()).toEqual(before)
  })

  it('VER-3, VER-4: holds for an evicted id, which stays evicted, as the result says', async () => {
    const { vault, dump } = await vaultWithSecret({ limits: { versionsMax: 2 } })
    for (const secretData of ['two', 'three']) await vault.putSecretValue({ ...S, secretData })
    const before = await dump()
    const again = { ...S, secretData: 'one', versionId: 'v1' }
    expect(await vault.putSecretValue(again)).toStrictEqual({
      ...S,
      versionId: 'v1',
      versionStages: [],
      versionStatus: 'Evicted',
    })
    expect(await dump()).toEqual(before)
    await expectFailure(() => vault.getSecretValue({ ...S, versionId: 'v1' }), 'VERSION_NOT_FOUND')
  })

  it('VER-3: holds for the 32 ids that were evicted last', async () => {
    const { vault, dump } = await vaultWithSecret({ limits: { versionsMax: 2 } })
    const values = Array.from({ length: 40 }, (_, i) => ({
      ...S,
      secretData: `${i}`,
      versionId: `x${i}`,
    }))
    for (const put of values) await vault.putSecretValue(put)
    const before = await dump()
    // 41 versions were stored, two are left: the first seven of the evicted are forgotten.
    for (const put of values.slice(6, 38)) {
      const { versionStages, versionStatus } = await vault.putSecretValue(put)
      expect([put.versionId, versionStages, versionStatus]).toEqual([put.versionId, [], 'Evicted'])
    }
    expect(await dump()).toEqual(before)
  })

  it('VER-3: says of no other version that it was evicted', async () => {
    const { vault } = await vaultWithSecret()
    const put = { ...S, secretData: 'two', versionId: 'mine', versionStages: ['blue'] }
    const first = await vault.putSecretValue(put)
    await vault.updateSecretVersionStage({ ...S, versionStage: 'blue', removeFromVersion: 'mine' })
    await vault.disableVersion({ ...S, versionId: 'mine' })
    const again = await vault.putSecretValue(put)
    expect(first).toStrictEqual({ ...S, versionId: 'mine', versionStages: ['blue'] })
    expect(again).toStrictEqual({ ...S, versionId: 'mine', versionStages: [] })
  })
})

describe('VER-4: the same id with another value', () => {
  it('VER-4: is VERSION_EXISTS, and nothing changes', async () => {
    const { vault, dump } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: 'two' })
    const before = await dump()
    for (const versionId of ['v1', 'v2']) {
      for (const secretData of ['other', 'tw', 'two ', 'TWO', Uint8Array.of(1)]) {
        await expectFailure(
          () => vault.putSecretValue({ ...S, secretData, versionId }),
          'VERSION_EXISTS',
        )
      }
    }
    expect(await dump()).toEqual(before)
    expect(await readEvery(vault, 'S')).toEqual({ v1: 'one', v2: 'two' })
  })

  it('VER-4: the same bytes of the other type are another value', async () => {
    const { vault } = await vaultWithSecret()
    const put = { ...S, versionId: 'v1', secretData: new TextEncoder().encode('one') }
    await expectFailure(() => vault.putSecretValue(put), 'VERSION_EXISTS')
  })

  it('VER-4: a compare-and-set that also fails does not hide it', async () => {
    const { vault } = await vaultWithSecret()
    const put = { ...S, versionId: 'v1', secretData: 'x', expectedCurrentVersionId: 'v9' }
    await expectFailure(() => vault.putSecretValue(put), 'VERSION_EXISTS')
  })

  it('VER-4: holds for an evicted id', async () => {
    const { vault, dump } = await vaultWithSecret({ limits: { versionsMax: 2 } })
    for (const secretData of ['two', 'three']) await vault.putSecretValue({ ...S, secretData })
    const before = await dump()
    await expectFailure(
      () => vault.putSecretValue({ ...S, secretData: 'other', versionId: 'v1' }),
      'VERSION_EXISTS',
    )
    expect(await dump()).toEqual(before)
  })

  it('VER-4: holds for an automatic id whose value the vault no longer remembers', async () => {
    const { vault } = await vaultWithSecret({ limits: { versionsMax: 2 } })
    for (let i = 0; i < 50; i++) await vault.putSecretValue({ ...S, secretData: `value ${i}` })
    for (const secretData of ['other', 'one']) {
      await expectFailure(
        () => vault.putSecretValue({ ...S, secretData, versionId: 'v1' }),
        'VERSION_EXISTS',
      )
    }
  })

  it('VER-4: one id in two secrets is two ids', async () => {
    const { vault } = await newTestVault()
    for (const secretName of ['A', 'B']) {
      await vault.createSecret({ secretName, secretData: `of ${secretName}`, versionId: 'same' })
    }
    expect(await readEvery(vault, 'A')).toEqual({ same: 'of A' })
    expect(await readEvery(vault, 'B')).toEqual({ same: 'of B' })
  })
})
