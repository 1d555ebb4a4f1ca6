/**
 * Policies of this library as texts of Cedar, another policy language with its own evaluator. Only
 * what both languages have is translated: no `IgnoreCase`, no `?`, no mapped addresses. A missing
 * key is guarded with `has`, so that it means what it means here.
 */

import { listOf } from './reference-conditions.js'
import type { PolicyStatement } from './reference-evaluator.js'
import { KNOWN_ACTIONS } from './reference-evaluator.js'
import { matchesAction } from './reference-wildcards.js'
import { parseInstant } from './reference-values.js'

/** The Cedar text of a statement, or `null` if Cedar has no such statement. */
export function toCedar(statement: PolicyStatement): string | null {
  const clauses = [
    actionClause(statement),
    principalClause(statement),
    resourceClause(statement),
    ...conditionClauses(statement),
  ]
  if (clauses.includes(null)) return null
  const effect = statement.Effect === 'Allow' ? 'permit' : 'forbid'
  return `${effect}(principal, action, resource) when { ${clauses.join(' && ')} };`
}

type Clause = string | null

function quoted(text: string): string {
  return JSON.stringify(text)
}

function anyOf(clauses: readonly Clause[]): Clause {
  return clauses.includes(null) ? null : `(${clauses.join(' || ')})`
}

function actionClause({ Action, NotAction }: PolicyStatement): Clause {
  const patterns = listOf(Action ?? NotAction ?? [])
  const named = KNOWN_ACTIONS.filter(
    (action) =>
      patterns.some((pattern) => matchesAction(pattern, action)) === (Action !== undefined),
  )
  return `${set(named)}.contains(context.action)`
}

function set(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(', ')}]`
}

function principalClause({ Principal }: PolicyStatement): Clause {
  if (Principal === undefined) return 'true'
  const named = listOf(Principal.RAM)
  return `${set(named)}.containsAny([context.principal, context.everyone])`
}

/** Part by part: a star of Cedar's `like` would span a colon. */
function resourceClause({ Resource }: PolicyStatement): Clause {
  return anyOf(
    listOf(Resource).map((pattern) => {
      if (pattern === '*') return 'true'
      const [, service = '', region = '', account = '', relative = ''] = pattern.split(':')
      const parts = { service, region, account, relative }
      const clauses = Object.entries(parts).map(([part, text]) => like(`context.${part}`, text))
      return clauses.includes(null) ? null : `(${clauses.join(' && ')})`
    }),
  )
}

function like(subject: string, pattern: string): Clause {
  return pattern.includes('?') ? null : `${subject} like ${quoted(pattern)}`
}

function conditionClauses({ Condition = {}, Effect }: PolicyStatement): Clause[] {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) =>
      conditionClause(operator, key, listOf(values), Effect),
    ),
  )
}

function conditionClause(
  text: string,
  keyText: string,
  values: readonly string[],
  effect: 'Allow' | 'Deny',
): Clause {
  const attribute = attributeOf(keyText)
  const has = `context has ${attribute}`
  if (text === 'Null') return values[0] === 'true' ? `!(${has})` : has
  const ifExists = text.endsWith('IfExists')
  const operator = ifExists ? text.slice(0, -'IfExists'.length) : text
  const colon = operator.indexOf(':')
  const over = colon < 0 ? null : operator.slice(0, colon)
  const base = operator.slice(colon + 1)
  const isNegated = base.includes('Not')
  const subject = `context.${attribute}`
  // What is unknown applies a Deny and does not apply an Allow.
  const unknown = String(effect === 'Deny')
  const whenAbsent = ifExists ? 'true' : isNegated || over === 'ForAllValues' ? unknown : 'false'
  const isSet = keyText === 'kms:VersionStages' || keyText === 'app:teams'
  const clause = isSet
    ? setClause(subject, over, base.replace('Not', ''), isNegated, values, unknown)
    : oneClause(subject, base.replace('Not', ''), isNegated, values)
  return clause === null ? null : `(if ${has} then ${clause} else ${whenAbsent})`
}

/** The key as an identifier. */
export function attributeOf(key: string): string {
  return key.toLowerCase().replace(':', '_')
}

function oneClause(
  subject: string,
  base: string,
  isNegated: boolean,
  values: readonly string[],
): Clause {
  const some = anyOf(values.map((value) => comparison(subject, base, value)))
  return some === null ? null : isNegated ? `!${some}` : some
}

function comparison(subject: string, base: string, value: string): Clause {
  if (base === 'StringEquals') return `${subject} == ${quoted(value)}`
  if (base === 'StringLike') return like(subject, value)
  if (base === 'Bool') return `(${subject} == ${value})`
  if (base === 'IpAddress') return `ip(${subject}).isInRange(ip(${quoted(value)}))`
  if (base.startsWith('Numeric')) return order(base.slice('Numeric'.length), subject, value)
  if (base.startsWith('Date')) {
    const instant = parseInstant(value)
    if (instant === null) return null
    const text = new Date(1_000 * instant.seconds).toISOString()
    return order(base.slice('Date'.length), `datetime(${subject})`, `datetime(${quoted(text)})`)
  }
  return null
}

const ORDERS: Readonly<Record<string, string>> = {
  LessThan: '<',
  LessThanEquals: '<=',
  GreaterThan: '>',
  GreaterThanEquals: '>=',
}

function order(relation: string, left: string, right: string): Clause {
  // `==` would be false for values of two types, where an order is an error.
  if (relation === 'Equals') return `(${left} <= ${right} && ${left} >= ${right})`
  return `${left} ${ORDERS[relation] ?? ''} ${right}`
}

/** Cedar has no quantifier over a set, so only equality is translated. */
function setClause(
  subject: string,
  over: string | null,
  base: string,
  isNegated: boolean,
  values: readonly string[],
  unknown: string,
): Clause {
  if (base !== 'StringEquals') return null
  const some = `${subject}.containsAny(${set(values)})`
  const all = `${set(values)}.containsAll(${subject})`
  const isEmpty = `${subject}.isEmpty()`
  if (over === 'ForAllValues') {
    return `(if ${isEmpty} then ${unknown} else ${isNegated ? `!${some}` : all})`
  }
  if (!isNegated) return some
  return `(if ${isEmpty} then ${unknown} else ${over === null ? `!${some}` : `!${all}`})`
}
