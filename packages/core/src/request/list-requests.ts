/** Requests for lists. */

import type { ArnScope } from '../arn.js'
import { parseNameOrArn } from '../arn.js'
import {
  FILTERS_MAX,
  FILTER_VALUES_MAX,
  FILTER_VALUE_CHARS_MAX,
  PAGE_SIZE_DEFAULT,
  PAGE_SIZE_MAX,
} from '../limits.js'
import type { Filter } from '../model/list-filter.js'
import { FILTER_KEYS, parsePageToken } from '../model/list-filter.js'
import type { AbortSignalLike, Fields } from './request-fields.js'
import {
  asText,
  invalid,
  list,
  optionalFlag,
  optionalInteger,
  optionalList,
  optionalSignal,
  optionalText,
  readFields,
  requireDistinct,
  text,
} from './request-fields.js'

export interface ListSecrets {
  readonly filters: readonly Filter[]
  readonly pageSize: number
  /** The name that the page begins behind, or `null` for the first page. */
  readonly after: string | null
  readonly signal: AbortSignalLike | null
  /** Whether a damaged secret is a row of its own, and does not end the list. */
  readonly includeErrors: boolean
}

const LIST_FIELDS = ['filters', 'pageSize', 'nextToken', 'signal'] as const

export function parseListSecrets(input: unknown): ListSecrets {
  const fields = readFields('listSecrets', input, [...LIST_FIELDS, 'includeErrors'])
  return listFrom(fields, optionalFlag(fields, 'includeErrors'))
}

/** A walk through all secrets has no place for errors: it ends at the first. */
export function parseIterateSecrets(input: unknown): ListSecrets {
  return listFrom(readFields('iterateSecrets', input, LIST_FIELDS), false)
}

function listFrom(fields: Fields, includeErrors: boolean): ListSecrets {
  const token = optionalText(fields, 'nextToken')
  const filters = optionalList(fields, 'filters', [0, FILTERS_MAX], parseFilter) ?? []
  requireDistinct(
    'filters',
    filters.map((filter) => filter.key),
  )
  return {
    filters,
    pageSize: optionalInteger(fields, 'pageSize', 1, PAGE_SIZE_MAX) ?? PAGE_SIZE_DEFAULT,
    after: token === null ? null : parsePageToken(token),
    signal: optionalSignal(fields),
    includeErrors,
  }
}

function parseFilter(item: unknown): Filter {
  const fields = readFields('a filter', item, ['key', 'values'])
  const name = text(fields, 'key')
  const key = FILTER_KEYS.find((candidate) => candidate === name)
  if (key === undefined) {
    throw invalid(`the key of a filter must be one of ${FILTER_KEYS.join(', ')}`)
  }
  const values = list(fields, 'values', [1, FILTER_VALUES_MAX], (value) => {
    const wanted = asText('a value of a filter', value)
    if (wanted.length <= FILTER_VALUE_CHARS_MAX) return wanted
    const most = String(FILTER_VALUE_CHARS_MAX)
    throw invalid(`a value of a filter may have at most ${most} characters`)
  })
  return { key, values }
}

export interface ListSecretVersionIds {
  readonly secretName: string
  readonly includeDeprecated: boolean
  readonly pageSize: number
  /** The version number that the page begins behind; 0 for the first page. */
  readonly after: number
  readonly signal: AbortSignalLike | null
}

const VERSION_TOKEN = /^after:([1-9][0-9]{0,9})$/

export function parseListVersions(input: unknown, scope: ArnScope): ListSecretVersionIds {
  const fields = readFields('listSecretVersionIds', input, [
    'secretName',
    'includeDeprecated',
    'pageSize',
    'nextToken',
    'signal',
  ])
  const token = optionalText(fields, 'nextToken')
  const match = token === null ? null : VERSION_TOKEN.exec(token)
  if (token !== null && match === null) {
    throw invalid('nextToken is not a token of an earlier page')
  }
  return {
    secretName: parseNameOrArn(scope, text(fields, 'secretName')),
    includeDeprecated: optionalFlag(fields, 'includeDeprecated'),
    pageSize: optionalInteger(fields, 'pageSize', 1, PAGE_SIZE_MAX) ?? PAGE_SIZE_DEFAULT,
    after: Number(match?.[1] ?? 0),
    signal: optionalSignal(fields),
  }
}
