import { expect } from 'vitest'

/** What a call fails with: a rejection or, where it throws before there is a promise, the error. */
export async function failureOf(call: () => unknown): Promise<Error> {
  try {
    await call()
  } catch (error) {
    if (error instanceof Error) return error
    throw new Error('failed with something else than an error', { cause: error })
  }
  throw new Error('did not fail')
}

/** The stable code of an error, or its class where it has none. */
export function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name
}

/** Expects a failure with this code, or `TypeError`, and gives it back for a closer look. */
export async function expectFailure(call: () => unknown, code: string): Promise<Error> {
  const error = await failureOf(call)
  if (codeOf(error) !== code) expect(`${codeOf(error)}: ${error.message}`).toBe(code)
  return error
}
