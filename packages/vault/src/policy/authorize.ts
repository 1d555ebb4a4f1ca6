/** Whether the caller of a view may do something, on the state that the operation is decided on. */

import type { Action } from '@stagevault/core/access/actions'
import type { AttachedPolicy, Decision, PolicySet } from '@stagevault/core/access/decide'
import { decide } from '@stagevault/core/access/decide'
import type { OperationFacts, SecretFacts } from '@stagevault/core/access/request-facts'
import { createFacts } from '@stagevault/core/access/request-facts'
import { formatArn } from '@stagevault/core/arn'
import { VaultError } from '@stagevault/core/errors'
import type { SecretState } from '@stagevault/core/model/secret-state'
import type { VaultRoot } from '@stagevault/core/records/vault-root'
import { accessTagOf } from '@stagevault/core/records/vault-root'
import type { PrincipalPolicies } from '../caches/policy-cache.js'
import type { Session } from '../session/session.js'
import type { Caller } from '../session/session.js'
import { cachedSecretPolicy, isLocal, principalKey } from './load-policies.js'

/** What an operation needs to be allowed. */
export interface AccessNeed {
  readonly action: Action
  /** The secret that is addressed, or `null` for an action on nothing in particular. */
  readonly secretName: string | null
  /** The ARN of the resource, if it is not that of the secret or `*`. */
  readonly resource?: string
  /** The secret as it is stored, or `null` if there is none. */
  readonly state: SecretState | null
  /** What conditions see of a secret that is to be created; its policy does not count. */
  readonly created?: SecretFacts
  readonly operation?: OperationFacts
  /** Keys of the tags that the operation changes. */
  readonly changedTags?: readonly string[]
  /** The secret with its tags after the operation; then the decision is about these tags. */
  readonly after?: SecretState
}

const NO_OPERATION: OperationFacts = {}
/** Of a principal that has no access record. */
const UNKNOWN_PRINCIPAL: PrincipalPolicies = { isDisabled: false, policies: [] }

/**
 * The policies that count for a need, or `null` if they are not cached.
 *
 * @param root - of the state that the operation is decided on
 */
export function policiesFor(
  session: Session,
  caller: Caller,
  root: VaultRoot,
  { state, created }: AccessNeed,
): PolicySet | null {
  const own = isLocal(session, caller)
    ? session.policies.principal(principalKey(caller), accessTagOf(root))
    : UNKNOWN_PRINCIPAL
  if (own === null) return null
  if (state === null || created !== undefined) return own
  const policy = cachedSecretPolicy(session, state)
  if (policy === undefined) return null
  if (policy === null) return own
  const attached: AttachedPolicy = { source: 'secret', policyName: 'default', policy }
  return { isDisabled: own.isDisabled, policies: [attached, ...own.policies] }
}

export function decideNeed(
  session: Session,
  caller: Caller,
  policies: PolicySet,
  need: AccessNeed,
): Decision {
  const { action, secretName } = need
  const { principal, context } = caller
  const secret = secretFactsOf(need)
  const operation = need.operation ?? NO_OPERATION
  const facts = createFacts({ now: session.now(), principal, context, secret, operation })
  const resource =
    need.resource ?? (secretName === null ? '*' : formatArn(session.scope, secretName))
  return decide({ action, resource, principal, facts }, policies)
}

export function secretFactsOf({
  secretName,
  state,
  created,
  after,
}: AccessNeed): SecretFacts | null {
  if (created !== undefined) return created
  if (secretName === null) return null
  return { secretName, state, tags: (after ?? state)?.tags ?? null }
}

/** @throws {@link VaultError} `ACCESS_DENIED`, which names no policy (POL-4) */
export function requireAllowed(
  session: Session,
  caller: Caller,
  policies: PolicySet,
  need: AccessNeed,
): void {
  if (need.after !== undefined && !comparesTags(policies, need.changedTags ?? [])) return
  if (decideNeed(session, caller, policies, need).decision === 'Allow') return
  throw accessDenied(need)
}

export function accessDenied({
  action,
  secretName,
}: Pick<AccessNeed, 'action' | 'secretName'>): VaultError {
  const what = secretName === null ? action : `${action} on secret ${secretName}`
  return new VaultError('ACCESS_DENIED', `the caller is not allowed ${what}`)
}

/** Whether a statement that counts compares one of these tags. */
function comparesTags({ policies }: PolicySet, tagKeys: readonly string[]): boolean {
  return policies.some(({ policy }) => tagKeys.some((tagKey) => policy.tagKeys.has(tagKey)))
}
