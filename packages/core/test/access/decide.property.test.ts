/** The evaluator against the one that was written from the specification alone, and its laws. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Decision } from '@stagevault/core/access/decide'
import { decideIn } from './decide-world.js'
import type { PolicyWorld } from './policy-arbitrary.js'
import { PRINCIPAL, RESOURCE, documents, worlds } from './policy-arbitrary.js'
import { evaluateCondition } from './reference-conditions.js'
import type { PolicyDocument, PolicyStatement } from './reference-evaluator.js'
import { referenceDecide } from './reference-evaluator.js'

const RUNS = 10_000

function referenceOf(world: PolicyWorld): ReturnType<typeof referenceDecide> {
  const { secret, identity, action, isDisabled, facts } = world
  return referenceDecide(
    { action, resource: RESOURCE, principal: PRINCIPAL, isDisabled, facts },
    {
      secret: secret === null ? null : JSON.stringify(secret),
      identity: identity.map((document, i) => ({
        source: 'identity',
        policyName: `p${String(i)}`,
        text: JSON.stringify(document),
      })),
    },
  )
}

/** A permutation of a list by random numbers. */
function shuffled<T>(items: readonly T[], keys: readonly number[]): T[] {
  return items
    .map((item, i) => ({ item, key: keys[i % keys.length] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

function reordered(document: PolicyDocument, keys: readonly number[]): PolicyDocument {
  return { ...document, Statement: shuffled(document.Statement, keys).map((s) => inner(s, keys)) }
}

function inner(statement: PolicyStatement, keys: readonly number[]): PolicyStatement {
  const mixed = Object.entries(statement).map(([name, value]): [string, unknown] => [
    name,
    Array.isArray(value) ? shuffled(value as readonly unknown[], keys) : value,
  ])
  return Object.fromEntries(shuffled(mixed, keys)) as unknown as PolicyStatement
}

describe('decisions', () => {
  it('agree with the reference evaluator, and say which statement decided', () => {
    const met = new Map<string, number>()
    let conditionCount = 0
    const decisions = { Allow: 0, ExplicitDeny: 0, ImplicitDeny: 0 }
    fc.assert(
      fc.property(worlds, (world) => {
        const expected = referenceOf(world)
        const found = decideIn(world)
        decisions[found.decision]++
        const by = expected.decidedBy
        const place = by === null ? '' : ` ${by.policyName} ${String(by.statementIndex)}`
        expect(outcome(found)).toBe(`${expected.decision}${place}`)
        for (const row of rowsMet(world)) {
          conditionCount++
          met.set(row, (met.get(row) ?? 0) + 1)
        }
      }),
      { numRuns: RUNS },
    )
    const shares = [...met].map(([row, count]) => [row, (100 * count) / conditionCount] as const)
    console.log(`decisions ${JSON.stringify(decisions)}, conditions by row of the table:`)
    for (const [row, share] of shares.sort()) console.log(`  ${row}: ${share.toFixed(1)} %`)
    expect(shares.filter(([, share]) => share < 2)).toEqual([])
    for (const count of Object.values(decisions)) expect(count).toBeGreaterThan(RUNS / 50)
  })

  it('do not depend on any order', () => {
    const keys = fc.array(fc.double({ noNaN: true }), { minLength: 7, maxLength: 7 })
    fc.assert(
      fc.property(worlds, keys, (world, order) => {
        const mixed = {
          ...world,
          secret: world.secret === null ? null : reordered(world.secret, order),
          identity: shuffled(world.identity, order).map((document) => reordered(document, order)),
        }
        expect(decideIn(mixed).decision).toBe(decideIn(world).decision)
      }),
      { numRuns: RUNS },
    )
  })

  it('never become an Allow by a Deny more, or by an Allow less', () => {
    fc.assert(
      fc.property(worlds, documents(false), fc.nat(), (world, extra, place) => {
        if (decideIn(world).decision === 'Allow') return
        const denies = extra.Statement.map((s): PolicyStatement => ({ ...s, Effect: 'Deny' }))
        const more = { ...world, identity: [...world.identity, { ...extra, Statement: denies }] }
        expect(decideIn(more).decision).not.toBe('Allow')
        const less = {
          ...world,
          identity: world.identity.map((document) => without(document, place)),
        }
        expect(decideIn(less).decision).not.toBe('Allow')
      }),
      { numRuns: RUNS },
    )
  })

  it('are the same with a recorder, which hears of every statement', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        let count = 0
        const recorder = { statement: () => count++, condition: () => undefined }
        expect(outcome(decideIn(world, recorder))).toBe(outcome(decideIn(world)))
        const all = [world.secret, ...world.identity].flatMap(
          (document) => document?.Statement ?? [],
        )
        expect(count).toBe(world.isDisabled ? 0 : all.length)
      }),
      { numRuns: RUNS },
    )
  })
})

/** A decision and the statement that it follows from, as a text. */
function outcome({ decision, decidedBy }: Decision): string {
  if (decidedBy === null) return decision
  const { attached, statement } = decidedBy
  return `${decision} ${attached.policyName} ${String(statement.index)}`
}

/** The document without one of its Allow statements. */
function without(document: PolicyDocument, place: number): PolicyDocument {
  const allows = document.Statement.filter(({ Effect }) => Effect === 'Allow')
  const gone = allows[place % Math.max(1, allows.length)]
  return { ...document, Statement: document.Statement.filter((s) => s !== gone) }
}

/** For every condition of a world, the row of the table in section 5.3 that decides it. */
function rowsMet({ secret, identity, facts }: PolicyWorld): string[] {
  const statements = [secret, ...identity].flatMap((document) => document?.Statement ?? [])
  return statements.flatMap(({ Condition = {} }) =>
    Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => rowOf(operator, key, values, facts)),
    ),
  )
}

function rowOf(
  operator: string,
  key: string,
  values: string | readonly string[],
  facts: PolicyWorld['facts'],
): string {
  if (operator === 'Null') return 'Null'
  const fact = Object.entries(facts).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1]
  const sign = operator.includes('Not') ? 'negated' : 'positive'
  if (fact === undefined) {
    return operator.endsWith('IfExists') ? 'absent, IfExists' : `absent, ${sign}`
  }
  if (operator.startsWith('For')) return operator.slice(0, operator.indexOf(':'))
  if (Array.isArray(fact)) return `many values, ${sign}`
  const list = typeof values === 'string' ? [values] : values
  const outcome = evaluateCondition(operator, key, list, facts)
  if (outcome === 'UNKNOWN') return 'untyped'
  return `present, ${sign}, ${outcome}`
}
