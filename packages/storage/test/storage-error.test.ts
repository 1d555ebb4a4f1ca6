import { describe, expect, it } from 'vitest'
import { StorageError, isStorageError } from '@stagevault/storage'

describe('isStorageError', () => {
  it('takes every code, or the one that is asked for', () => {
    const error = new StorageError('STORAGE_FULL', 'why')
    expect(isStorageError(error)).toBe(true)
    expect(isStorageError(error, 'STORAGE_FULL')).toBe(true)
    expect(isStorageError(error, 'STORAGE_LOCKED')).toBe(false)
  })

  it('takes an error of another copy of the package', () => {
    const other = { name: 'StorageError', code: 'STORAGE_CLOSED' }
    expect([isStorageError(other), isStorageError(other, 'STORAGE_CLOSED')]).toEqual([true, true])
  })

  it.each([
    ['an error of a vault', Object.assign(new Error('x'), { code: 'VAULT_MISSING' })],
    ['an error of the file system', Object.assign(new Error('x'), { code: 'ENOENT' })],
    ['a name that objects inherit', { code: 'toString' }],
    ['a code that is a number', { code: 5 }],
    ['an error without a code', new Error('STORAGE_FULL')],
    ['text', 'STORAGE_FULL'],
    ['nothing', null],
  ])('takes no other: %s', (_what, error) => {
    expect([isStorageError(error), isStorageError(error, 'STORAGE_FULL')]).toEqual([false, false])
  })
})
