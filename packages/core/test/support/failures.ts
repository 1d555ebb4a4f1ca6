import { expect } from 'vitest'

/** The code of what a call throws, the class of an error without one, or `null` without error. */
export function failureCode(call: () => unknown): string | null {
  try {
    call()
  } catch (error) {
    if (!(error instanceof Error)) return 'not an error'
    return 'code' in error ? String(error.code) : error.name
  }
  return null
}

export function expectFailure(call: () => unknown, code: string): void {
  expect(failureCode(call)).toBe(code)
}

/** What may be said of a record that is not as it was written. */
export const INTEGRITY_CODES: readonly string[] = [
  'DECRYPTION_FAILED',
  'MALFORMED_RECORD',
  'UNSUPPORTED_FORMAT',
  'RECORD_MISSING',
  'RECORD_MISMATCH',
]
