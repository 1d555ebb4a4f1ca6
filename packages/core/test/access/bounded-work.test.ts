/** What deciding may cost: the budget in steps, which the benchmark turns into milliseconds. */

import { describe, expect, it } from 'vitest'
import type { Facts } from '@stagevault/core/access/conditions'
import type { Decision } from '@stagevault/core/access/decide'
import { decide } from '@stagevault/core/access/decide'
import { explain } from '@stagevault/core/access/explain'
import { readPolicy } from '@stagevault/core/access/read-policy'
import { BOMBS } from './policy-bombs.js'

const PRINCIPAL = { kind: 'user', name: 'Ann', accountId: '1234567890123456' } as const
const RESOURCE = `acs:kms:cn-hangzhou:1234567890123456:secret/${'a'.repeat(192)}`

function ask(document: object, facts: Facts): Decision {
  const policy = readPolicy(JSON.stringify(document), { kind: 'identity' })
  const policies = [{ source: 'identity', policyName: 'p', policy }] as const
  const request = {
    action: 'kms:GetSecretValue',
    resource: RESOURCE,
    principal: PRINCIPAL,
    facts,
  } as const
  const decision = decide(request, { isDisabled: false, policies })
  const { decision: explained, reason } = explain(request, { isDisabled: false, policies })
  expect([explained, reason]).toEqual([
    decision.decision,
    'reason' in decision ? decision.reason : null,
  ])
  return decision
}

describe('bounded work', () => {
  it.each(BOMBS)('$title', ({ document, fact, expected }) => {
    const { decision, ...more } = ask(document, () => fact)
    expect({ decision, reason: 'reason' in more ? more.reason : null }).toEqual(expected)
  })

  it('a Deny that the budget does not reach still denies', () => {
    const slow = BOMBS.find(({ expected }) => expected.reason === 'budget')
    if (slow === undefined) throw new TypeError('no bomb uses up the budget')
    const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }, ...slow.document.Statement]
    expect(ask({ Version: '1', Statement }, () => slow.fact).decision).toBe('ExplicitDeny')
  })
})
