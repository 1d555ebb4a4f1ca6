import { describe, expect, it } from 'vitest'
import type { Filter, SecretMetadata, Vault } from 'stagevault'
import { countingStorage } from '../support/counting-storage.js'
import { expectFailure } from '../support/failures.js'
import { forgeHead } from '../support/forged-records.js'
import { overwrite } from '../support/stored-records.js'
import { newTestVault } from '../support/test-vault.js'
import { headKey } from '@stagevault/core/records/layout'
import { createMemoryStorage } from '@stagevault/storage/memory'

async function vaultWith(...names: string[]): Promise<Vault> {
  const { vault } = await newTestVault()
  await addSecrets(vault, names)
  return vault
}

async function addSecrets(vault: Vault, names: readonly string[]): Promise<void> {
  for (const secretName of names) await vault.createSecret({ secretName, secretData: 'x' })
}

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `s${String(i).padStart(3, '0')}`)

const namesOf = (secrets: readonly SecretMetadata[]): string[] =>
  secrets.map(({ secretName }) => secretName)

async function collect(rows: AsyncIterable<SecretMetadata>): Promise<string[]> {
  const names: string[] = []
  for await (const { secretName } of rows) names.push(secretName)
  return names
}

describe('listSecrets', () => {
  it('gives what describeSecret gives, in order of name by code unit', async () => {
    const names = [
      'b',
      'a/b',
      'A',
      'a',
      '_',
      '1',
      'a=',
      'a+',
      '~'.replace('~', '@'),
      '-',
      'aa',
      'a-b',
    ]
    const vault = await vaultWith(...names)
    const { secrets, ...rest } = await vault.listSecrets({ pageSize: 100 })
    expect(rest).toEqual({})
    expect(namesOf(secrets)).toEqual([...names].sort())
    for (const row of secrets) {
      expect(await vault.describeSecret({ secretName: row.secretName })).toEqual(row)
    }
  })

  it('an empty vault and a request without options', async () => {
    const vault = await vaultWith()
    for (const request of [undefined, {}, { filters: [] }]) {
      expect(await vault.listSecrets(request)).toEqual({ secrets: [] })
    }
  })
})

describe('pages', () => {
  it('have 10 rows by default, and a token only when there are more', async () => {
    const vault = await vaultWith(...numbered(20))
    const first = await vault.listSecrets()
    expect(namesOf(first.secrets)).toEqual(numbered(20).slice(0, 10))
    const second = await vault.listSecrets({ nextToken: first.nextToken ?? '' })
    expect(namesOf(second.secrets)).toEqual(numbered(20).slice(10))
    expect(second).not.toHaveProperty('nextToken')
  })

  it.each([1, 2, 3, 7, 19, 20, 100])('of %i rows show every secret once', async (pageSize) => {
    const vault = await vaultWith(...numbered(20))
    const seen: string[] = []
    let nextToken: string | undefined
    do {
      const token = nextToken === undefined ? {} : { nextToken }
      const page = await vault.listSecrets({ pageSize, ...token })
      expect(page.secrets.length).toBeLessThanOrEqual(pageSize)
      expect(page.secrets.length).toBeGreaterThan(0)
      seen.push(...namesOf(page.secrets))
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    expect(seen).toEqual(numbered(20))
  })

  it('a token names a place: rows come and go around it', async () => {
    const vault = await vaultWith(...numbered(6))
    const first = await vault.listSecrets({ pageSize: 3 })
    const nextToken = first.nextToken ?? ''
    // The row the token was made of goes, one appears before it and one behind it.
    await vault.deleteSecret({ secretName: 's002', forceDeleteWithoutRecovery: true })
    await vault.deleteSecret({ secretName: 's004', forceDeleteWithoutRecovery: true })
    await addSecrets(vault, ['s001x', 's003x'])
    const second = await vault.listSecrets({ pageSize: 3, nextToken })
    expect(namesOf(second.secrets)).toEqual(['s003', 's003x', 's005'])
    await vault.deleteSecret({ secretName: 's003', forceDeleteWithoutRecovery: true })
    const again = await vault.listSecrets({ pageSize: 3, nextToken })
    expect(namesOf(again.secrets)).toEqual(['s003x', 's005'])
  })

  it('a name that begins like another does not hide behind its token', async () => {
    const vault = await vaultWith('a', 'a!'.replace('!', '+'), 'a0', 'aA')
    const first = await vault.listSecrets({ pageSize: 1 })
    const rest = await vault.listSecrets({ nextToken: first.nextToken ?? '' })
    expect(namesOf(rest.secrets)).toEqual(['a+', 'a0', 'aA'])
  })

  it('are found by seek: the last page costs what the first does', async () => {
    const counting = countingStorage(createMemoryStorage())
    const { vault } = await newTestVault({ storage: counting.storage })
    await addSecrets(vault, numbered(60))
    counting.take()
    const first = await vault.listSecrets({ pageSize: 5 })
    const firstCost = counting.take()
    const last = await vault.listSecrets({ pageSize: 5, nextToken: 'after:s050' })
    expect(counting.take()).toEqual(firstCost)
    expect(firstCost.entriesScanned).toBeLessThan(20)
    expect([first.secrets.length, last.secrets.length]).toEqual([5, 5])
  })

  it('with filters are as long as they can be', async () => {
    const vault = await vaultWith(...numbered(40))
    const filters: Filter[] = [{ key: 'SecretName', values: ['5'] }]
    const first = await vault.listSecrets({ filters, pageSize: 3 })
    expect(namesOf(first.secrets)).toEqual(['s005', 's015', 's025'])
    const second = await vault.listSecrets({
      filters,
      pageSize: 3,
      nextToken: first.nextToken ?? '',
    })
    expect(namesOf(second.secrets)).toEqual(['s035'])
    expect(second).not.toHaveProperty('nextToken')
  })

  it('a signal ends the search with its reason', async () => {
    const vault = await vaultWith(...numbered(3))
    const reason = new Error('enough')
    await expect(vault.listSecrets({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const { signal } = new AbortController()
    expect((await vault.listSecrets({ signal })).secrets).toHaveLength(3)
  })
})

describe('filters', () => {
  const find = async (vault: Vault, ...filters: Filter[]): Promise<string[]> =>
    namesOf((await vault.listSecrets({ filters })).secrets)

  it('a description matches by part without regard to case, an empty part matches all', async () => {
    const { vault } = await newTestVault()
    await vault.createSecret({ secretName: 'a', secretData: 'x', description: 'Größe [1]' })
    await vault.createSecret({ secretName: 'b', secretData: 'x' })
    expect(await find(vault, { key: 'Description', values: ['GRÖ'] })).toEqual(['a'])
    expect(await find(vault, { key: 'Description', values: ['[1]'] })).toEqual(['a'])
    expect(await find(vault, { key: 'Description', values: ['.*'] })).toEqual([])
    expect(await find(vault, { key: 'Description', values: [''] })).toEqual(['a', 'b'])
  })

  it('tags match as a whole and by case', async () => {
    const { vault } = await newTestVault()
    const tags = [
      { tagKey: 'Env', tagValue: 'prod' },
      { tagKey: 'team', tagValue: 'x' },
    ]
    await vault.createSecret({ secretName: 'a', secretData: 'x', tags })
    const hits: [Filter['key'], string, boolean][] = [
      ['TagKey', 'Env', true],
      ['TagKey', 'env', false],
      ['TagKey', 'En', false],
      ['TagValue', 'prod', true],
      ['TagValue', 'Prod', false],
      ['TagValue', 'prod ', false],
    ]
    for (const [key, value, isHit] of hits) {
      expect(await find(vault, { key, values: [value] }), value).toEqual(isHit ? ['a'] : [])
    }
    // Key and value may come from two tags, as in the cloud service.
    const both: Filter[] = [
      { key: 'TagKey', values: ['Env'] },
      { key: 'TagValue', values: ['x'] },
    ]
    expect(await find(vault, ...both)).toEqual(['a'])
  })

  it('types match as a whole; RDS is another spelling of Rds', async () => {
    const { vault: first, storage, key, open } = await newTestVault()
    await addSecrets(first, ['database', 'plain'])
    await forgeHead(storage, key, 'database', (state) => ({ ...state, secretType: 'Rds' }))
    const vault = await open()
    const type = (...values: string[]): Filter => ({ key: 'SecretType', values })
    expect(await find(vault, type('Generic'))).toEqual(['plain'])
    expect(await find(vault, type('Rds'))).toEqual(['database'])
    expect(await find(vault, type('RDS'))).toEqual(['database'])
    expect(await find(vault, type('rds'))).toEqual([])
    expect(await find(vault, type('RDS', 'Generic'))).toEqual(['database', 'plain'])
  })

  it('at most 10 of them with 10 values each, at least one value, no key twice', async () => {
    const vault = await vaultWith('s5')
    const values = (count: number): string[] => Array.from({ length: count }, (_, i) => `s${i}`)
    expect(await find(vault, { key: 'SecretName', values: values(10) })).toEqual(['s5'])
    const wrong: Filter[][] = [
      [{ key: 'SecretName', values: values(11) }],
      [{ key: 'SecretName', values: [] }],
      [
        { key: 'TagKey', values: ['a'] },
        { key: 'TagKey', values: ['b'] },
      ],
      Array.from({ length: 11 }, () => ({ key: 'TagKey', values: ['a'] })),
      [{ key: 'secretname' as never, values: ['s'] }],
      [{ key: '__proto__' as never, values: ['s'] }],
      [{ key: 'Description', values: ['x'.repeat(2049)] }],
    ]
    for (const filters of wrong)
      await expectFailure(() => find(vault, ...filters), 'INVALID_PARAMETER')
  })
})

describe('iterateSecrets', () => {
  it('gives all that listSecrets would, page after page', async () => {
    const vault = await vaultWith(...numbered(25))
    expect(await collect(vault.iterateSecrets())).toEqual(numbered(25))
    expect(await collect(vault.iterateSecrets({ pageSize: 4 }))).toEqual(numbered(25))
    const filters: Filter[] = [{ key: 'SecretName', values: ['1'] }]
    expect(await collect(vault.iterateSecrets({ filters, pageSize: 3 }))).toEqual(
      numbered(25).filter((name) => name.includes('1')),
    )
  })

  it('goes on while secrets come and go; each that stays is seen once', async () => {
    const vault = await vaultWith(...numbered(12))
    const seen: string[] = []
    for await (const { secretName } of vault.iterateSecrets({ pageSize: 3 })) {
      seen.push(secretName)
      if (secretName !== 's004') continue
      await vault.deleteSecret({ secretName: 's004', forceDeleteWithoutRecovery: true })
      await vault.deleteSecret({ secretName: 's009', forceDeleteWithoutRecovery: true })
      await addSecrets(vault, ['s000x', 's010x'])
    }
    const expected = [...numbered(12).filter((name) => name !== 's009'), 's010x'].sort()
    expect(seen).toEqual(expected)
  })

  it('may be left early, and reads no page ahead', async () => {
    const counting = countingStorage(createMemoryStorage())
    const { vault } = await newTestVault({ storage: counting.storage })
    await addSecrets(vault, numbered(30))
    counting.take()
    for await (const { secretName } of vault.iterateSecrets({ pageSize: 5 })) {
      if (secretName === 's002') break
    }
    const left = counting.take()
    await vault.listSecrets({ pageSize: 5 })
    expect(left).toEqual(counting.take())
  })

  it('starts again with every walk, and reads the request of each once', async () => {
    const vault = await vaultWith(...numbered(7))
    const request = { pageSize: 2 }
    const all = vault.iterateSecrets(request)
    expect(await collect(all)).toEqual(numbered(7))
    expect(await collect(all)).toEqual(numbered(7))
    const seen: string[] = []
    for await (const { secretName } of all) {
      seen.push(secretName)
      // A filter that comes while the walk is under way is for the next walk.
      Object.assign(request, { filters: [{ key: 'SecretName', values: ['nothing'] }] })
    }
    expect(seen).toEqual(numbered(7))
    expect(await collect(all)).toEqual([])
  })

  it('ends with the error of the page that fails', async () => {
    const vault = await vaultWith(...numbered(4))
    const rows = vault.iterateSecrets({ pageSize: 2 })[Symbol.asyncIterator]()
    await rows.next()
    await rows.next()
    await vault.close()
    await expectFailure(() => rows.next(), 'VAULT_CLOSED')
    await expectFailure(() => collect(vault.iterateSecrets()), 'VAULT_CLOSED')
  })
})

describe('a list with a damaged secret in it', () => {
  /** `s000` to `s005`, of which the heads of two are damaged and the head of one is lost. */
  async function damagedVault(): Promise<Vault> {
    const { vault, storage, open } = await newTestVault()
    await addSecrets(vault, numbered(6))
    for (const name of ['s001', 's002']) {
      const key = headKey(name)
      const [head = null] = await storage.read([key])
      await overwrite(storage, key, head?.map((byte, i) => (i === 40 ? ~byte : byte)) ?? null)
    }
    await overwrite(storage, headKey('s005'), null)
    return open()
  }

  const ERRORS = { includeErrors: true } as const

  it('rejects unless it is told to name it, and so does a walk', async () => {
    const vault = await damagedVault()
    await expectFailure(() => vault.listSecrets(), 'DECRYPTION_FAILED')
    await expectFailure(() => vault.listSecrets({ includeErrors: false }), 'DECRYPTION_FAILED')
    await expectFailure(() => collect(vault.iterateSecrets()), 'DECRYPTION_FAILED')
    const walk = vault.iterateSecrets(ERRORS as never)
    await expectFailure(() => collect(walk), 'INVALID_PARAMETER')
  })

  it('names it where it is told to, and gives the others', async () => {
    const vault = await damagedVault()
    const { secrets, errors, ...rest } = await vault.listSecrets(ERRORS)
    expect(rest).toEqual({})
    expect(namesOf(secrets)).toEqual(['s000', 's003', 's004'])
    expect(errors).toEqual([
      { secretName: 's001', code: 'DECRYPTION_FAILED', message: expect.any(String) as unknown },
      { secretName: 's002', code: 'DECRYPTION_FAILED', message: expect.any(String) as unknown },
      { secretName: 's005', code: 'RECORD_MISSING', message: expect.any(String) as unknown },
    ])
    expect((await vault.getSecretValue({ secretName: 's003' })).secretData).toBe('x')
  })

  it('goes on behind it, page by page, and names it with any filters', async () => {
    const vault = await damagedVault()
    const pages: string[][] = []
    let nextToken: string | undefined
    do {
      const page = await vault.listSecrets({ ...ERRORS, pageSize: 2, nextToken })
      const errors = (page.errors ?? []).map(({ secretName }) => `!${secretName}`)
      pages.push([...namesOf(page.secrets), ...errors])
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    expect(pages).toEqual([
      ['s000', '!s001'],
      ['s003', '!s002'],
      ['s004', '!s005'],
    ])
    const filters = [{ key: 'SecretName', values: ['s003'] }] as const
    const { secrets, errors = [] } = await vault.listSecrets({ ...ERRORS, filters })
    expect(namesOf(secrets)).toEqual(['s003'])
    expect(errors.map(({ secretName }) => secretName)).toEqual(['s001', 's002', 's005'])
  })

  it('has no errors where nothing is damaged', async () => {
    const vault = await vaultWith('a')
    expect(await vault.listSecrets(ERRORS)).toMatchObject({ errors: [] })
  })

  it('still rejects where the store went back', async () => {
    const { vault, storage } = await newTestVault()
    await addSecrets(vault, ['a'])
    const [before = null] = await storage.read([headKey('a')])
    await vault.updateSecret({ secretName: 'a', description: 'later' })
    await overwrite(storage, headKey('a'), before)
    await expectFailure(() => vault.listSecrets(ERRORS), 'ROLLBACK_DETECTED')
  })
})
