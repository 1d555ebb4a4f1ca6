import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS, STORED_VALUE_BYTES_MAX } from '@stagevault/core/limits'
import { parseHandleLimits, parseVaultLimits } from '@stagevault/core/request/vault-requests'
import { expectFailure } from '../support/failures.js'

describe('parseVaultLimits', () => {
  const RANGES = [
    ['secretValueBytesMax', 1, STORED_VALUE_BYTES_MAX],
    ['versionsMax', 2, 100],
    ['stageLabelsMax', 2, 64],
    ['secretsMax', 0, Number.MAX_SAFE_INTEGER],
  ] as const

  it('knows every limit, and takes none for the default', () => {
    expect(RANGES.map(([name]) => name)).toEqual(Object.keys(DEFAULT_LIMITS))
    for (const chosen of [undefined, {}, { versionsMax: undefined }]) {
      expect(parseVaultLimits(chosen)).toEqual(DEFAULT_LIMITS)
    }
  })

  it.each(RANGES)('%s is an integer from %i to %i', (name, min, max) => {
    for (const value of [min, min + 1, max - 1, max]) {
      expect(parseVaultLimits({ [name]: value })).toEqual({ ...DEFAULT_LIMITS, [name]: value })
    }
    for (const value of [min - 1, max + 1, min + 0.5, NaN, Infinity, -1]) {
      expectFailure(() => parseVaultLimits({ [name]: value }), 'INVALID_PARAMETER')
    }
    for (const value of [null, '10', 10n, true, [10], {}]) {
      expectFailure(() => parseVaultLimits({ [name]: value }), 'TypeError')
    }
  })

  it('refuses limits there are not', () => {
    for (const name of ['versionMax', 'toString', '', 'VERSIONSMAX']) {
      expectFailure(() => parseVaultLimits({ [name]: 5 }), 'INVALID_PARAMETER')
    }
    for (const chosen of [null, 5, true, 'versionsMax', [], () => ({})]) {
      expectFailure(() => parseVaultLimits(chosen), 'TypeError')
    }
  })

  it('changes those of a vault that is there, and no others', () => {
    const before = { ...DEFAULT_LIMITS, versionsMax: 40, secretsMax: 7 }
    expect(parseVaultLimits(undefined, before)).toEqual(before)
    expect(parseVaultLimits({ versionsMax: 50, stageLabelsMax: undefined }, before)).toEqual({
      ...before,
      versionsMax: 50,
    })
    expect(parseVaultLimits({ secretsMax: 0 }, before)).toEqual({ ...before, secretsMax: 0 })
  })

  it('gives an object of its own', () => {
    const resolved = parseVaultLimits()
    Object.assign(resolved, { versionsMax: 99 })
    expect(parseVaultLimits().versionsMax).toBe(10)
  })
})

describe('parseHandleLimits', () => {
  it('gives what was asked for, and nothing else', () => {
    for (const chosen of [undefined, {}, { versionsMax: undefined, secretsMax: undefined }]) {
      expect(parseHandleLimits(chosen)).toEqual({})
    }
    const chosen = { secretValueBytesMax: 5, stageLabelsMax: 2, secretsMax: 0 }
    expect(parseHandleLimits(chosen)).toEqual(chosen)
  })

  it('refuses versionsMax with any value', () => {
    for (const versionsMax of [10, 2, 0, '10', null]) {
      expectFailure(() => parseHandleLimits({ versionsMax }), 'INVALID_PARAMETER')
    }
    expect(() => parseHandleLimits({ versionsMax: 10 })).toThrow(/^versionsMax /)
  })

  it('refuses what no vault can have', () => {
    for (const name of ['secretValueBytesMax', 'stageLabelsMax', 'secretsMax']) {
      expectFailure(() => parseHandleLimits({ [name]: -1 }), 'INVALID_PARAMETER')
      expectFailure(() => parseHandleLimits({ [name]: '5' }), 'TypeError')
    }
    expectFailure(() => parseHandleLimits({ secretValueBytesMax: 126_977 }), 'INVALID_PARAMETER')
    expectFailure(() => parseHandleLimits({ valueBytesMax: 5 }), 'INVALID_PARAMETER')
    expectFailure(() => parseHandleLimits(null), 'TypeError')
  })
})
