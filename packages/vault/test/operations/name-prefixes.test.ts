/** Lists of the secrets whose names begin with a prefix, which are found by seek. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { headKey } from '@stagevault/core/records/layout'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { countingStorage } from '../support/counting-storage.js'
import { expectFailure } from '../support/failures.js'
import { overwrite } from '../support/stored-records.js'
import { newTestVault } from '../support/test-vault.js'

async function addSecrets(vault: Vault, names: readonly string[]): Promise<void> {
  await Promise.all(names.map((secretName) => vault.createSecret({ secretName, secretData: 'x' })))
}

async function vaultWith(...names: string[]): Promise<Vault> {
  const { vault } = await newTestVault()
  await addSecrets(vault, names)
  return vault
}

async function find(vault: Vault, secretNamePrefix: string, others = {}): Promise<string[]> {
  const { secrets } = await vault.listSecrets({ secretNamePrefix, pageSize: 100, ...others })
  return secrets.map(({ secretName }) => secretName)
}

/** The names on each page. */
async function pagesOf(
  vault: Vault,
  secretNamePrefix: string,
  pageSize: number,
): Promise<string[][]> {
  const pages: string[][] = []
  let nextToken: string | undefined
  do {
    const page = await vault.listSecrets({ secretNamePrefix, pageSize, nextToken })
    pages.push(page.secrets.map(({ secretName }) => secretName))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return pages
}

const NAMES = ['A', 'a', 'a+', 'a-', 'a/', 'a/b', 'a/b/c', 'a0', 'aA', 'a_', 'aa', 'az', 'b', 'z']

describe('a prefix', () => {
  it('finds the names that begin with it, by case, and the name itself', async () => {
    const vault = await vaultWith(...NAMES)
    expect(await find(vault, 'a/')).toEqual(['a/', 'a/b', 'a/b/c'])
    expect(await find(vault, 'A')).toEqual(['A'])
    expect(await find(vault, 'z')).toEqual(['z'])
    expect(await find(vault, 'a/b/c/d')).toEqual([])
  })

  it('that is empty finds all', async () => {
    const vault = await vaultWith(...NAMES)
    expect(await find(vault, '')).toEqual([...NAMES].sort())
  })

  it('may be as long as a name', async () => {
    const name = 'n'.repeat(192)
    const vault = await vaultWith(name, 'n'.repeat(191), `${'n'.repeat(191)}o`)
    expect(await find(vault, name)).toEqual([name])
    await expectFailure(() => find(vault, `${name}n`), 'INVALID_PARAMETER')
  })

  it('is no pattern and no name that is cut: what no name can begin with is refused', async () => {
    const vault = await vaultWith(...NAMES)
    for (const prefix of ['a*', 'a ', 'a!', 'a"', '~', '\u00e4', 'acs:kms:']) {
      await expectFailure(() => find(vault, prefix), 'INVALID_PARAMETER')
    }
  })

  it('goes with filters', async () => {
    const vault = await vaultWith('a/one', 'a/two', 'b/one')
    const filters = [{ key: 'SecretName', values: ['ONE'] }]
    expect(await find(vault, 'a/', { filters })).toEqual(['a/one'])
  })

  it('agrees with a naive filter, on pages of any size', async () => {
    const unit = fc.constantFrom('a', 'b', '/', '+', '.', 'z')
    const text = (maxLength: number) => fc.string({ unit, maxLength })
    const names = fc.uniqueArray(
      text(4).filter((name) => name !== ''),
      { minLength: 1, maxLength: 20 },
    )
    const property = fc.asyncProperty(
      names,
      fc.array(text(3), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 5 }),
      async (all, prefixes, pageSize) => {
        const vault = await vaultWith(...all)
        for (const prefix of prefixes) {
          const expected = all.filter((name) => name.startsWith(prefix)).sort()
          const pages = await pagesOf(vault, prefix, pageSize)
          expect(pages.flat()).toEqual(expected)
          expect(pages.slice(0, -1).every(({ length }) => length === pageSize)).toBe(true)
          const walked: string[] = []
          for await (const { secretName } of vault.iterateSecrets({
            secretNamePrefix: prefix,
            pageSize,
          })) {
            walked.push(secretName)
          }
          expect(walked).toEqual(expected)
        }
      },
    )
    await fc.assert(property, { numRuns: 30 })
  })
})

describe('pages', () => {
  it('end with the prefix, without a token to what is behind it', async () => {
    const vault = await vaultWith('a/1', 'a/2', 'a/3', 'a0', 'b')
    expect(await pagesOf(vault, 'a/', 2)).toEqual([['a/1', 'a/2'], ['a/3']])
    expect(await pagesOf(vault, 'a/', 3)).toEqual([['a/1', 'a/2', 'a/3']])
  })

  it('a token of another list is a place in the order, before, within or behind', async () => {
    const vault = await vaultWith('a/1', 'a/2', 'a/3', 'b')
    const from = (nextToken: string) => find(vault, 'a/', { nextToken })
    expect(await from('after:A')).toEqual(['a/1', 'a/2', 'a/3'])
    expect(await from('after:a/')).toEqual(['a/1', 'a/2', 'a/3'])
    expect(await from('after:a/1')).toEqual(['a/2', 'a/3'])
    expect(await from('after:a/3')).toEqual([])
    expect(await from('after:b')).toEqual([])
    expect(await from('after:zzz')).toEqual([])
  })
})

describe('what is read', () => {
  it('is what has the prefix, among any number of other secrets', async () => {
    const counting = countingStorage(createMemoryStorage())
    const { vault } = await newTestVault({ storage: counting.storage })
    const numbered = Array.from({ length: 120 }, (_, i) => `s${String(i).padStart(3, '0')}`)
    await addSecrets(vault, [...numbered, 'r', 't'])
    counting.take()
    expect(await find(vault, 's05')).toHaveLength(10)
    // A head and a name record of each.
    expect(counting.take().entriesScanned).toBe(20)
    const filters = [{ key: 'Description', values: ['none'] }]
    expect(await find(vault, 's05', { filters })).toEqual([])
    expect(counting.take().entriesScanned).toBe(20)
    expect(await find(vault, 'none')).toEqual([])
    expect(counting.take().entriesScanned).toBe(0)
  })
})

describe('damaged secrets', () => {
  /** `a/1` to `a/3` and `b`, of which the heads of `a/2` and `b` are damaged. */
  async function damagedVault(): Promise<Vault> {
    const { vault, storage, open } = await newTestVault()
    await addSecrets(vault, ['a/1', 'a/2', 'a/3', 'b'])
    for (const name of ['a/2', 'b']) {
      const [head = null] = await storage.read([headKey(name)])
      const flipped = head?.map((byte, i) => (i === 40 ? ~byte : byte)) ?? null
      await overwrite(storage, headKey(name), flipped)
    }
    return open()
  }

  it('with the prefix are named or reject; others are not looked at', async () => {
    const vault = await damagedVault()
    const { secrets, errors = [] } = await vault.listSecrets({
      secretNamePrefix: 'a/',
      includeErrors: true,
    })
    expect(secrets.map(({ secretName }) => secretName)).toEqual(['a/1', 'a/3'])
    expect(errors.map(({ secretName, code }) => [secretName, code])).toEqual([
      ['a/2', 'DECRYPTION_FAILED'],
    ])
    await expectFailure(() => find(vault, 'a/'), 'DECRYPTION_FAILED')
    expect(await find(vault, 'a/3')).toEqual(['a/3'])
  })
})
