import type { StorageEntry, StorageKey } from '../contract.js'
import type { StorageErrorCode } from '../storage-error.js'

/**
 * The suite's own assertions. They need no test framework and no Node, so that the suite runs
 * wherever an adapter does.
 */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError'
}

export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ConformanceError(message)
}

export function same(actual: unknown, expected: unknown, what: string): void {
  check(Object.is(actual, expected), `${what}: expected ${show(expected)}, got ${show(actual)}`)
}

export function sameValue(
  actual: Uint8Array | null | undefined,
  expected: Uint8Array | null,
  what: string,
): void {
  check(
    actual !== undefined && show(actual) === show(expected),
    `${what}: expected ${show(expected)}, got ${show(actual)}`,
  )
}

export function sameValues(
  actual: readonly (Uint8Array | null)[],
  expected: readonly (Uint8Array | null)[],
  what: string,
): void {
  same(actual.length, expected.length, `${what}: number of values`)
  expected.forEach((value, index) => {
    sameValue(actual[index], value, `${what}[${index}]`)
  })
}

export function sameKeys(
  actual: readonly StorageEntry[],
  expected: readonly StorageKey[],
  what: string,
): void {
  same(actual.map(({ key }) => key).join(' '), expected.join(' '), what)
}

export function sameEntries(
  actual: readonly StorageEntry[],
  expected: readonly StorageEntry[],
  what: string,
): void {
  sameKeys(
    actual,
    expected.map(({ key }) => key),
    `${what}: keys`,
  )
  sameValues(
    actual.map(({ value }) => value),
    expected.map(({ value }) => value),
    what,
  )
}

/** Waits for a promise that must reject with one of `codes`, and returns the error. */
export async function rejects(
  promise: Promise<unknown>,
  codes: readonly StorageErrorCode[],
  what: string,
): Promise<Error> {
  let settled: { readonly answer: unknown } | { readonly error: unknown }
  try {
    settled = { answer: await promise }
  } catch (error) {
    settled = { error }
  }
  if ('error' in settled) return rejection(settled.error, codes, what)
  throw new ConformanceError(`${what} must reject, got ${show(settled.answer)}`)
}

export function rejection(error: unknown, codes: readonly StorageErrorCode[], what: string): Error {
  check(isError(error), `${what} must reject with an Error`)
  const code = 'code' in error ? error.code : undefined
  check(
    codes.some((expected) => expected === code),
    `${what} must reject with ${codes.join(' or ')}, got ${show(code)}: ${error.message}`,
  )
  return error
}

/** Also of another realm, because an adapter may pass on an error from there. */
export function isError(value: unknown): value is Error {
  return Object.prototype.toString.call(value) === '[object Error]'
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) {
    // The end, too: some values of the suite differ only there.
    const parts = [...value.subarray(0, 16), ...value.subarray(-16)]
    return `${value.length} bytes (${parts.join(' ')})`
  }
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`
  return typeof value === 'string' ? `'${value}'` : String(value)
}
