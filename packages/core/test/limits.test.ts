import { describe, expect, it } from 'vitest'
import * as limits from '@stagevault/core/limits'
import { DEFAULT_LIMITS } from '@stagevault/core/limits'

describe("the model's numbers", () => {
  it('are those of the cloud service', () => {
    expect(DEFAULT_LIMITS).toEqual({
      secretValueBytesMax: 30_720,
      versionsMax: 10,
      stageLabelsMax: 8,
      secretsMax: 0,
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
