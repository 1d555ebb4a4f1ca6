import { describe, expect, it } from 'vitest'
import type { VaultLimits } from '@stagevault/core/limits'
import { DEFAULT_LIMITS, LIMIT_RANGES } from '@stagevault/core/limits'
import type { HandleLimits } from '@stagevault/core/model/vault-limits'
import {
  checkStoredLimits,
  isQuotaReached,
  lowerLimits,
  requireLower,
} from '@stagevault/core/model/vault-limits'
import { expectFailure } from '../support/failures.js'

const STORED: VaultLimits = {
  secretValueBytesMax: 1000,
  versionsMax: 12,
  stageLabelsMax: 9,
  secretsMax: 50,
}
const NO_QUOTA: VaultLimits = { ...STORED, secretsMax: 0 }

describe('checkStoredLimits', () => {
  it('takes every limit from the least to the greatest', () => {
    checkStoredLimits(DEFAULT_LIMITS)
    for (const [name, range] of Object.entries(LIMIT_RANGES)) {
      for (const value of range) checkStoredLimits({ ...DEFAULT_LIMITS, [name]: value })
    }
  })

  it.each(Object.entries(LIMIT_RANGES))('names %s where it is out of range', (name, [min, max]) => {
    for (const value of [min - 1, max + 1, min + 0.5, NaN, Infinity]) {
      const limits = { ...DEFAULT_LIMITS, [name]: value }
      expectFailure(() => {
        checkStoredLimits(limits)
      }, 'MALFORMED_RECORD')
      expect(() => {
        checkStoredLimits(limits)
      }).toThrow(name)
    }
  })
})

describe('requireLower', () => {
  const refused: readonly (readonly [handle: HandleLimits, message: string])[] = [
    [{ secretValueBytesMax: 1001 }, 'secretValueBytesMax must be 1 to 1000, as the vault allows'],
    [{ stageLabelsMax: 10 }, 'stageLabelsMax must be 2 to 9, as the vault allows'],
    [{ secretsMax: 51 }, 'secretsMax must be 1 to 50, as the vault allows'],
    [{ secretsMax: 0 }, 'secretsMax must be 1 to 50, as the vault allows'],
    [{ secretValueBytesMax: 1, secretsMax: 51 }, 'secretsMax must be 1 to 50, as the vault allows'],
  ]
  it.each(refused)('refuses %o', (handle, message) => {
    expectFailure(() => {
      requireLower(STORED, handle)
    }, 'INVALID_PARAMETER')
    expect(() => {
      requireLower(STORED, handle)
    }).toThrow(message)
  })

  it.each<[VaultLimits, HandleLimits]>([
    [STORED, {}],
    [STORED, { secretValueBytesMax: 1000, stageLabelsMax: 9, secretsMax: 50 }],
    [STORED, { secretValueBytesMax: 1, stageLabelsMax: 2, secretsMax: 1 }],
    [NO_QUOTA, { secretsMax: 0 }],
    [NO_QUOTA, { secretsMax: Number.MAX_SAFE_INTEGER }],
  ])('takes what is as low: %o, %o', (stored, handle) => {
    requireLower(stored, handle)
  })
})

describe('lowerLimits', () => {
  it.each<[VaultLimits, HandleLimits, Partial<VaultLimits>]>([
    [STORED, {}, {}],
    [STORED, { secretValueBytesMax: 10 }, { secretValueBytesMax: 10 }],
    [STORED, { stageLabelsMax: 2, secretsMax: 3 }, { stageLabelsMax: 2, secretsMax: 3 }],
    // The vault's own was lowered after the handle was opened.
    [STORED, { secretValueBytesMax: 2000, stageLabelsMax: 20, secretsMax: 60 }, {}],
    [STORED, { secretsMax: 0 }, {}],
    [NO_QUOTA, { secretsMax: 3 }, { secretsMax: 3 }],
    [NO_QUOTA, { secretsMax: 0 }, {}],
  ])('takes the lower of each: %o, %o', (stored, handle, changes) => {
    const before = structuredClone(stored)
    expect(lowerLimits(stored, handle)).toEqual({ ...stored, ...changes })
    expect(stored).toEqual(before)
  })

  it('never touches versionsMax', () => {
    const given = { versionsMax: 2 } as HandleLimits
    expect(lowerLimits(STORED, given)).toEqual(STORED)
  })
})

it('a quota is reached with as many secrets, and never where it is 0', () => {
  const reached = [49, 50, 51].map((count) => isQuotaReached(STORED, count))
  expect(reached).toEqual([false, true, true])
  expect(isQuotaReached(NO_QUOTA, Number.MAX_SAFE_INTEGER)).toBe(false)
})
