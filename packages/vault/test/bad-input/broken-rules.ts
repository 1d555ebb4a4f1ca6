/** Values of the right type that break a rule of the model. */

import type { BadValue } from './wrong-types.js'
import { CANARY, hostileProxy } from './wrong-types.js'

const broken = (what: string, value: unknown): BadValue => ({
  what,
  value,
  refusal: 'INVALID_PARAMETER',
})

const TEN_MEGABYTES = 'x'.repeat(10 * 1024 * 1024)

/** Text with a lone surrogate: UTF-8 has no bytes for it. */
const ILL_FORMED = ['\ud800', '\udfff', 'x\ud83d', '\ude00x', '\ude00\ud83d']

/** Not in the charset of names, though some look as if they were. */
const NOT_NAMES: readonly (readonly [what: string, text: string])[] = [
  ['a space', CANARY],
  ['a space before', ' v1'],
  ['a space behind', 'v1 '],
  ['a line feed behind', 'v1\n'],
  ['a NUL alone', '\0'],
  ['a NUL behind', 'v1\0'],
  ['a Greek capital Alpha', 'ACSCurrent\u0391'],
  ['a Cyrillic o', 'v\u043e1'],
  ['a full-width letter', '\uff36\uff11'],
  ['a full-width slash', 'a\uff0fb'],
  ['the Kelvin sign', '\u212a'],
  ['a dotless i', '\u0131'],
  ['a composed letter', '\u00e9'],
  ['a decomposed letter', 'e\u0301'],
  ['an Arabic digit', 'v\u0661'],
  ['a bidirectional override', 'v1\u202e1v'],
  ['a zero-width space', 'v\u200b1'],
  ['a byte order mark', '\ufeffv1'],
  ['a soft hyphen', 'v\u00ad1'],
  ['an emoji', 'v1\u{1f511}'],
  ['an exclamation mark, which parts storage keys', 'S!head'],
  ['a quotation mark', 'v1"'],
  ['a tilde', 'v1~'],
  ['a star', 'v*'],
  ['a question mark', 'v?'],
  ['a backslash', 'v\\1'],
  ['a bracket', 'v]'],
  ['a percent sign', 'v%311'],
  ['a colon', 'v:1'],
]

/** Text that is no name of at most `charsMax` characters. */
export function notNames(charsMax: number): readonly BadValue[] {
  return [
    broken('the empty string', ''),
    broken('one character too many', 'x'.repeat(charsMax + 1)),
    broken('ten megabytes', TEN_MEGABYTES),
    ...NOT_NAMES.map(([what, text]) => broken(what, text)),
    ...ILL_FORMED.map((text) => broken('a lone surrogate', text)),
  ]
}

/** Text that is too long or no text at all. */
export function notFreeText(charsMax: number): readonly BadValue[] {
  return [
    broken('one character too many', 'x'.repeat(charsMax + 1)),
    broken('ten megabytes', TEN_MEGABYTES),
    ...ILL_FORMED.map((text) => broken('a lone surrogate', text)),
  ]
}

export function notLabels(): readonly BadValue[] {
  const variants = ['acscurrent', 'ACSCURRENT', 'AcsPrevious', 'acspending', 'ACSpending']
  return [...notNames(64), ...variants.map((text) => broken(`the variant ${text}`, text))]
}

export function notNewNames(): readonly BadValue[] {
  return [...notNames(192), broken('the prefix of managed types', 'acs/x')]
}

export function notTagTexts(isKey: boolean): readonly BadValue[] {
  const anywhere = [
    broken('129 characters', 'x'.repeat(129)),
    broken('ten megabytes', TEN_MEGABYTES),
    ...NOT_NAMES.filter(([, text]) => !/^[A-Za-z0-9/\\_.+=:@-]*$/.test(text)).map(([what, text]) =>
      broken(what, text),
    ),
    ...ILL_FORMED.map((text) => broken('a lone surrogate', text)),
  ]
  const keys = ['', 'aliyun', 'aliyunX', 'acs:', 'acs:x']
  return isKey ? [...anywhere, ...keys.map((text) => broken(`the key "${text}"`, text))] : anywhere
}

/** Text that is none of the few that are known. */
export function notOneOf(known: readonly string[]): readonly BadValue[] {
  const others = [
    '',
    CANARY,
    '__proto__',
    'constructor',
    'toString',
    TEN_MEGABYTES,
    ...known.flatMap((each) => [each.toLowerCase(), each.toUpperCase(), `${each} `, `${each}\0`]),
  ]
  return others
    .filter((text) => !known.includes(text))
    .map((text) => broken(`"${text.slice(0, 20)}"`, text))
}

export function notIntegers(min: number, max: number): readonly BadValue[] {
  const numbers = [
    min - 1,
    max + 1,
    min + 0.5,
    -min,
    0,
    -0,
    NaN,
    Infinity,
    -Infinity,
    2 ** 31,
    2 ** 53,
    1e300,
    Number.MIN_VALUE,
    Number.EPSILON,
  ]
  return numbers.map((value) => broken(`${value}`, value))
}

export function notPageTokens(): readonly BadValue[] {
  const texts = [
    '',
    'after',
    'after:',
    'AFTER:v1',
    ' after:1',
    `after:${CANARY}`,
    'v1',
    'after:!',
    'after:\ud800',
    `after:${'x'.repeat(193)}`,
    TEN_MEGABYTES,
  ]
  return texts.map((text) => broken(`the token "${text.slice(0, 20)}"`, text))
}

export function notValues(bytesMax: number): readonly BadValue[] {
  return [
    broken('the empty string', ''),
    broken('no bytes', new Uint8Array(0)),
    broken('one byte too many', new Uint8Array(bytesMax + 1)),
    broken('one ASCII character too many', 'x'.repeat(bytesMax + 1)),
    broken('too many bytes of UTF-8', '€'.repeat(Math.floor(bytesMax / 3) + 1)),
    broken('ten megabytes of text', TEN_MEGABYTES),
    broken('ten megabytes', new Uint8Array(10 * 1024 * 1024)),
    ...ILL_FORMED.map((text) => broken('a lone surrogate', text)),
  ]
}

/** Arrays that are too short or too long, and such that show something else than they hold. */
export function notLists(good: unknown, min: number, max: number): readonly BadValue[] {
  const filled = (length: number): unknown[] => Array.from({ length }, () => good)
  const throwing = Object.defineProperty(filled(2), 1, {
    get: () => {
      throw new Error(CANARY)
    },
  })
  const lists = [
    broken('one item too many', filled(max + 1)),
    broken('a million items', filled(1_000_000)),
    { what: 'holes alone', value: new Array(2 ** 32 - 1), refusal: 'INVALID_PARAMETER' },
    { what: 'a hole', value: Object.assign(new Array(2), { 1: good }), refusal: 'TypeError' },
    { what: 'a getter that throws', value: throwing, refusal: 'TypeError' },
    { what: 'a proxy whose traps throw', value: hostileProxy(filled(2)), refusal: 'TypeError' },
  ] as const
  return min > 0 ? [...lists, broken('no item', [])] : lists
}
