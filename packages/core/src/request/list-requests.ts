/** Requests for lists. */

import type { ArnScope } from '../arn.js'
import {
  FILTERS_MAX,
  FILTER_VALUES_MAX,
  FILTER_VALUE_CHARS_MAX,
  PAGE_SIZE_DEFAULT,
  PAGE_SIZE_MAX,
} from '../limits.js'
import type { Filter } from '../model/listing.js'
import { FILTER_KEYS, parseSecretToken, parseVersionToken } from '../model/listing.js'
import { parseSecretName } from '../names.js'
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
  secretNameOf,
  text,
} from './request-fields.js'

export interface ListSecrets {
  /** What the names begin with, or the empty string for all. */
  readonly prefix: string
  readonly filters: readonly Filter[]
  readonly pageSize: number
  /** The name that the page begins behind, or `null` for the first page. */
  readonly after: string | null
  readonly signal: AbortSignalLike | null
  /** Whether a damaged secret is a row of its own, and does not end the list. */
  readonly includeErrors: boolean
}

const LIST_FIELDS = ['secretNamePrefix', 'filters', 'pageSize', 'nextToken', 'signal'] as const

export function parseListSecrets(input: unknown): ListSecrets {
  const fields = readFields('listSecrets', input, [...LIST_FIELDS, 'includeErrors'])
  return listFrom(fields, optionalFlag(fields, 'includeErrors'))
}

/** A walk through all secrets has no place for errors: it ends at the first. */
export function parseIterateSecrets(input: unknown): ListSecrets {
  return listFrom(readFields('iterateSecrets', input, LIST_FIELDS), false)
}

function listFrom(fields: Fields, includeErrors: boolean): ListSecrets {
  const prefix = optionalText(fields, 'secretNamePrefix')
  const token = optionalText(fields, 'nextToken')
  const filters = optionalList(fields, 'filters', [0, FILTERS_MAX], parseFilter) ?? []
  requireDistinct(
    'filters',
    filters.map((filter) => filter.key),
  )
  return {
    // Empty, as a search box begins: every name begins so.
    prefix: prefix ? parseSecretName(prefix, 'secretNamePrefix') : '',
    filters,
    pageSize: optionalInteger(fields, 'pageSize', 1, PAGE_SIZE_MAX) ?? PAGE_SIZE_DEFAULT,
    after: token === null ? null : parseSecretToken(token),
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

export function parseListVersions(input: unknown, scope: ArnScope): ListSecretVersionIds {
  const fields = readFields('listSecretVersionIds', input, [
    'secretName',
    'includeDeprecated',
    'pageSize',
    'nextToken',
    'signal',
  ])
  const token = optionalText(fields, 'nextToken')
  return {
    secretName: secretNameOf(fields, scope),
    includeDeprecated: optionalFlag(fields, 'includeDeprecated'),
    pageSize: optionalInteger(fields, 'pageSize', 1, PAGE_SIZE_MAX) ?? PAGE_SIZE_DEFAULT,
    after: token === null ? 0 : parseVersionToken(token),
    signal: optionalSignal(fields),
  }
}
