/**
 * Reading the options objects that callers pass: each property once, before anything else, so that
 * getters, proxies and later changes cannot show one value to the check and another to the use.
 *
 * A value of the wrong JavaScript type is a `TypeError`; one of the right type that breaks a rule
 * is `INVALID_PARAMETER`. Neither quotes what was passed.
 */

import type { ArnScope } from '../arn.js'
import { parseNameOrArn } from '../arn.js'
import { VaultError } from '../errors.js'
import { encodeText } from '../text.js'

/** The properties of one request, read and frozen in time. */
export interface Fields {
  /** The property, or `undefined` where it was not given. */
  get(name: string): unknown
}

/**
 * Reads the properties of `input` that `operation` knows. Others are refused: a misspelt option
 * that is ignored would do something else than its author meant.
 */
export function readFields(operation: string, input: unknown, known: readonly string[]): Fields {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new TypeError(`${operation} takes one options object`)
  }
  let values: readonly unknown[]
  let isKnown: boolean
  try {
    isKnown = Object.keys(input).every((name) => known.includes(name))
    values = known.map((name) => property(input, name))
  } catch {
    // Not passed on as `cause`: an error of the caller's getter may hold anything.
    throw new TypeError(`the options of ${operation} could not be read`)
  }
  if (!isKnown) {
    const list = known.join(', ')
    throw new VaultError(
      'INVALID_PARAMETER',
      `${operation} was given an option it does not have; its options are ${list}`,
    )
  }
  return { get: (name) => values[known.indexOf(name)] }
}

/** Inherited options count, but not from `Object.prototype`: the caller did not set those. */
function property(input: object, name: string): unknown {
  if (name in Object.prototype && !Object.hasOwn(input, name)) return undefined
  return (input as Record<string, unknown>)[name]
}

/** A string that must be given. */
export function text(fields: Fields, name: string): string {
  return asText(name, fields.get(name))
}

/** A string, or `null` where none is given. */
export function optionalText(fields: Fields, name: string): string | null {
  const value = fields.get(name)
  return value === undefined ? null : asText(name, value)
}

export function asText(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw new TypeError(`${name} must be a string`)
}

/** A string of at most `charsMax` UTF-16 units without lone surrogates, or `null`. */
export function optionalBoundedText(fields: Fields, name: string, charsMax: number): string | null {
  const value = optionalText(fields, name)
  if (value === null) return null
  if (value.length > charsMax) {
    throw invalid(`${name} may have at most ${String(charsMax)} characters`)
  }
  encodeText(name, value)
  return value
}

/** A boolean, or `fallback` where none is given. */
export function optionalFlag(fields: Fields, name: string, fallback = false): boolean {
  const value = fields.get(name)
  if (value === undefined) return fallback
  if (typeof value === 'boolean') return value
  throw new TypeError(`${name} must be a boolean`)
}

/** An integer from `min` to `max`, or `null` where none is given. */
export function optionalInteger(
  fields: Fields,
  name: string,
  min: number,
  max: number,
): number | null {
  const value = fields.get(name)
  if (value === undefined) return null
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number`)
  if (!Number.isInteger(value) || value < min || value > max) {
    throw invalid(`${name} must be an integer from ${String(min)} to ${String(max)}`)
  }
  return value
}

/**
 * A copy of an array of `min` to `max` items, each read once and parsed by `parse`, or `null`
 * where none is given.
 */
export function optionalList<T>(
  fields: Fields,
  name: string,
  [min, max]: readonly [number, number],
  parse: (item: unknown) => T,
): T[] | null {
  const value = fields.get(name)
  if (value === undefined) return null
  if (!Array.isArray(value)) throw new TypeError(`${name} must be an array`)
  const items: unknown[] = []
  try {
    // One more than allowed shows the excess: a huge array is not copied to be refused. Item by
    // item, into an array of our own: a subclass decides what its `slice` and `map` give.
    const { length } = value
    for (let i = 0; i < length && i <= max; i++) items.push(value[i])
  } catch {
    throw new TypeError(`${name} could not be read`)
  }
  if (items.length < min || items.length > max) {
    throw invalid(`${name} must have ${String(min)} to ${String(max)} items`)
  }
  return items.map(parse)
}

/** A list that must be given. */
export function list<T>(
  fields: Fields,
  name: string,
  range: readonly [number, number],
  parse: (item: unknown) => T,
): T[] {
  const items = optionalList(fields, name, range, parse)
  if (items === null) throw new TypeError(`${name} must be an array`)
  return items
}

/** Whether a value has these methods; one that cannot be asked has none. */
export function hasMethods<T>(value: T, methods: readonly (keyof T & string)[]): boolean {
  if (typeof value !== 'object' || value === null) return false
  try {
    return methods.every((method) => typeof value[method] === 'function')
  } catch {
    return false
  }
}

/** An `AbortSignal` or nothing; recognised by what it does, as signals of other realms are. */
export function optionalSignal(fields: Fields): AbortSignalLike | null {
  const value = fields.get('signal')
  if (value === undefined) return null
  if (isSignal(value)) return value
  throw new TypeError('signal must be an AbortSignal')
}

function isSignal(value: unknown): value is AbortSignalLike {
  const signal = value as AbortSignalLike
  if (!hasMethods(signal, ['throwIfAborted', 'addEventListener', 'removeEventListener'])) {
    return false
  }
  try {
    return typeof signal.aborted === 'boolean'
  } catch {
    return false
  }
}

/** The part of `AbortSignal` that loops and queues need. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** A request that names one secret. */
export interface SecretRequest {
  readonly secretName: string
  readonly signal: AbortSignalLike | null
}

/** The secret's name from `secretName`, which may be the ARN. */
export function secretNameOf(fields: Fields, scope: ArnScope): string {
  return parseNameOrArn(scope, text(fields, 'secretName'))
}

export function invalid(message: string): VaultError {
  return new VaultError('INVALID_PARAMETER', message)
}

/** Refuses repeats in a list of names. */
export function requireDistinct(name: string, items: readonly string[]): void {
  if (new Set(items).size !== items.length) throw invalid(`${name} holds one item twice`)
}
