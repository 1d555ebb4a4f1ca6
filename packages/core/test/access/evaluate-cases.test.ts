/** The table cases of access, run through the reader of policies and the evaluator. */

import { describe, expect, it } from 'vitest'
import type { Action } from '@stagevault/core/access/actions'
import { ACTIONS } from '@stagevault/core/access/actions'
import { readConditionKey } from '@stagevault/core/access/condition-keys'
import type { FactValue } from '@stagevault/core/access/conditions'
import type { AttachedPolicy } from '@stagevault/core/access/decide'
import { decide } from '@stagevault/core/access/decide'
import { lintPolicy } from '@stagevault/core/access/lint-policy'
import { readPolicy } from '@stagevault/core/access/read-policy'
import type { DecideCase, ParseCase, TableCase } from './case-types.js'
import { CASE_ACCOUNT_ID, CASE_REGION, wholeText } from './case-types.js'
import { referenceFacts } from './reference-facts.js'
import tableCases from './table-cases.json' with { type: 'json' }

const CASES = tableCases as unknown as readonly TableCase[]

function arnOf(secretName: string): string {
  return `acs:kms:${CASE_REGION}:${CASE_ACCOUNT_ID}:secret/${secretName}`
}

describe('documents', () => {
  const cases = CASES.filter((item): item is ParseCase => item.kind === 'parse')
  it.each(cases)('$id $title', ({ as, secretName = '', text, expect: expected }) => {
    const use =
      as === 'secret'
        ? ({ kind: 'secret', arn: arnOf(secretName) } as const)
        : ({ kind: 'identity' } as const)
    if ('accepted' in expected) {
      const found = lintPolicy(readPolicy(wholeText(text), use))
      for (const pointer of expected.warnings) {
        expect(found.map((finding) => finding.pointer)).toContain(pointer)
      }
      return
    }
    let error: unknown = null
    try {
      readPolicy(wholeText(text), use)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ name: 'VaultError', code: expected.code })
    const { message } = error as Error
    if (expected.pointer === '') expect(message).toMatch(/^policy: /)
    else if (expected.pointer !== undefined)
      expect(message).toContain(`policy, ${expected.pointer}:`)
    expect(message).toContain(expected.message ?? '')
  })
})

describe('decisions', () => {
  const cases = CASES.filter((item): item is DecideCase => item.kind === 'decide')
  it.each(cases)('$id $title', (item) => {
    const { documents, principal, isDisabled, action, resource } = item
    const secretName = item.secret?.secretName ?? resource.slice(arnOf('').length)
    const policies = [
      ...(documents.secret === null
        ? []
        : [attach('secret', 'default', documents.secret, arnOf(secretName))]),
      ...documents.identity.map(({ source, policyName, policy }) =>
        attach(source, policyName, policy, ''),
      ),
    ]
    const accountId = principal.accountId ?? CASE_ACCOUNT_ID
    const facts = factsOf(item)
    const found = isKnown(action)
      ? decide(
          {
            action,
            resource,
            principal: { kind: principal.kind, name: principal.name, accountId },
            facts: (name) => facts.get(name) ?? null,
          },
          { isDisabled, policies },
        )
      : ({ decision: 'ImplicitDeny', decidedBy: null } as const)
    expect(found.decision).toBe(item.expect)
    const by = found.decidedBy
    expect(
      by === null
        ? null
        : {
            source: by.attached.source,
            policyName: by.attached.policyName,
            statementIndex: by.statement.index,
            ...(by.statement.sid === null ? {} : { sid: by.statement.sid }),
          },
    ).toEqual(item.decidedBy)
  })
})

function isKnown(action: string): action is Action {
  return (ACTIONS as readonly string[]).includes(action)
}

function attach(
  source: AttachedPolicy['source'],
  policyName: string,
  document: unknown,
  arn: string,
): AttachedPolicy {
  const use =
    source === 'secret' ? ({ kind: 'secret', arn } as const) : ({ kind: 'identity' } as const)
  return { source, policyName, policy: readPolicy(JSON.stringify(document), use) }
}

function factsOf({
  principal,
  context,
  now,
  secret,
  operation,
  request,
}: DecideCase): ReadonlyMap<string, FactValue> {
  const vaultAccountId = CASE_ACCOUNT_ID
  const facts = referenceFacts({
    vaultAccountId,
    principal,
    context,
    now,
    secret,
    operation,
    request,
  })
  return new Map(
    Object.entries(facts).map(([key, fact]): [string, FactValue] => [
      readConditionKey(key).name,
      key === 'acs:CurrentTime' ? { timeMs: Date.parse(now) } : fact,
    ]),
  )
}
