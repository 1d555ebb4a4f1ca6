/**
 * Conditions in three values. What is not known is neither met nor missed: it applies a Deny and
 * does not apply an Allow, so that a missing or malformed fact never helps the caller. (In AWS a
 * missing key meets `StringNotEquals`.)
 */

import type { ConditionKey } from './condition-keys.js'
import type { IpAddress, IpBlock } from './ip-address.js'
import { isInBlock, readIpAddress } from './ip-address.js'
import {
  NANOSECONDS_PER_MS,
  NUMBER_MAX,
  readBoolean,
  readDate,
  readNumber,
} from './typed-values.js'
import type { Budget, Pattern } from './wildcards.js'
import { foldCase, matchesPattern } from './wildcards.js'

/** Whether a condition is met. */
export type Truth = 'TRUE' | 'FALSE' | 'UNKNOWN'

/** What a request says of a key. A date is given in milliseconds since 1970. */
export type FactValue = string | number | boolean | readonly string[] | { readonly timeMs: number }

/** The facts of a request, by key name; `null` for a key that is absent. */
export type Facts = (name: string) => FactValue | null

/** Compares one fact with one value of the policy; the fact has the operator's type. */
export type Comparison =
  | {
      readonly type: 'string'
      readonly kind: 'equals' | 'folded'
      readonly values: readonly string[]
    }
  | { readonly type: 'string'; readonly kind: 'like'; readonly values: readonly Pattern[] }
  | { readonly type: 'number'; readonly order: Order; readonly values: readonly number[] }
  | { readonly type: 'date'; readonly order: Order; readonly values: readonly bigint[] }
  | { readonly type: 'boolean'; readonly values: readonly boolean[] }
  | { readonly type: 'address'; readonly values: readonly IpBlock[] }

/** Whether `fact - value` may be negative, zero or positive. */
export interface Order {
  readonly less: boolean
  readonly equal: boolean
  readonly greater: boolean
}

/** One operator with one key. */
export type Condition = NullCondition | ComparingCondition

interface ConditionText {
  /** The operator and the key as the policy writes them. */
  readonly operator: string
  readonly keyText: string
  readonly key: ConditionKey
}

/** `Null`: whether the key is absent. */
export interface NullCondition extends ConditionText {
  readonly kind: 'null'
  readonly isAbsent: boolean
}

export interface ComparingCondition extends ConditionText {
  readonly kind: 'compare'
  readonly comparison: Comparison
  readonly isNegated: boolean
  /** `IfExists`: an absent key meets the condition. */
  readonly ifExists: boolean
  /** `ForAnyValue` and `ForAllValues`; `null` for an operator without either. */
  readonly over: 'any' | 'all' | null
}

/** What was found about one condition, for explanations. */
export interface ConditionResult {
  /** Whether the condition is met. What is unknown counts against the caller. */
  readonly result: Truth
  /** What the request says of the key; `untyped` is a value of another type than the operator's. */
  readonly value: 'present' | 'absent' | 'untyped'
}

export function evaluateCondition(
  condition: Condition,
  facts: Facts,
  budget: Budget,
): ConditionResult {
  const fact = facts(condition.key.name)
  const value = fact === null ? 'absent' : 'present'
  if (condition.kind === 'null') {
    return { result: condition.isAbsent === (fact === null) ? 'TRUE' : 'FALSE', value }
  }
  if (fact === null) return { result: absent(condition), value }
  const result = Array.isArray(fact)
    ? evaluateMany(condition, fact as readonly string[], budget)
    : evaluateOne(condition, fact as Exclude<FactValue, readonly string[]>, budget)
  return { result, value: result === 'UNKNOWN' ? 'untyped' : value }
}

function absent({ ifExists, isNegated, over }: ComparingCondition): Truth {
  if (ifExists) return 'TRUE'
  return isNegated || over === 'all' ? 'UNKNOWN' : 'FALSE'
}

function evaluateOne(
  { comparison, isNegated }: ComparingCondition,
  fact: Exclude<FactValue, readonly string[]>,
  budget: Budget,
): Truth {
  const matched = matchesAny(comparison, fact, budget)
  return isNegated ? not(matched) : matched
}

function evaluateMany(
  condition: ComparingCondition,
  items: readonly string[],
  budget: Budget,
): Truth {
  const { comparison, isNegated, over } = condition
  if (items.length === 0) return isNegated || over === 'all' ? 'UNKNOWN' : 'FALSE'
  // A negated operator without a set operator asks that no item matches.
  const asksAll = over === 'all' || (over === null && isNegated)
  let isMet = asksAll
  for (const item of items) {
    const matched = matchesAny(comparison, item, budget)
    if (matched === 'UNKNOWN') return 'UNKNOWN'
    const isItemMet = (matched === 'TRUE') !== isNegated
    isMet = asksAll ? isMet && isItemMet : isMet || isItemMet
  }
  return truth(isMet)
}

/** Whether some value of the policy matches the fact; `UNKNOWN` if the fact has another type. */
function matchesAny(
  comparison: Comparison,
  fact: Exclude<FactValue, readonly string[]>,
  budget: Budget,
): Truth {
  switch (comparison.type) {
    case 'string': {
      if (typeof fact !== 'string') return 'UNKNOWN'
      return truth(matchesText(comparison, fact, budget))
    }
    case 'number': {
      const found = numberOf(fact)
      if (found === null) return 'UNKNOWN'
      const { values, order } = comparison
      budget.steps -= values.length
      return truth(values.some((value) => isOrdered(order, found, value)))
    }
    case 'date': {
      const found = dateOf(fact)
      if (found === null) return 'UNKNOWN'
      const { values, order } = comparison
      budget.steps -= values.length
      return truth(values.some((value) => isOrdered(order, found, value)))
    }
    case 'boolean': {
      const found = typeof fact === 'string' ? readBoolean(fact) : fact
      if (typeof found !== 'boolean') return 'UNKNOWN'
      return truth(comparison.values.includes(found))
    }
    case 'address': {
      const found: IpAddress | null = typeof fact === 'string' ? readIpAddress(fact) : null
      if (found === null) return 'UNKNOWN'
      budget.steps -= comparison.values.length
      return truth(comparison.values.some((block) => isInBlock(found, block)))
    }
  }
}

function matchesText(
  comparison: Extract<Comparison, { type: 'string' }>,
  text: string,
  budget: Budget,
): boolean {
  if (comparison.kind === 'like') {
    return comparison.values.some((pattern) => matchesPattern(pattern, text, budget))
  }
  const compared = comparison.kind === 'folded' ? foldCase(text) : text
  budget.steps -= comparison.values.length
  return comparison.values.includes(compared)
}

function isOrdered<T extends number | bigint>(
  { less, equal, greater }: Order,
  fact: T,
  value: T,
): boolean {
  return fact < value ? less : fact > value ? greater : equal
}

function numberOf(fact: Exclude<FactValue, readonly string[]>): number | null {
  if (typeof fact === 'number')
    return Number.isInteger(fact) && Math.abs(fact) <= NUMBER_MAX ? fact : null
  return typeof fact === 'string' ? readNumber(fact) : null
}

function dateOf(fact: Exclude<FactValue, readonly string[]>): bigint | null {
  if (typeof fact === 'string') return readDate(fact)
  return typeof fact === 'object' ? BigInt(fact.timeMs) * NANOSECONDS_PER_MS : null
}

function truth(isTrue: boolean): Truth {
  return isTrue ? 'TRUE' : 'FALSE'
}

function not(value: Truth): Truth {
  return value === 'UNKNOWN' ? value : truth(value === 'FALSE')
}

/** FALSE wins over UNKNOWN, and UNKNOWN over TRUE. */
export function and(a: Truth, b: Truth): Truth {
  if (a === 'FALSE' || b === 'FALSE') return 'FALSE'
  return a === 'UNKNOWN' || b === 'UNKNOWN' ? 'UNKNOWN' : 'TRUE'
}
