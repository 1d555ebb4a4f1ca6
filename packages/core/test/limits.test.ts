import { describe, expect, it } from 'vitest'
import * as limits from '@stagevault/core/limits'
import { DEFAULT_LIMITS, STORED_VALUE_BYTES_MAX } from '@stagevault/core/limits'
import { resolveLimits } from '@stagevault/core/request/limit-options'
import { expectFailure } from './support/failures.js'

describe('the model\'s numbers', () => {
  it('are those of the cloud service', () => {
    expect(DEFAULT_LIMITS).toEqual({
      secretValueBytesMax: 30_720,
      versionsMax: 10,
      stageLabelsMax: 8,
      secretsMax: Number.MAX_SAFE_INTEGER,
    })
    expect(limits).toMatchObject({
      SECRET_NAME_CHARS_MAX: 192,
      VERSION_ID_CHARS_MAX: 64,
      STAGE_LABEL_CHARS_MAX: 64,
      TAGS_MAX: 20,
      TAG_CHARS_MAX: 128,
      EXTENDED_CONFIG_CHARS_MAX: 1_024,
      CUSTOM_DATA_PAIRS_MAX: 10,
      RECOVERY_WINDOW_DAYS_MIN: 7,
      RECOVERY_WINDOW_DAYS_MAX: 30,
      RECOVERY_WINDOW_DAYS_DEFAULT: 30,
      BATCH_SECRETS_MAX: 20,
      PAGE_SIZE_MAX: 100,
      PAGE_SIZE_DEFAULT: 10,
      FILTERS_MAX: 10,
      FILTER_VALUES_MAX: 10,
      PASSWORD_CHARS_MIN: 8,
      PASSWORD_CHARS_MAX: 128,
      PASSWORD_CHARS_DEFAULT: 32,
    })
  })

  it('fit together', () => {
    // With more versions than labels there is always a version without one to evict (EVT-1).
    expect(DEFAULT_LIMITS.versionsMax).toBeGreaterThan(DEFAULT_LIMITS.stageLabelsMax)
    expect(limits.SCRYPT_LOG_N_MIN).toBeLessThanOrEqual(limits.SCRYPT_LOG_N_DEFAULT)
    expect(limits.SCRYPT_LOG_N_DEFAULT).toBeLessThanOrEqual(limits.SCRYPT_LOG_N_MAX)
    expect(limits.FILTER_VALUE_CHARS_MAX).toBeGreaterThanOrEqual(limits.SECRET_NAME_CHARS_MAX)
    expect(limits.FILTER_VALUE_CHARS_MAX).toBeGreaterThanOrEqual(limits.TAG_CHARS_MAX)
    // A password of the least length has room for each of the four types.
    expect(limits.PASSWORD_CHARS_MIN).toBeGreaterThanOrEqual(4)
  })
})

describe('resolveLimits', () => {
  const RANGES = [
    ['secretValueBytesMax', 1, STORED_VALUE_BYTES_MAX],
    ['versionsMax', 2, 100],
    ['stageLabelsMax', 2, 64],
    ['secretsMax', 1, Number.MAX_SAFE_INTEGER],
  ] as const

  it('knows every limit, and takes none for the default', () => {
    expect(RANGES.map(([name]) => name)).toEqual(Object.keys(DEFAULT_LIMITS))
    for (const chosen of [undefined, {}, { versionsMax: undefined } as never]) {
      expect(resolveLimits(chosen)).toEqual(DEFAULT_LIMITS)
    }
  })

  it.each(RANGES)('%s is an integer from %i to %i', (name, min, max) => {
    for (const value of [min, min + 1, max - 1, max]) {
      expect(resolveLimits({ [name]: value })).toEqual({ ...DEFAULT_LIMITS, [name]: value })
    }
    for (const value of [min - 1, max + 1, min + 0.5, NaN, Infinity, -min]) {
      expectFailure(() => resolveLimits({ [name]: value }), 'INVALID_PARAMETER')
    }
    for (const value of [null, '10', 10n, true, [10], {}]) {
      expectFailure(() => resolveLimits({ [name]: value }), 'TypeError')
    }
  })

  it('refuses limits there are not', () => {
    for (const name of ['versionMax', 'toString', '', 'VERSIONSMAX']) {
      expectFailure(() => resolveLimits({ [name]: 5 }), 'INVALID_PARAMETER')
    }
    for (const chosen of [null, 5, true, 'versionsMax', [], () => ({})]) {
      expectFailure(() => resolveLimits(chosen as never), 'TypeError')
    }
  })

  it('gives an object of its own', () => {
    const resolved = resolveLimits()
    Object.assign(resolved, { versionsMax: 99 })
    expect(resolveLimits().versionsMax).toBe(10)
  })
})
