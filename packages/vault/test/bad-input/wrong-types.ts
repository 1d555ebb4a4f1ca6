/** Values of the wrong JavaScript type, some of which bite when they are touched. */

import { runInNewContext } from 'node:vm'

export type Refusal = 'TypeError' | 'INVALID_PARAMETER'

export interface BadValue {
  /** What a failing test calls it. */
  readonly what: string
  readonly value: unknown
  readonly refusal: Refusal
}

/** Stands in every value that carries text: no message may show it. */
export const CANARY = 'canary 7f3a'

/** How often code of the caller ran that must not run: conversions to text and numbers. */
export interface Tripwire {
  readonly count: () => number
  readonly values: readonly BadValue[]
}

const wrongType = (what: string, value: unknown): BadValue => ({
  what,
  value,
  refusal: 'TypeError',
})

/** An object whose every use fails, `typeof` apart. */
export function hostileProxy(target: object = {}): object {
  const fail = (): never => {
    throw new Error(CANARY)
  }
  const traps = [
    'get',
    'set',
    'has',
    'ownKeys',
    'getOwnPropertyDescriptor',
    'getPrototypeOf',
    'defineProperty',
    'deleteProperty',
    'setPrototypeOf',
    'isExtensible',
    'preventExtensions',
    'apply',
    'construct',
  ]
  return new Proxy(target, Object.fromEntries(traps.map((trap) => [trap, fail])))
}

function revokedProxy(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

/** Objects that pretend to be text or a number, and count how often they are believed. */
export function tripwire(text: string): Tripwire {
  let count = 0
  const counted =
    <T>(result: T) =>
    (): T => {
      count += 1
      return result
    }
  const throwing = (): never => {
    count += 1
    throw new Error(CANARY)
  }
  return {
    count: () => count,
    values: [
      wrongType('an object with toString', { toString: counted(text) }),
      wrongType('an object with valueOf', { valueOf: counted(8) }),
      wrongType('an object with toJSON', { toJSON: counted(text) }),
      wrongType('an object with Symbol.toPrimitive', { [Symbol.toPrimitive]: counted(text) }),
      wrongType('an object whose toString throws', { toString: throwing }),
      wrongType('an object whose Symbol.toPrimitive throws', { [Symbol.toPrimitive]: throwing }),
      wrongType('an array with toString', Object.assign([], { toString: counted(text) })),
      wrongType('a thenable', { then: counted(text) }),
      wrongType(
        'a getter behind Symbol.toStringTag',
        Object.defineProperty({}, Symbol.toStringTag, {
          get: throwing,
        }),
      ),
    ],
  }
}

export const NOT_GIVEN: BadValue = wrongType('undefined', undefined)

/** Numbers of every kind. */
export const NUMBERS: readonly BadValue[] = [0, -0, 1, 8, 7.5, NaN, Infinity, -Infinity].map(
  (value) => wrongType(`the number ${Object.is(value, -0) ? '-0' : value}`, value),
)

export const BOOLEANS: readonly BadValue[] = [true, false].map((value) =>
  wrongType(`${value}`, value),
)

export const STRINGS: readonly BadValue[] = ['', 'true', '8', 'v1', CANARY].map((value) =>
  wrongType(`the string "${value}"`, value),
)

/** What is neither text nor number nor boolean nor object. */
export const PRIMITIVES: readonly BadValue[] = [
  wrongType('null', null),
  wrongType('a bigint', 8n),
  wrongType('a symbol', Symbol(CANARY)),
]

export const FUNCTIONS: readonly BadValue[] = [
  wrongType('a function', () => CANARY),
  wrongType('a class', Map),
  wrongType(
    'a proxy of a function',
    hostileProxy(() => CANARY),
  ),
]

/** Objects that stand for a primitive elsewhere. */
export const BOXED: readonly BadValue[] = [
  wrongType('a boxed string', Object('v1')),
  wrongType('a boxed number', Object(8)),
  wrongType('a boxed boolean', Object(true)),
  wrongType('a boxed bigint', Object(8n)),
  wrongType('a boxed symbol', Object(Symbol(CANARY))),
  wrongType('a boxed string of another realm', runInNewContext('new String("v1")')),
]

export const ARRAYS: readonly BadValue[] = [
  wrongType('an empty array', []),
  wrongType('an array of strings', ['v1']),
  wrongType('an array of another realm', runInNewContext('["v1"]')),
]

/** Objects that are neither plain nor arrays. */
export const EXOTIC: readonly BadValue[] = [
  wrongType('a map', new Map([['v1', CANARY]])),
  wrongType('a set', new Set(['v1'])),
  wrongType('a date', new Date(0)),
  wrongType('a regular expression', /v1/),
  wrongType('a promise', Promise.resolve('v1')),
  wrongType('bytes', Uint8Array.of(118, 49)),
  wrongType('an error', new Error(CANARY)),
]

export const HOSTILE: readonly BadValue[] = [
  wrongType('a proxy whose traps throw', hostileProxy()),
  wrongType('a proxy of an array whose traps throw', hostileProxy([])),
  wrongType('a revoked proxy', revokedProxy({})),
  wrongType('a revoked proxy of an array', revokedProxy([])),
]

export const PLAIN_OBJECTS: readonly BadValue[] = [
  wrongType('an empty object', {}),
  wrongType('an object without a prototype', Object.create(null)),
  wrongType('an array-like', { length: 1, 0: 'v1' }),
]

/** Everything that is no string. */
export const NOT_TEXT: readonly BadValue[] = [
  ...PRIMITIVES,
  ...NUMBERS,
  ...BOOLEANS,
  ...FUNCTIONS,
  ...BOXED,
  ...ARRAYS,
  ...EXOTIC,
  ...HOSTILE,
  ...PLAIN_OBJECTS,
]

export const NOT_A_NUMBER: readonly BadValue[] = [
  ...PRIMITIVES,
  ...STRINGS,
  ...BOOLEANS,
  ...FUNCTIONS,
  ...BOXED,
  ...ARRAYS,
  ...EXOTIC,
  ...HOSTILE,
  ...PLAIN_OBJECTS,
]

export const NOT_A_BOOLEAN: readonly BadValue[] = [
  ...PRIMITIVES,
  ...NUMBERS,
  ...STRINGS,
  ...FUNCTIONS,
  ...BOXED,
  ...ARRAYS,
  ...EXOTIC,
  ...HOSTILE,
  ...PLAIN_OBJECTS,
]

export const NOT_AN_ARRAY: readonly BadValue[] = [
  ...PRIMITIVES,
  ...NUMBERS,
  ...BOOLEANS,
  ...STRINGS,
  ...FUNCTIONS,
  ...BOXED,
  ...EXOTIC,
  ...HOSTILE,
  ...PLAIN_OBJECTS,
]

/** What is no object with properties of the caller's. */
export const NOT_AN_OBJECT: readonly BadValue[] = [
  ...PRIMITIVES,
  ...NUMBERS,
  ...BOOLEANS,
  ...STRINGS,
  ...FUNCTIONS,
  ...ARRAYS,
  ...HOSTILE,
]

/** The same, where nothing but a literal will do. */
export const NOT_A_PLAIN_OBJECT: readonly BadValue[] = [...NOT_AN_OBJECT, ...BOXED, ...EXOTIC]
