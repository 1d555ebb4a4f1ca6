/** Which secrets a list shows. */

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
