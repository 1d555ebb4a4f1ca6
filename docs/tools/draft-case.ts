/** A case before its outcome is known: what to do and what is to come of it. */

import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import { perform } from './perform.js'
import type { JsonObject, VectorCase, VectorFile } from './vector-file.js'

export interface DraftCase {
  readonly name: string
  readonly rule: string
  readonly operation: string
  readonly input: JsonObject
  readonly expect: string
}

export function accept(
  rule: string,
  name: string,
  operation: string,
  input: JsonObject,
): DraftCase {
  return { name, rule, operation, input, expect: 'ok' }
}

export function reject(
  rule: string,
  name: string,
  operation: string,
  input: JsonObject,
  expect: string,
): DraftCase {
  return { name, rule, operation, input, expect }
}

/** The file with the output of each case. @throws Error where a case does not come out as meant. */
export async function completeFile(
  about: string,
  drafts: readonly DraftCase[],
): Promise<VectorFile> {
  const names = new Set(drafts.map(({ name }) => name))
  if (names.size !== drafts.length) throw new Error('two cases have one name')
  const cases: VectorCase[] = []
  for (const draft of drafts) {
    const outcome = await perform(noblePrimitives, draft.operation, draft.input)
    if (outcome.expect !== draft.expect) {
      throw new Error(`${draft.name}: ${outcome.expect} where ${draft.expect} was meant`)
    }
    cases.push({ ...draft, ...outcome })
  }
  return { format: 1, about, cases }
}
