/** The operators of conditions: their types, and how their values are compiled (PDOC-6). */

import type { KeyType } from './condition-keys.js'
import type { Comparison, Order } from './conditions.js'
import { readIpBlock } from './ip-address.js'
import { readBoolean, readDate, readNumber } from './typed-values.js'
import { compilePattern, foldCase } from './wildcards.js'

/** What an operator compares, and whether it is the negation of another. */
export interface Operator {
  readonly type: Comparison['type']
  readonly isNegated: boolean
  readonly compile: (values: readonly string[]) => Compiled
}

/** A comparison, or the index of the first value that is not of the operator's type. */
type Compiled = Comparison | number

const ORDERS: readonly (readonly [string, Order])[] = [
  ['LessThan', { less: true, equal: false, greater: false }],
  ['LessThanEquals', { less: true, equal: true, greater: false }],
  ['GreaterThan', { less: false, equal: false, greater: true }],
  ['GreaterThanEquals', { less: false, equal: true, greater: true }],
]

const EQUAL: Order = { less: false, equal: true, greater: false }

/** An operator and its negation, which has `Not` before the comparison. */
function pair(
  prefix: string,
  comparison: string,
  type: Comparison['type'],
  compile: Operator['compile'],
): readonly (readonly [string, Operator])[] {
  return [
    [`${prefix}${comparison}`, { type, isNegated: false, compile }],
    [`${prefix}Not${comparison}`, { type, isNegated: true, compile }],
  ]
}

/** The six operators of a type that has an order. */
function ordered<T>(
  prefix: string,
  type: 'number' | 'date',
  read: (text: string) => T | null,
  compare: (order: Order, values: readonly T[]) => Comparison,
): readonly (readonly [string, Operator])[] {
  const compileWith = (order: Order): Operator['compile'] =>
    compileAll(read, (values) => compare(order, values))
  const orders = ORDERS.map(([name, order]): readonly [string, Operator] => [
    `${prefix}${name}`,
    { type, isNegated: false, compile: compileWith(order) },
  ])
  return [...pair(prefix, 'Equals', type, compileWith(EQUAL)), ...orders]
}

function compileAll<T>(
  read: (text: string) => T | null,
  compare: (values: readonly T[]) => Comparison,
): Operator['compile'] {
  return (texts) => {
    const values: T[] = []
    for (const [i, text] of texts.entries()) {
      const value = read(text)
      if (value === null) return i
      values.push(value)
    }
    return compare(values)
  }
}

/** By name, without set prefix and `IfExists`. */
export const OPERATORS: ReadonlyMap<string, Operator> = /* @__PURE__ */ new Map<string, Operator>([
  ...pair('String', 'Equals', 'string', (values) => ({ type: 'string', kind: 'equals', values })),
  ...pair('String', 'EqualsIgnoreCase', 'string', (values) => ({
    type: 'string',
    kind: 'folded',
    values: values.map(foldCase),
  })),
  ...pair('String', 'Like', 'string', (values) => ({
    type: 'string',
    kind: 'like',
    values: values.map(compilePattern),
  })),
  ...ordered('Numeric', 'number', readNumber, (order, values) => ({
    type: 'number',
    order,
    values,
  })),
  ...ordered('Date', 'date', readDate, (order, values) => ({ type: 'date', order, values })),
  [
    'Bool',
    {
      type: 'boolean',
      isNegated: false,
      compile: compileAll(readBoolean, (values) => ({ type: 'boolean', values })),
    },
  ],
  ...pair(
    '',
    'IpAddress',
    'address',
    compileAll(readIpBlock, (values) => ({ type: 'address', values })),
  ),
])

/** The types of keys whose values an operator compares. */
export const KEY_TYPES: Readonly<Record<Comparison['type'], readonly KeyType[]>> = {
  string: ['string', 'strings', 'any'],
  number: ['number', 'any'],
  date: ['date', 'any'],
  boolean: ['boolean', 'any'],
  address: ['address', 'any'],
}
