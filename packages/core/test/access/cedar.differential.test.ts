/**
 * The evaluator against Cedar's on what both languages have. Where evaluating a statement errs,
 * Cedar leaves it out, also a `forbid`; here the error counts against the caller.
 */

import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNumber } from '@stagevault/core/access/typed-values'
import { attributeOf, toCedar } from './cedar-translation.js'
import { decideIn } from './decide-world.js'
import type { PolicyWorld } from './policy-arbitrary.js'
import { PRINCIPAL, RESOURCE, worlds } from './policy-arbitrary.js'
import { evaluateConditions } from './reference-conditions.js'
import type { PolicyStatement } from './reference-evaluator.js'

const REQUESTS = 2_000
const COMPARABLE_SHARE_MIN = 0.6

interface CedarAnswer {
  readonly isAllowed: boolean
  /** The statements that could not be evaluated. */
  readonly erring: readonly PolicyStatement[]
}

/** Cedar's answer, or `null` if a statement has no translation. */
function askCedar(world: PolicyWorld): CedarAnswer | null {
  const statements = [world.secret, ...world.identity].flatMap((doc) => doc?.Statement ?? [])
  const texts = statements.map(toCedar)
  if (texts.includes(null)) return null
  const [, service, region, account, relative] = RESOURCE.split(':')
  const { kind, name, accountId } = PRINCIPAL
  const facts = Object.entries(world.facts).map(([key, fact]) => [
    attributeOf(key),
    // Here a number may be given as text.
    key === 'app:level' && typeof fact === 'string' ? (readNumber(fact) ?? fact) : fact,
  ])
  const answer = isAuthorized({
    principal: { type: 'User', id: name },
    action: { type: 'Action', id: world.action },
    resource: { type: 'Secret', id: RESOURCE },
    context: {
      ...(Object.fromEntries(facts) as Record<string, string>),
      action: world.action,
      principal: `acs:ram::${accountId}:${kind}/${name}`,
      everyone: `acs:ram::${accountId}:*`,
      ...({ service, region, account, relative } as Record<string, string>),
    },
    policies: {
      staticPolicies: Object.fromEntries(texts.map((text, i) => [`s${String(i)}`, text ?? ''])),
    },
    entities: [],
  })
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors))
  const { decision, diagnostics } = answer.response
  const erring = diagnostics.errors.map(({ policyId }) => {
    const statement = statements[Number(policyId.slice(1))]
    if (statement === undefined) throw new TypeError('no such statement')
    return statement
  })
  return { isAllowed: decision === 'allow', erring }
}

describe('Cedar', () => {
  it('decides the same, except where a statement cannot be evaluated', () => {
    let comparable = 0
    let erred = 0
    let allowed = 0
    fc.assert(
      fc.property(worlds, (drawn) => {
        const world = { ...drawn, isDisabled: false }
        const answer = askCedar(world)
        if (answer === null) return
        comparable++
        const isAllowed = decideIn(world).decision === 'Allow'
        if (answer.erring.length > 0) {
          erred++
          // An Allow that errs is left out by both; a Deny that errs applies here alone, unless
          // another of its conditions is not met: Cedar stops at the first that errs.
          const applying = answer.erring.filter(
            ({ Effect, Condition = {} }) =>
              Effect === 'Deny' && evaluateConditions(Condition, world.facts) !== 'FALSE',
          )
          if (applying.length > 0) expect(isAllowed).toBe(false)
          else expect(isAllowed).toBe(answer.isAllowed)
          return
        }
        if (isAllowed) allowed++
        expect(isAllowed).toBe(answer.isAllowed)
      }),
      { numRuns: REQUESTS },
    )
    const counts = { requests: REQUESTS, comparable, erred, allowed }
    console.log(`compared with Cedar: ${JSON.stringify(counts)}`)
    expect(comparable).toBeGreaterThanOrEqual(COMPARABLE_SHARE_MIN * REQUESTS)
    expect(erred).toBeGreaterThan(REQUESTS / 100)
    expect(allowed).toBeGreaterThan(REQUESTS / 20)
  })
})
