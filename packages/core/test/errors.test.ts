import { describe, expect, it } from 'vitest'
import type { VaultErrorCode } from '@stagevault/core/errors'
import { VaultError, isIntegrityError, isRefusal, isVaultError } from '@stagevault/core/errors'

/** Whether another state may decide otherwise, and whether the store is not as it was written. */
const CODES: Readonly<Record<VaultErrorCode, readonly [refusal: boolean, integrity: boolean]>> = {
  INVALID_PARAMETER: [true, false],
  SECRET_NOT_FOUND: [true, false],
  SECRET_EXISTS: [true, false],
  SECRET_IN_DELETE_WINDOW: [true, false],
  SECRET_NOT_SCHEDULED: [true, false],
  VERSION_NOT_FOUND: [true, false],
  VERSION_EXISTS: [true, false],
  VERSION_DISABLED: [true, false],
  VERSION_LIMIT: [true, false],
  STAGE_NOT_FOUND: [true, false],
  STAGE_LABEL_LIMIT: [true, false],
  UNSUPPORTED_OPERATION: [true, false],
  QUOTA_EXCEEDED: [true, false],
  UNLOCK_FAILED: [true, false],
  KEY_NOT_FOUND: [true, false],
  VERSION_CONFLICT: [true, false],
  ACCESS_DENIED: [true, false],
  ENTITY_NOT_FOUND: [true, false],
  ENTITY_EXISTS: [true, false],
  ENTITY_IN_USE: [true, false],
  // A section that this program does not know: on another state there may be none.
  UNSUPPORTED_FORMAT: [true, true],
  VAULT_MISSING: [false, false],
  VAULT_EXISTS: [false, false],
  VAULT_CLOSED: [false, false],
  MODULE_UNAVAILABLE: [false, false],
  KEYRING_UNAVAILABLE: [false, false],
  RANDOM_FAILED: [false, false],
  CONFLICT: [false, false],
  DECRYPTION_FAILED: [false, true],
  MALFORMED_RECORD: [false, true],
  RECORD_MISSING: [false, true],
  RECORD_MISMATCH: [false, true],
  ROLLBACK_DETECTED: [false, true],
}

describe('every code', () => {
  it.each(Object.entries(CODES))('%s', (code, expected) => {
    const error = new VaultError(code as VaultErrorCode, 'why')
    expect([isRefusal(error), isIntegrityError(error)]).toEqual(expected)
  })
})

it('what is not of a vault is neither', () => {
  const foreign = [
    new Error('x'),
    new TypeError('x'),
    null,
    'SECRET_NOT_FOUND',
    { code: 'CONFLICT' },
  ]
  for (const error of foreign) {
    expect([isRefusal(error), isIntegrityError(error)]).toEqual([false, false])
    expect(isVaultError(error) || isVaultError(error, 'CONFLICT')).toBe(false)
  }
})

describe('isVaultError', () => {
  const error = new VaultError('SECRET_NOT_FOUND', 'why')

  it('takes every code, or the one that is asked for', () => {
    expect(isVaultError(error)).toBe(true)
    expect(isVaultError(error, 'SECRET_NOT_FOUND')).toBe(true)
    expect(isVaultError(error, 'SECRET_EXISTS')).toBe(false)
  })

  it('takes an error of another copy of the package', () => {
    const other = Object.assign(new Error('why'), { name: 'VaultError', code: 'CONFLICT' })
    expect([isVaultError(other), isVaultError(other, 'CONFLICT')]).toEqual([true, true])
  })

  it('takes no error of a store, also under a code of its own', () => {
    const storage = Object.assign(new Error('x'), { name: 'StorageError', code: 'STORAGE_MISSING' })
    const odd = Object.assign(new Error('x'), { name: 'StorageError', code: 'SECRET_NOT_FOUND' })
    for (const each of [storage, odd]) {
      expect([isVaultError(each), isVaultError(each, 'SECRET_NOT_FOUND')]).toEqual([false, false])
    }
  })
})
