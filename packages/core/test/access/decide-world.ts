/** Decides a request of a {@link PolicyWorld} with the evaluator under test. */

import type { AttachedPolicy, Decision, DecisionRecorder } from '@stagevault/core/access/decide'
import { decide } from '@stagevault/core/access/decide'
import type { FactValue } from '@stagevault/core/access/conditions'
import { readConditionKey } from '@stagevault/core/access/condition-keys'
import { readPolicy } from '@stagevault/core/access/read-policy'
import type { PolicyWorld } from './policy-arbitrary.js'
import { PRINCIPAL, RESOURCE } from './policy-arbitrary.js'
import type { Fact } from './reference-conditions.js'
import type { PolicyDocument } from './reference-evaluator.js'

function attach(
  source: AttachedPolicy['source'],
  policyName: string,
  document: PolicyDocument,
): AttachedPolicy {
  const use =
    source === 'secret'
      ? ({ kind: 'secret', arn: RESOURCE } as const)
      : ({ kind: 'identity' } as const)
  return { source, policyName, policy: readPolicy(JSON.stringify(document), use) }
}

export function decideIn(
  { secret, identity, action, isDisabled, facts }: PolicyWorld,
  recorder: DecisionRecorder | null = null,
): Decision {
  const byName = new Map(
    Object.entries(facts).map(([key, fact]) => [
      readConditionKey(key).name,
      toFactValue(key, fact),
    ]),
  )
  const request = {
    action,
    resource: RESOURCE,
    principal: PRINCIPAL,
    facts: (name: string) => byName.get(name) ?? null,
  }
  const policies = [
    ...(secret === null ? [] : [attach('secret', 'default', secret)]),
    ...identity.map((document, i) => attach('identity', `p${String(i)}`, document)),
  ]
  return decide(request, { isDisabled, policies }, recorder)
}

function toFactValue(key: string, fact: Fact): FactValue {
  return key === 'acs:CurrentTime' ? { timeMs: Date.parse(fact as string) } : fact
}
