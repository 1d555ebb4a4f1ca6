import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { expectFailure } from '../support/failures.js'
import { START_TIME } from '../support/test-clock.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }

/** Versions v1 to v12 a second apart, of which v11 is previous and v12 current. */
async function vaultWithVersions(): Promise<Vault> {
  const { vault, clock } = await vaultWithSecret({ limits: { versionsMax: 20 } })
  for (let i = 2; i <= 12; i++) {
    clock.advance(1_000)
    await vault.putSecretValue({ ...S, secretData: `value ${i}` })
  }
  return vault
}

const ids = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, i) => `v${i + first}`)

async function page(vault: Vault, request: object): Promise<[string[], string | undefined]> {
  const { versions, versionIds, nextToken } = await vault.listSecretVersionIds({
    ...S,
    ...request,
  })
  expect(versions).toEqual(versionIds)
  return [versionIds.map(({ versionId }) => versionId), nextToken]
}

describe('listSecretVersionIds', () => {
  it('gives id, time, labels and status, in order of creation', async () => {
    const { vault, clock } = await vaultWithSecret()
    clock.advance(-60_000)
    await vault.putSecretValue({
      ...S,
      secretData: 'two',
      versionId: 'a',
      versionStages: ['z', 'b'],
    })
    await vault.disableVersion({ ...S, versionId: 'a' })
    const { versions, ...result } = await vault.listSecretVersionIds(S)
    expect(versions).toEqual(result.versionIds)
    expect(result).toEqual({
      secretName: 'S',
      versionIds: [
        {
          versionId: 'v1',
          createTime: new Date(START_TIME),
          versionStages: ['ACSCurrent'],
          versionStatus: 'Enabled',
        },
        {
          versionId: 'a',
          createTime: new Date(START_TIME - 60_000),
          versionStages: ['b', 'z'],
          versionStatus: 'Disabled',
        },
      ],
    })
  })

  it('shows labelled versions, with includeDeprecated all', async () => {
    const vault = await vaultWithVersions()
    expect(await page(vault, {})).toEqual([['v11', 'v12'], undefined])
    expect(await page(vault, { includeDeprecated: false })).toEqual([['v11', 'v12'], undefined])
    const all = { includeDeprecated: true }
    expect(await page(vault, { ...all, pageSize: 20 })).toEqual([ids(1, 12), undefined])
    const [first, token] = await page(vault, all)
    expect(first).toEqual(ids(1, 10))
    expect(await page(vault, { ...all, nextToken: token })).toEqual([ids(11, 12), undefined])
  })

  it('pages by seek', async () => {
    const vault = await vaultWithVersions()
    const request = { includeDeprecated: true, pageSize: 5 }
    const [first, token] = await page(vault, request)
    expect(first).toEqual(ids(1, 5))
    const [second, next] = await page(vault, { ...request, nextToken: token })
    expect(second).toEqual(ids(6, 10))
    expect(await page(vault, { ...request, nextToken: next })).toEqual([ids(11, 12), undefined])
  })

  it('a page that ends with the last version has no token', async () => {
    const vault = await vaultWithVersions()
    expect(await page(vault, { pageSize: 2 })).toEqual([['v11', 'v12'], undefined])
    const [first, nextToken] = await page(vault, { pageSize: 1 })
    expect(first).toEqual(['v11'])
    expect(await page(vault, { pageSize: 1, nextToken })).toEqual([['v12'], undefined])
  })

  it('a token stays good while versions are evicted and stored', async () => {
    const { vault } = await vaultWithSecret({ limits: { versionsMax: 4 } })
    for (let i = 2; i <= 4; i++) await vault.putSecretValue({ ...S, secretData: `${i}` })
    const request = { includeDeprecated: true, pageSize: 2 }
    const [first, nextToken] = await page(vault, request)
    expect(first).toEqual(['v1', 'v2'])
    for (let i = 5; i <= 7; i++) await vault.putSecretValue({ ...S, secretData: `${i}` })
    const rest = await page(vault, { ...request, pageSize: 9, nextToken })
    expect(rest).toEqual([ids(4, 7), undefined])
  })

  it('can be walked through, page after page', async () => {
    const vault = await vaultWithVersions()
    const walk = async (request: object): Promise<string[]> => {
      const seen: string[] = []
      const rows = vault.iterateSecretVersionIds({ ...S, ...request })
      for await (const { versionId } of rows) seen.push(versionId)
      return seen
    }
    expect(await walk({ includeDeprecated: true, pageSize: 5 })).toEqual(ids(1, 12))
    expect(await walk({ pageSize: 1 })).toEqual(['v11', 'v12'])
  })

  it('an absent secret is not found, a foreign token is invalid', async () => {
    const { vault } = await newTestVault()
    await expectFailure(() => vault.listSecretVersionIds(S), 'SECRET_NOT_FOUND')
    for (const nextToken of [
      '',
      'after:',
      'after:0',
      'after:01',
      'after:-1',
      'after:v1',
      'after:99999999999',
    ]) {
      await expectFailure(() => page(vault, { nextToken }), 'INVALID_PARAMETER')
    }
  })
})
