/** Every stable code is provoked by the means of a caller or of a party that controls the store. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { VaultError } from 'stagevault'
import { StorageError } from '@stagevault/storage'
import { failureOf } from '../support/failures.js'
import { vaultWithSecret } from '../support/test-vault.js'
import { STORAGE_ERRORS } from './storage-errors.js'
import { RESERVED_CODES, VAULT_ERRORS } from './vault-errors.js'

/** The members of a union of codes in a source file of the packages. */
function codesIn(path: string, union: string): string[] {
  const source = readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
  const begin = source.indexOf(`export type ${union} =`)
  const declaration = source.slice(begin, source.indexOf('\n\n', begin))
  return [...declaration.matchAll(/^ {2}\| '([A-Z_]+)'$/gm)].map(([, code]) => code ?? '')
}

const VAULT_CODES = codesIn('core/src/errors.ts', 'VaultErrorCode')
const STORAGE_CODES = codesIn('storage/src/storage-error.ts', 'StorageErrorCode')

describe('the tables', () => {
  it('name every code of the unions and no other', () => {
    expect(VAULT_CODES.length).toBeGreaterThan(20)
    const named = [...Object.keys(VAULT_ERRORS), ...RESERVED_CODES]
    expect(named.sort()).toEqual([...VAULT_CODES].sort())
    expect(STORAGE_CODES.length).toBeGreaterThan(5)
    expect(Object.keys(STORAGE_ERRORS).sort()).toEqual([...STORAGE_CODES].sort())
  })
})

describe('codes of the vault', () => {
  it.each(Object.entries(VAULT_ERRORS))('%s', async (code, provoke) => {
    const error = await failureOf(provoke)
    expect(error).toBeInstanceOf(VaultError)
    expect(error).toMatchObject({ name: 'VaultError', code })
    expect(error.message).toMatch(/^[^\n]{10,200}$/)
    expect(Object.keys(error).sort()).toEqual(['code', 'name'])
  })
})

describe('codes of stores', () => {
  it.each(Object.entries(STORAGE_ERRORS))('%s', async (code, provoke) => {
    const error = await failureOf(provoke)
    expect(error).toBeInstanceOf(StorageError)
    expect(error).toMatchObject({ name: 'StorageError', code })
    expect(error.message).toMatch(/^[^\n]{10,300}$/)
  })
})

describe('what is no code', () => {
  it('a value of the wrong type is a TypeError without one', async () => {
    const { vault } = await vaultWithSecret()
    const error = await failureOf(() => vault.getSecretValue({ secretName: 5 } as never))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).not.toHaveProperty('code')
  })

  it('an error that the caller makes is like one of the vault', () => {
    const cause = new Error('below')
    const error = new VaultError('CONFLICT', 'said here', { cause })
    expect(error).toMatchObject({
      name: 'VaultError',
      code: 'CONFLICT',
      message: 'said here',
      cause,
    })
    expect(error).toBeInstanceOf(Error)
    expect(String(error)).toBe('VaultError: said here')
  })
})
