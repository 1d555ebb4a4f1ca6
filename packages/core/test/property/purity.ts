/** Proof that a plan leaves its input alone, and decides the same on the same input. */

import assert from 'node:assert/strict'

/**
 * Runs a plan twice on frozen input. Typed arrays cannot be frozen, so a copy that was taken
 * before tells whether anything changed.
 *
 * @returns what the plan gave, or the code of its error.
 */
export function runPure<T>(input: readonly unknown[], plan: () => T): T | { code: unknown } {
  const before = deepCopy(input)
  deepFreeze(input)
  const first = settle(plan)
  const second = settle(plan)
  assert.deepEqual(input, before, 'a plan changed its input')
  assert.deepEqual(second, first, 'the same state gave another plan')
  return first
}

function settle<T>(plan: () => T): T | { code: unknown } {
  try {
    return plan()
  } catch (error) {
    // Anything without a code is a defect: a write to frozen input is a TypeError.
    if (error instanceof Error && 'code' in error) return { code: error.code }
    throw error
  }
}

/** As `structuredClone`, which makes plain objects of those that have a class. */
function deepCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (ArrayBuffer.isView(value)) return structuredClone(value)
  if (Array.isArray(value)) return value.map(deepCopy) as T
  const parts = Object.entries(value).map(([name, part]) => [name, deepCopy(part)] as const)
  const copy: object = Object.create(Object.getPrototypeOf(value) as object | null) as object
  return Object.assign(copy, Object.fromEntries(parts)) as T
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
  for (const part of Object.values(value)) deepFreeze(part)
  Object.freeze(value)
}
