/** Does what a case asks for, with given primitives, and tells what came of it. */

import type { Primitives } from '@stagevault/core/crypto/primitives'
import { VaultError } from '@stagevault/core/errors'
import {
  performOpenAccessList,
  performOpenAccessRecord,
  performOpenAccessRoot,
  performOpenSecretPolicy,
} from './perform-access-records.js'
import { performOpenVersion, performSealVersion } from './perform-envelope.js'
import {
  performContext,
  performExpand,
  performHedgedSalt,
  performKeyCheck,
  performSecretId,
  performSlotKey,
  performUnwrap,
  performValueDigest,
  performWrap,
} from './perform-keys.js'
import {
  performOpenDescriptor,
  performOpenDue,
  performOpenHead,
  performOpenKeyring,
  performOpenName,
  performOpenRoot,
  performOpenSlot,
} from './perform-records.js'
import type { JsonObject } from './vector-file.js'

type Operation = (primitives: Primitives, input: JsonObject) => JsonObject | Promise<JsonObject>

const OPERATIONS: Readonly<Record<string, Operation>> = {
  context: (_primitives, input) => performContext(input),
  expand: performExpand,
  'key-check': performKeyCheck,
  'hedged-salt': performHedgedSalt,
  'secret-id': performSecretId,
  'value-digest': performValueDigest,
  wrap: performWrap,
  unwrap: performUnwrap,
  'slot-key': (_primitives, input) => performSlotKey(input),
  'seal-version': performSealVersion,
  'open-version': performOpenVersion,
  'open-descriptor': performOpenDescriptor,
  'open-slot': performOpenSlot,
  'open-keyring': performOpenKeyring,
  'open-root': performOpenRoot,
  'open-head': performOpenHead,
  'open-name': performOpenName,
  'open-due': performOpenDue,
  'open-access-root': performOpenAccessRoot,
  'open-access-list': performOpenAccessList,
  'open-access-record': performOpenAccessRecord,
  'open-secret-policy': performOpenSecretPolicy,
}

/** What a case comes to, in the terms of the file it stands in. */
export interface Outcome {
  readonly expect: string
  readonly output?: JsonObject
}

/** Errors that are not the vault's are a defect, not an outcome, and pass through. */
export async function perform(
  primitives: Primitives,
  operation: string,
  input: JsonObject,
): Promise<Outcome> {
  const run = OPERATIONS[operation]
  if (run === undefined) throw new TypeError(`there is no operation ${operation}`)
  try {
    return { expect: 'ok', output: await run(primitives, input) }
  } catch (error) {
    if (error instanceof VaultError) return { expect: error.code }
    throw error
  }
}
