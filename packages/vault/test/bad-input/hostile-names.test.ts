/** Names that are legal and look dangerous: they must simply work. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { createLevelStorage } from '@stagevault/storage-level'
import { expectFailure } from '../support/failures.js'
import { newTestVault } from '../support/test-vault.js'
import { labelsOf, readEvery } from '../support/version-labels.js'

const NAMES: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'then',
  '__defineGetter__',
  'length',
  'null',
  'undefined',
  'true',
  'NaN',
  '0',
  '-1',
  '1e3',
  '.',
  '..',
  '/',
  '//',
  '../..',
  './',
  '/etc/passwd',
  'a/../b',
  '@',
  '=',
  '+',
  '-',
  '--',
  '_',
  'CON',
  'NUL',
  'head',
  'name',
  'after',
  'S',
  's',
  'Azaz09_/+=.@-',
  'x'.repeat(64),
]

const LONG_NAMES = ['x'.repeat(192), `${'x'.repeat(191)}y`, `${'/'.repeat(191)}.`]

async function fill(vault: Vault, names: readonly string[]): Promise<void> {
  for (const secretName of names) {
    await vault.createSecret({ secretName, secretData: `value of ${secretName}` })
  }
}

describe('secret names', () => {
  const names = [...NAMES, ...LONG_NAMES]

  it.each(['memory', 'LevelDB'])('each is a secret of its own, in %s', async (where) => {
    const folder = await mkdtemp(join(tmpdir(), 'stagevault-'))
    const storage =
      where === 'LevelDB'
        ? { storage: await createLevelStorage({ location: folder, durability: 'relaxed' }) }
        : {}
    const test = await newTestVault(storage)
    const { vault } = test
    try {
      await fill(vault, names)
      for (const secretName of names) {
        const { secretData } = await vault.getSecretValue({ secretName })
        expect(secretData).toBe(`value of ${secretName}`)
      }
      const listed: string[] = []
      for await (const { secretName } of vault.iterateSecrets({ pageSize: 7 })) {
        listed.push(secretName)
      }
      expect(listed).toEqual([...names].sort())
      expect((await vault.verify()).isClean).toBe(true)
    } finally {
      await test.storage.close()
      await rm(folder, { recursive: true })
    }
  })

  it('one that is a part of another is not taken for it', async () => {
    const { vault } = await newTestVault()
    await fill(vault, ['a', 'a/b'])
    for (const secretName of ['a/', 'a/b/', '/a', 'A', 'a.', '', 'a/b!head']) {
      const code = /^[\w/.]+$/.test(secretName) ? 'SECRET_NOT_FOUND' : 'INVALID_PARAMETER'
      await expectFailure(() => vault.getSecretValue({ secretName }), code)
    }
    await vault.deleteSecret({ secretName: 'a', forceDeleteWithoutRecovery: true })
    expect((await vault.getSecretValue({ secretName: 'a/b' })).secretData).toBe('value of a/b')
  })
})

describe('version ids and labels', () => {
  const S = { secretName: 'S' }

  it('each is a version of its own', async () => {
    const { vault } = await newTestVault({ limits: { versionsMax: 100 } })
    const [first = '', ...others] = NAMES
    await vault.createSecret({ ...S, secretData: first, versionId: first })
    for (const versionId of others) {
      await vault.putSecretValue({ ...S, secretData: versionId, versionId })
    }
    const read = await readEvery(vault, 'S')
    expect(Object.keys(read).sort()).toEqual([...NAMES].sort())
    for (const id of NAMES) expect(Object.getOwnPropertyDescriptor(read, id)?.value).toBe(id)
  })

  it('each is a label of its own', async () => {
    const { vault } = await newTestVault({ limits: { stageLabelsMax: 64 } })
    await vault.createSecret({ ...S, secretData: 'one' })
    await vault.putSecretValue({ ...S, secretData: 'two', versionStages: NAMES })
    expect((await labelsOf(vault, 'S'))['v2']).toEqual([...NAMES].sort())
    for (const versionStage of NAMES) {
      const { versionId } = await vault.getSecretValue({ ...S, versionStage })
      expect(versionId).toBe('v2')
      await vault.updateSecretVersionStage({ ...S, versionStage, removeFromVersion: 'v2' })
      await expectFailure(() => vault.getSecretValue({ ...S, versionStage }), 'STAGE_NOT_FOUND')
    }
    expect((await labelsOf(vault, 'S'))['v2']).toEqual([])
  })

  it('names of what every object has are no versions and no labels', async () => {
    const { vault } = await newTestVault()
    await vault.createSecret({ ...S, secretData: 'one' })
    for (const name of NAMES) {
      if (name === 'S') continue
      await expectFailure(() => vault.getSecretValue({ secretName: name }), 'SECRET_NOT_FOUND')
      await expectFailure(
        () => vault.getSecretValue({ ...S, versionId: name }),
        'VERSION_NOT_FOUND',
      )
      await expectFailure(
        () => vault.getSecretValue({ ...S, versionStage: name }),
        'STAGE_NOT_FOUND',
      )
    }
  })
})

describe('keys of tags and of custom data', () => {
  const KEYS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'toJSON']

  it('are kept, filtered by and given back', async () => {
    const { vault } = await newTestVault()
    const tags = KEYS.map((tagKey) => ({ tagKey, tagValue: tagKey }))
    const customData = JSON.parse(
      `{${KEYS.map((key) => `"${key}":"of ${key}"`).join()}}`,
    ) as Record<string, string>
    const request = { secretName: 'S', secretData: 'x', tags, extendedConfig: { customData } }
    await vault.createSecret(request)
    const { extendedConfig, ...metadata } = await vault.describeSecret({ secretName: 'S' })
    expect(metadata.tags.map(({ tagKey }) => tagKey)).toEqual([...KEYS].sort())
    expect(Object.entries(extendedConfig?.customData ?? {}).sort()).toEqual(
      Object.entries(customData).sort(),
    )
    for (const key of KEYS) {
      for (const filter of ['TagKey', 'TagValue'] as const) {
        const { secrets } = await vault.listSecrets({ filters: [{ key: filter, values: [key] }] })
        expect(secrets).toHaveLength(1)
      }
      await vault.untagResource({ secretName: 'S', tagKeys: [key] })
    }
    expect((await vault.describeSecret({ secretName: 'S' })).tags).toEqual([])
    expect(Object.keys({})).toEqual([])
    expect(Reflect.get({}, 'of __proto__')).toBeUndefined()
  })
})
