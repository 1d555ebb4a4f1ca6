/** Which secrets a list shows, and where its next page begins. */

import { VaultError } from '../errors.js'
import { parseSecretName } from '../names.js'
import type { SecretState } from './secret-state.js'

/** Keys of the cloud API's `Filters` that mean something here. */
export type FilterKey = 'SecretName' | 'Description' | 'TagKey' | 'TagValue' | 'SecretType'

export const FILTER_KEYS: readonly FilterKey[] = [
  'SecretName',
  'Description',
  'TagKey',
  'TagValue',
  'SecretType',
]

/** Values of one filter are ORed, filters are ANDed. */
export interface Filter {
  readonly key: FilterKey
  readonly values: readonly string[]
}

/**
 * Whether a secret passes all filters. Names and descriptions match by part and without regard to
 * case, tags and types as a whole; `RDS` is the cloud's other spelling of `Rds`.
 */
export function matchesFilters(state: SecretState, filters: readonly Filter[]): boolean {
  return filters.every(({ key, values }) => values.some((value) => matches(state, key, value)))
}

function matches(state: SecretState, key: FilterKey, value: string): boolean {
  switch (key) {
    case 'SecretName':
      return contains(state.secretName, value)
    case 'Description':
      return contains(state.description, value)
    case 'TagKey':
      return state.tags.some((tag) => tag.tagKey === value)
    case 'TagValue':
      return state.tags.some((tag) => tag.tagValue === value)
    case 'SecretType':
      return state.secretType === (value === 'RDS' ? 'Rds' : value)
  }
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase())
}

const TOKEN_PREFIX = 'after:'

/** The token of the page behind the row `last`. */
export function formatPageToken(last: string): string {
  return TOKEN_PREFIX + last
}

/**
 * The row that a page begins behind. Tokens stay good while secrets come and go: they name a place
 * in the order, not a row.
 *
 * @throws {@link VaultError} `INVALID_PARAMETER` for what is no token.
 */
export function parsePageToken(token: string): string {
  if (!token.startsWith(TOKEN_PREFIX)) {
    throw new VaultError('INVALID_PARAMETER', 'nextToken is not a token of an earlier page')
  }
  return parseSecretName(token.slice(TOKEN_PREFIX.length))
}
