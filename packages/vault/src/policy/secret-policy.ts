/** The policy of a secret: a record of its own, which the head pins. */

import { readPolicy } from '@stagevault/core/access/read-policy'
import type { Policy } from '@stagevault/core/access/policy'
import type { ArnScope } from '@stagevault/core/arn'
import { formatArn } from '@stagevault/core/arn'
import { equalBytes } from '@stagevault/core/bytes'
import { VaultError } from '@stagevault/core/errors'
import { READ_ATTEMPTS_MAX } from '@stagevault/core/limits'
import type { SecretState } from '@stagevault/core/model/secret-state'
import { headKey, policyKey } from '@stagevault/core/records/layout'
import type { PolicyPin } from '@stagevault/core/records/secret-policy'
import { isRemoved, policyPinOf } from '@stagevault/core/records/secret-policy'
import type { AbortSignalLike } from '@stagevault/core/request/request-fields'
import { readHead } from '../records/read-head.js'
import { readSnapshot } from '../records/snapshot.js'
import type { Session } from '../session/session.js'
import { openPolicy } from './open-policy.js'

/** A secret with its policy. */
export interface SecretWithPolicy {
  readonly state: SecretState
  /** `null` if the secret never had a policy. */
  readonly pin: PolicyPin | null
  /** `null` if the secret has no policy. */
  readonly document: string | null
}

/**
 * The secret and the policy that its head pins, or `null` if there is no such secret.
 *
 * Rejects as `readHead`; with {@link VaultError} `RECORD_MISSING`, `RECORD_MISMATCH` and other
 * codes of the integrity group for the record of the policy; and with `CONFLICT` if the head
 * changes faster than both can be read.
 */
export async function readSecretPolicy(
  session: Session,
  secretName: string,
  signal: AbortSignalLike | null,
): Promise<SecretWithPolicy | null> {
  for (let attempt = 0; attempt < READ_ATTEMPTS_MAX; attempt++) {
    const head = await readHead(session, secretName, signal)
    if (head === null) return null
    const { state } = head
    const pin = policyPinOf(state)
    if (pin === null || isRemoved(pin)) return { state, pin, document: null }
    const key = policyKey(state.secretId, pin.generation)
    const snapshot = await readSnapshot(session, [headKey(secretName), key], signal)
    const found = snapshot.get(headKey(secretName))
    if (found === null || !equalBytes(found, head.bytes)) continue
    return { state, pin, document: openPolicy(session, state, pin, snapshot.get(key)) }
  }
  throw new VaultError('CONFLICT', `secret ${secretName} changes faster than it can be read`)
}

/**
 * Checks a document as the policy of a secret under this name.
 *
 * @throws {@link VaultError} `INVALID_PARAMETER`
 */
export function readPolicyFor(scope: ArnScope, secretName: string, document: string): Policy {
  return readPolicy(document, { kind: 'secret', arn: formatArn(scope, secretName) })
}
