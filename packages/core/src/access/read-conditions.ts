/**
 * Reading conditions: every value is parsed when the document is set, so that evaluation meets no
 * error of the document (PDOC-6).
 */

import type { ConditionKey } from './condition-keys.js'
import { readConditionKey } from './condition-keys.js'
import type { ComparingCondition, Condition } from './conditions.js'
import type { Operator } from './operators.js'
import { KEY_TYPES, OPERATORS } from './operators.js'
import { objectAt } from './policy-fields.js'
import type { JsonValue } from './policy-json.js'
import { invalidPolicy, pointerTo } from './policy-json.js'
import { readBoolean } from './typed-values.js'

const CONDITIONS_MAX = 16
const VALUES_MAX = 20

/**
 * Reads the conditions of a statement, which stand at `place`.
 *
 * @throws {@link VaultError} `INVALID_PARAMETER`
 */
export function readConditions(value: JsonValue, place: string): readonly Condition[] {
  const conditions: Condition[] = []
  const operators = objectAt(value, place, null)
  for (const [operator, keys] of operators) {
    const operatorPlace = pointerTo(place, operator)
    const members = objectAt(keys, operatorPlace, null)
    if (members.size === 0) throw invalidPolicy(operatorPlace, 'must have a key')
    for (const [key, values] of members) {
      conditions.push(readCondition(operator, operatorPlace, key, values))
    }
  }
  if (conditions.length < 1 || conditions.length > CONDITIONS_MAX) {
    throw invalidPolicy(place, `must have 1 to ${String(CONDITIONS_MAX)} keys in all`)
  }
  return conditions
}

function readCondition(
  operator: string,
  operatorPlace: string,
  keyText: string,
  value: JsonValue,
): Condition {
  const place = pointerTo(operatorPlace, keyText)
  const key = readConditionKey(checkKey(keyText, place))
  const values = valuesAt(value, place)
  const stated = { operator, keyText, key }
  if (operator === 'Null') return { kind: 'null', ...stated, isAbsent: isNull(values, place) }
  const { name, over, ifExists } = readModifiers(operator)
  const found = OPERATORS.get(name)
  if (found === undefined) throw invalidPolicy(operatorPlace, operatorProblem(name))
  checkType(found, key, over, place)
  const comparison = found.compile(values)
  if (typeof comparison === 'number') {
    const valuePlace = Array.isArray(value) ? pointerTo(place, comparison) : place
    throw invalidPolicy(valuePlace, `is no ${found.type} as policies write it`)
  }
  if (found.type === 'boolean' && values.length > 1) {
    throw invalidPolicy(place, 'must have exactly one value')
  }
  return { kind: 'compare', ...stated, comparison, isNegated: found.isNegated, ifExists, over }
}

function readModifiers(
  operator: string,
): Pick<ComparingCondition, 'over' | 'ifExists'> & { readonly name: string } {
  const colon = operator.indexOf(':')
  const set = operator.slice(0, colon + 1)
  const over = set === 'ForAnyValue:' ? 'any' : set === 'ForAllValues:' ? 'all' : null
  const unset = over === null ? operator : operator.slice(colon + 1)
  const ifExists = unset.endsWith('IfExists')
  return { over, ifExists, name: ifExists ? unset.slice(0, -'IfExists'.length) : unset }
}

function operatorProblem(name: string): string {
  return name === 'IpAddressIncludeBorder'
    ? 'unknown operator; IpAddress includes the first and the last address of a block'
    : 'unknown operator'
}

function checkType(
  { type }: Operator,
  key: ConditionKey,
  over: ComparingCondition['over'],
  place: string,
): void {
  if (key.type !== null && !KEY_TYPES[type].includes(key.type)) {
    throw invalidPolicy(place, `the operator does not compare values of this key`)
  }
  if (over !== null && key.type !== 'strings' && key.type !== 'any') {
    throw invalidPolicy(place, 'a set operator needs a key with many values')
  }
}

function checkKey(text: string, place: string): string {
  const isPrintable = Array.from(text).every((character) => character >= ' ' && character <= '~')
  if (text === '' || !isPrintable) throw invalidPolicy(place, 'a key must be printable ASCII')
  if (text.includes('${')) throw invalidPolicy(place, 'variables are not supported')
  return text
}

function isNull(values: readonly string[], place: string): boolean {
  const [value, ...more] = values
  const isAbsent = value === undefined ? null : readBoolean(value)
  if (isAbsent === null || more.length > 0) throw invalidPolicy(place, 'must be "true" or "false"')
  return isAbsent
}

/** One value or a list of 1 to 20. Numbers, dates and booleans are written as strings too. */
function valuesAt(value: JsonValue, place: string): readonly string[] {
  if (!Array.isArray(value)) return [valueAt(value, place)]
  const items = value as readonly JsonValue[]
  if (items.length < 1 || items.length > VALUES_MAX) {
    throw invalidPolicy(place, `must have 1 to ${String(VALUES_MAX)} values`)
  }
  return items.map((item, i) => valueAt(item, pointerTo(place, i)))
}

function valueAt(value: JsonValue, place: string): string {
  if (typeof value !== 'string') throw invalidPolicy(place, 'must be a string')
  if (value.includes('${')) throw invalidPolicy(place, 'variables are not supported')
  for (let i = 0; i < value.length; i++) {
    if (isControl(value.charCodeAt(i))) throw invalidPolicy(place, 'may hold no control characters')
  }
  return value
}

/** C0, DEL and C1. */
function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f)
}
