/** A folder as release 0.1.0 leaves it on a disk, opened by what is built today (goal F23). */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scanAll, type StorageAdapter } from '@stagevault/storage'
import { openLevelStorage } from '@stagevault/storage-level'
import { openVault, passphrase, rawKey, type Unlock, type Vault } from 'stagevault'
import { formatPath, readVaultFile } from '../support/format-files.js'

interface Content {
  readonly vaultId: string
  readonly secrets: readonly SecretContent[]
}

interface SecretContent {
  readonly secretName: string
  readonly description: string
  readonly extendedConfig: string
  readonly tags: readonly object[]
  readonly createTime: number
  readonly updateTime: number
  readonly plannedDeleteTime: number | null
  readonly versions: readonly VersionContent[]
}

interface VersionContent {
  readonly versionId: string
  readonly createTime: number
  readonly status: string
  readonly stages: readonly string[]
  readonly text?: string
  readonly binary?: string
}

const file = readVaultFile('vault.json')
const content = file.content as unknown as Content

let folder: string
let storage: StorageAdapter

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'golden-'))
  cpSync(formatPath('vectors/golden-v1'), folder, { recursive: true })
  storage = await openLevelStorage({ location: folder })
})

afterEach(async () => {
  await storage.close()
  rmSync(folder, { recursive: true })
})

const unlocks: readonly (readonly [what: string, unlock: Unlock])[] = [
  ['the raw key', rawKey(new Uint8Array(Buffer.from(file.rawKey, 'hex')))],
  ['the passphrase', passphrase(file.passphrase)],
]

function open(unlock: Unlock): Promise<Vault> {
  return openVault({ storage, unlock, clock: () => file.time, vaultId: content.vaultId })
}

describe.each(unlocks)('the golden vault, opened with %s', (_what, unlock) => {
  it('gives every value, and tells of every version', async () => {
    const vault = await open(unlock)
    for (const { secretName, versions, plannedDeleteTime } of content.secrets) {
      if (plannedDeleteTime !== null) continue
      const listed = await vault.listSecretVersionIds({ secretName, includeDeprecated: true })
      expect(listed.versionIds).toEqual(
        versions.map((version) => ({
          versionId: version.versionId,
          createTime: new Date(version.createTime),
          versionStages: version.stages,
          versionStatus: version.status,
        })),
      )
      for (const version of versions.filter(({ status }) => status === 'Enabled')) {
        const { versionId, createTime, stages } = version
        const value = await vault.getSecretValue({ secretName, versionId })
        const data = version.text ?? new Uint8Array(Buffer.from(version.binary ?? '', 'hex'))
        expect(value.secretData).toEqual(data)
        expect(value).toMatchObject({ createTime: new Date(createTime), versionStages: stages })
      }
    }
    await vault.close()
  })

  it('tells of every secret what was said of it', async () => {
    const vault = await open(unlock)
    const { secrets } = await vault.listSecrets({ pageSize: 100 })
    expect(secrets.map(({ secretName }) => secretName)).toEqual(
      content.secrets.map(({ secretName }) => secretName),
    )
    for (const secret of content.secrets) {
      const described = await vault.describeSecret({ secretName: secret.secretName })
      expect(described.description).toBe(secret.description)
      expect(described.tags).toEqual(secret.tags)
      expect(described.createTime.getTime()).toBe(secret.createTime)
      expect(described.updateTime.getTime()).toBe(secret.updateTime)
      expect(described.plannedDeleteTime?.getTime() ?? null).toBe(secret.plannedDeleteTime)
      const { extendedConfig } = described
      expect(extendedConfig === undefined ? '' : JSON.stringify(extendedConfig)).toBe(
        secret.extendedConfig,
      )
    }
    await vault.close()
  })

  it('is clean, and can be written to', async () => {
    const vault = await open(unlock)
    const verified = await vault.verify()
    expect(verified.problems).toEqual([])
    expect(verified.secretCount).toBe(content.secrets.length)
    const put = { secretName: 'MyDbCreds', secretData: 'written by a later program' }
    expect(await vault.putSecretValue(put)).toMatchObject({ versionId: 'v6' })
    expect((await vault.getSecretValue({ secretName: 'MyDbCreds' })).secretData).toBe(
      put.secretData,
    )
    expect((await vault.verify()).problems).toEqual([])
    await vault.close()
  })
})

it('the golden vault holds the records of vault.json, byte for byte', async () => {
  const records: Record<string, string> = {}
  for await (const { key, value } of scanAll(storage, { start: '!', end: '~' })) {
    records[key] = Buffer.from(value).toString('hex')
  }
  expect(records).toEqual(file.records)
})

it('the golden folder is as LevelDB needs it, without its diary and its lock', () => {
  const names = readdirSync(formatPath('vectors/golden-v1')).sort()
  expect(names.map((name) => name.replace(/\d+/, 'n'))).toEqual(['n.log', 'CURRENT', 'MANIFEST-n'])
})
