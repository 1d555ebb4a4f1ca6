/** Conditions in three values: section 5.3 of the access specification, row by row. */

import { blockHolds, parseAddress, parseBlock } from './reference-addresses.js'
import {
  compareInstants,
  integerOf,
  parseBoolean,
  parseInstant,
  parseInteger,
} from './reference-values.js'
import { lowerAscii, matchesRecursively } from './reference-wildcards.js'

/** What is known of a request: condition keys and their values. */
export type Facts = Readonly<Record<string, Fact>>
export type Fact = string | number | boolean | readonly string[]

export type Outcome = 'TRUE' | 'FALSE' | 'UNKNOWN'

/** Operators, keys, and one value or a list. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, OneOrMany>>>>
export type OneOrMany = string | readonly string[]

/** Every condition must hold: FALSE wins over UNKNOWN, UNKNOWN over TRUE. */
export function evaluateConditions(block: ConditionBlock, facts: Facts): Outcome {
  const outcomes = Object.entries(block).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) =>
      evaluateCondition(operator, key, listOf(values), facts),
    ),
  )
  if (outcomes.includes('FALSE')) return 'FALSE'
  return outcomes.includes('UNKNOWN') ? 'UNKNOWN' : 'TRUE'
}

export function listOf(values: OneOrMany): readonly string[] {
  return typeof values === 'string' ? [values] : values
}

interface Operator {
  readonly set: 'ForAnyValue' | 'ForAllValues' | null
  readonly isNegated: boolean
  /** The operator without prefix, `Not` and `IfExists`. */
  readonly base: string
  readonly ifExists: boolean
}

function parseOperator(text: string): Operator {
  const set = (['ForAnyValue', 'ForAllValues'] as const).find((s) => text.startsWith(`${s}:`))
  const named = set === undefined ? text : text.slice(set.length + 1)
  const ifExists = named.endsWith('IfExists')
  const full = ifExists ? named.slice(0, -'IfExists'.length) : named
  const isNegated = full.includes('Not')
  return { set: set ?? null, isNegated, base: full.replace('Not', ''), ifExists }
}

/** One operator on one key. */
export function evaluateCondition(
  operatorText: string,
  key: string,
  policyValues: readonly string[],
  facts: Facts,
): Outcome {
  const found = Object.entries(facts).filter(([name]) => normalKey(name) === normalKey(key))
  const fact = found[0]?.[1]
  if (operatorText === 'Null')
    return toOutcome((fact === undefined) === (policyValues[0] === 'true'))

  const { set, isNegated, base, ifExists } = parseOperator(operatorText)
  if (fact === undefined && ifExists) return 'TRUE'
  const given = valuesOf(fact)
  if (given.length === 0) return set === 'ForAllValues' || isNegated ? 'UNKNOWN' : 'FALSE'
  // Two facts under one key, and values that are not of the operator's type, tell nothing.
  if (found.length > 1 || !given.every((value) => isOfType(base, value))) return 'UNKNOWN'

  const matchesSome = (value: Fact): boolean =>
    policyValues.some((policyValue) => matches(base, value, policyValue))
  const holds = (value: Fact): boolean => matchesSome(value) !== isNegated
  if (set === 'ForAllValues') return toOutcome(given.every(holds))
  if (set === 'ForAnyValue' || !isNegated) return toOutcome(given.some(holds))
  return toOutcome(given.every(holds))
}

function valuesOf(fact: Fact | undefined): readonly Fact[] {
  if (fact === undefined) return []
  return typeof fact === 'object' ? fact : [fact]
}

function toOutcome(holds: boolean): Outcome {
  return holds ? 'TRUE' : 'FALSE'
}

/** Case counts from the first `/` on. */
function normalKey(key: string): string {
  const slash = key.indexOf('/')
  return slash < 0 ? lowerAscii(key) : lowerAscii(key.slice(0, slash)) + key.slice(slash)
}

function isOfType(base: string, value: Fact): boolean {
  if (base.startsWith('String')) return typeof value === 'string'
  if (base.startsWith('Numeric')) return toInteger(value) !== null
  if (base.startsWith('Date')) return typeof value === 'string' && parseInstant(value) !== null
  if (base === 'Bool') return toBoolean(value) !== null
  return typeof value === 'string' && parseAddress(value) !== null
}

/** Whether a value matches one policy value, by the operator without its `Not`. */
function matches(base: string, value: Fact, policyValue: string): boolean {
  if (base.startsWith('Numeric')) {
    const [left, right] = [toInteger(value), parseInteger(policyValue)]
    if (left === null || right === null) return false
    return holdsBetween(base.slice('Numeric'.length), left < right ? -1 : left > right ? 1 : 0)
  }
  if (base === 'Bool') return toBoolean(value) === parseBoolean(policyValue)
  const text = String(value)
  if (base.startsWith('Date')) {
    const [left, right] = [parseInstant(text), parseInstant(policyValue)]
    if (left === null || right === null) return false
    return holdsBetween(base.slice('Date'.length), compareInstants(left, right))
  }
  if (base === 'IpAddress') {
    const [address, block] = [parseAddress(text), parseBlock(policyValue)]
    return address !== null && block !== null && blockHolds(block, address)
  }
  if (base === 'StringLike') return matchesRecursively(policyValue, text)
  if (base === 'StringEqualsIgnoreCase') return lowerAscii(text) === lowerAscii(policyValue)
  return text === policyValue
}

function holdsBetween(relation: string, order: number): boolean {
  switch (relation) {
    case 'LessThan':
      return order < 0
    case 'LessThanEquals':
      return order <= 0
    case 'GreaterThan':
      return order > 0
    case 'GreaterThanEquals':
      return order >= 0
    default:
      return order === 0
  }
}

function toInteger(value: Fact): bigint | null {
  if (typeof value === 'number') return integerOf(value)
  return typeof value === 'string' ? parseInteger(value) : null
}

function toBoolean(value: Fact): boolean | null {
  if (typeof value === 'boolean') return value
  return typeof value === 'string' ? parseBoolean(value) : null
}
