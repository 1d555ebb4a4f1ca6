/** How the parameters of requests are described, and those that several operations share. */

import type { Vault } from 'stagevault'
import {
  notFreeText,
  notLabels,
  notLists,
  notNames,
  notOneOf,
  notTagTexts,
  notValues,
} from './broken-rules.js'
import type { BadValue } from './wrong-types.js'
import {
  NOT_AN_ARRAY,
  NOT_AN_OBJECT,
  NOT_A_PLAIN_OBJECT,
  NOT_GIVEN,
  NOT_TEXT,
} from './wrong-types.js'

export type Request = Readonly<Record<string, unknown>>

export interface Parameter {
  /** Where it stands in the request, such as `tags[].tagKey`. */
  readonly name: string
  readonly bad: readonly BadValue[]
  /** The operation's request with this value for the parameter. */
  readonly request: (value: unknown) => Request
}

export interface Operation {
  readonly name: Exclude<keyof Vault, symbol>
  /** A request that succeeds on a secret `S` with versions `v1` and current `v2`, of value `2`. */
  readonly good: Request
  readonly parameters: readonly Parameter[]
}

export const NAMES = [...NOT_TEXT, ...notNames(192)]
export const IDS = [...NOT_TEXT, ...notNames(64)]
export const LABELS = [...NOT_TEXT, ...notLabels()]
const NOT_BYTES = NOT_TEXT.filter(({ what }) => what !== 'bytes')

/** A parameter that stands in the request itself. */
export const plain = (
  good: Request,
  name: string,
  bad: readonly BadValue[],
  isRequired = false,
): Parameter => ({
  name,
  bad: isRequired ? [NOT_GIVEN, ...bad] : bad,
  request: (value) => ({ ...good, [name]: value }),
})

/** A parameter that stands within another. */
export const nested = (
  good: Request,
  name: string,
  bad: readonly BadValue[],
  place: (value: unknown) => Request,
): Parameter => ({ name, bad, request: (value) => ({ ...good, ...place(value) }) })

export const S = { secretName: 'S' }
export const TAG = { tagKey: 'k', tagValue: 'v' }

export const secretName = (good: Request): Parameter => plain(good, 'secretName', NAMES, true)

export function valueParameters(good: Request): Parameter[] {
  return [
    plain(good, 'secretData', [...NOT_BYTES, ...notValues(30_720)], true),
    plain(good, 'secretDataType', [...NOT_TEXT, ...notOneOf(['text'])]),
    plain(good, 'versionId', IDS),
  ]
}

export function tagParameters(good: Request, min: number): Parameter[] {
  const withTag = (tag: Request) => ({ tags: [TAG, { ...TAG, tagKey: 'other', ...tag }] })
  return [
    plain(good, 'tags', [...NOT_AN_ARRAY, ...notLists(TAG, min, 20)], min > 0),
    nested(good, 'tags[]', [NOT_GIVEN, ...NOT_AN_OBJECT], (tag) => ({ tags: [TAG, tag] })),
    nested(good, 'tags[].tagKey', [NOT_GIVEN, ...NOT_TEXT, ...notTagTexts(true)], (tagKey) =>
      withTag({ tagKey }),
    ),
    nested(good, 'tags[].tagValue', [NOT_GIVEN, ...NOT_TEXT, ...notTagTexts(false)], (tagValue) =>
      withTag({ tagValue }),
    ),
    nested(
      good,
      'tags, of which one is given twice',
      [{ what: 'twice', value: TAG, refusal: 'INVALID_PARAMETER' }],
      (tag) => ({ tags: [TAG, tag] }),
    ),
    nested(
      good,
      'tags[].unknown',
      NOT_TEXT.map((each) => ({
        ...each,
        refusal: 'INVALID_PARAMETER',
      })),
      (unknown) => withTag({ unknown }),
    ),
  ]
}

export function pairParameters(
  good: Request,
  name: string,
  place: (pairs: unknown) => Request,
): Parameter[] {
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`k${i}`, 'v']))
  const tooMany: BadValue = { what: '11 pairs', value: many, refusal: 'INVALID_PARAMETER' }
  const throwing = Object.defineProperty({}, 'k', {
    enumerable: true,
    get: () => {
      throw new Error('canary 7f3a')
    },
  })
  const bad = { what: 'a getter that throws', value: throwing, refusal: 'TypeError' } as const
  return [
    nested(good, name, [...NOT_A_PLAIN_OBJECT, tooMany, bad], place),
    nested(good, `${name}.value`, [NOT_GIVEN, ...NOT_TEXT, ...notFreeText(1024)], (value) =>
      place({ k: value }),
    ),
    nested(good, `${name}, a key of it`, notFreeText(1024), (key) => place({ [String(key)]: 'v' })),
  ]
}
