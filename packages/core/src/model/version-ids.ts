/** Automatic version ids: `v` and the number of a counter that only rises (VER-2). */

import type { SecretState } from './secret-state.js'
import { findVersion } from './secret-state.js'

/**
 * The next automatic version id. A number whose id a caller has used is skipped (VER-2).
 *
 * @param ahead - how many automatic ids earlier changes take first
 */
export function nextVersionId(state: SecretState, ahead = 0): string {
  let number = nextAutoNumber(state, state.nextAutoId)
  for (let i = 0; i < ahead; i++) number = nextAutoNumber(state, number + 1)
  return `v${String(number)}`
}

/** The first number from `start` on whose id is free. */
export function nextAutoNumber(state: SecretState, start: number): number {
  let number = start
  while (isTaken(state, `v${String(number)}`)) number++
  return number
}

function isTaken(state: SecretState, versionId: string): boolean {
  return findVersion(state, versionId) !== null || state.tombstones.digestOf(versionId) !== null
}

/** The number in an id that the counter could assign, or 0. */
export function autoNumberOf(versionId: string): number {
  const match = /^v([1-9][0-9]{0,15})$/.exec(versionId)
  const number = Number(match?.[1] ?? 0)
  return Number.isSafeInteger(number) ? number : 0
}

/**
 * Whether this id may have been used although no tombstone records it. The counter has passed every
 * automatic id that was used, and these ids are never assigned to another value.
 */
export function isForgottenAutoId(state: SecretState, versionId: string): boolean {
  const number = autoNumberOf(versionId)
  return number > 0 && number < state.nextAutoId
}
