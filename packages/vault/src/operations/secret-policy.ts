/** Sets and reads the policy of a secret. */

import type { SecretState } from '@stagevault/core/model/secret-state'
import { withChanges } from '@stagevault/core/model/secret-state'
import { requireNotScheduled } from '@stagevault/core/model/secret-lifecycle'
import { policyKey } from '@stagevault/core/records/layout'
import {
  isRemoved,
  policyPinOf,
  sealSecretPolicy,
  withPolicy,
} from '@stagevault/core/records/secret-policy'
import type { SetSecretPolicy } from '@stagevault/core/request/access-requests'
import { SECRET_POLICY_NAME } from '@stagevault/core/request/access-requests'
import type { SecretRequest } from '@stagevault/core/request/request-fields'
import type { GetSecretPolicyResult, SecretPolicyResult } from '../api/access-results.js'
import type { Change, Plan } from '../commit/change.js'
import { changed, requireActiveSecret, unchanged } from '../commit/change.js'
import { authorizedChange } from '../policy/authorized-change.js'
import { authorizedRead } from '../policy/authorized-read.js'
import { readPolicyFor, readSecretPolicy } from '../policy/secret-policy.js'
import { secretNotFound } from '../records/read-head.js'
import type { Session } from '../session/session.js'
import type { VaultHandle } from './vault-handle.js'

/** The policy of a secret that has none. It grants nothing. */
const NO_POLICY = '{"Version":"1","Statement":[]}'

export async function setSecretPolicy(
  session: VaultHandle,
  { secretName, document, signal }: SetSecretPolicy,
): Promise<SecretPolicyResult> {
  const { statements } = readPolicyFor(session.scope, secretName, document)
  const next = statements.length === 0 ? null : document
  const now = session.now()
  const change: Change<SecretPolicyResult> = {
    secretNames: [secretName],
    signal,
    plan: (view) => plan(session, requireActiveSecret(view, secretName), next, now),
  }
  return session.committer.submit(
    authorizedChange(session, change, (view) => [
      { action: 'kms:SetSecretPolicy', secretName, state: view.secret(secretName) },
    ]),
  )
}

/** @param document - `null` removes the policy */
function plan(
  session: Session,
  state: SecretState,
  document: string | null,
  now: number,
): Plan<SecretPolicyResult> {
  const { secretId, secretName } = state
  const pin = policyPinOf(state)
  const before = pin?.generation ?? 0
  if (document === null && (pin === null || isRemoved(pin))) {
    return unchanged(resultOf(secretName, before))
  }
  // Also for the same document, so that a damaged record can be replaced.
  const generation = before + 1
  const record =
    document === null
      ? null
      : sealSecretPolicy(session.keys.records, secretId, generation, document)
  const next = withChanges(withPolicy(state, generation, record), { updateTime: now })
  const result = resultOf(secretName, generation)
  const plan = changed(next, result, [{ type: 'secret.updated', secretName }])
  if (record === null) return plan
  return { ...plan, records: [{ key: policyKey(secretId, generation), value: record }] }
}

function resultOf(secretName: string, generation: number): SecretPolicyResult {
  return { secretName, policyName: SECRET_POLICY_NAME, generation }
}

export async function getSecretPolicy(
  session: Session,
  { secretName, signal }: SecretRequest,
): Promise<GetSecretPolicyResult> {
  signal?.throwIfAborted()
  const need = { action: 'kms:GetSecretPolicy', secretName } as const
  const found = await authorizedRead(session, need, signal, (gated) =>
    readSecretPolicy(gated, secretName, signal),
  )
  if (found === null) throw secretNotFound(secretName)
  requireNotScheduled(found.state)
  return {
    ...resultOf(secretName, found.pin?.generation ?? 0),
    policy: found.document ?? NO_POLICY,
    ...(session.isUnproved ? { isUnproved: true } : {}),
  }
}
