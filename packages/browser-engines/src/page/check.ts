/** Assertions for cases that run in a page, where no test framework exists. */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message)
}

/** Compares values by their JSON; byte arrays by their bytes. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [left, right] = [show(actual), show(expected)]
  check(left === right, `${what}: expected ${right}, got ${left}`)
}

/** Waits for a promise that must reject with an error of that code, and returns the error. */
export async function rejects(promise: Promise<unknown>, code: string): Promise<Error> {
  let error: unknown
  try {
    const answer = await promise
    error = new Error(`answered ${show(answer)}`)
  } catch (rejection) {
    error = rejection
  }
  if (Reflect.get(Object(error) as object, 'code') === code) return error as Error
  throw new Error(`expected a rejection with ${code}`, { cause: error })
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function show(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    each instanceof Uint8Array ? `bytes ${each.join()}` : each,
  )
}
