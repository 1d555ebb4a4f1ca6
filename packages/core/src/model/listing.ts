/**
 * Lists: which secrets a list shows, and where its next page begins. A page token names a place in
 * the order, not a row: it stays valid while rows come and go.
 */

import { VaultError } from '../errors.js'
import { parseAccessName, parseSecretName } from '../names.js'
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
  /** What is compared. */
  readonly key: FilterKey
  /** 1 to 10 texts of at most 2,048 characters, of which one must match. */
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
const VERSION_TOKEN = /^after:([1-9][0-9]{0,9})$/

/** The token of the page behind this row: a name, or a version's number. */
export function formatPageToken(last: string | number): string {
  return TOKEN_PREFIX + String(last)
}

/** The name that a page of secrets begins behind. @throws {@link VaultError} `INVALID_PARAMETER` */
export function parseSecretToken(token: string): string {
  if (!token.startsWith(TOKEN_PREFIX)) throw invalidToken()
  return parseSecretName(token.slice(TOKEN_PREFIX.length), 'the name in nextToken')
}

/** The name that a page of users, roles, groups or policies begins behind. */
export function parseAccessToken(token: string): string {
  if (!token.startsWith(TOKEN_PREFIX)) throw invalidToken()
  return parseAccessName('the name in nextToken', token.slice(TOKEN_PREFIX.length))
}

/** The number that a page of versions begins behind. @throws as {@link parseSecretToken} */
export function parseVersionToken(token: string): number {
  const number = VERSION_TOKEN.exec(token)?.[1]
  if (number === undefined) throw invalidToken()
  return Number(number)
}

function invalidToken(): VaultError {
  return new VaultError('INVALID_PARAMETER', 'nextToken is not a token of an earlier page')
}
