/** Which secrets the list shows. */
import type { SecretMetadata, Tag } from 'stagevault'
import { compareNames } from './name-order.js'
import { tagLabel } from './tag-text.js'

/** What of a secret can be searched. */
export type Searchable = Pick<SecretMetadata, 'secretName' | 'description' | 'tags'>

export interface Search {
  /** Words; each has to be found in the name, the description or a tag. */
  readonly text: string
  /** The label of a tag that a secret has to carry, or `null` for any. */
  readonly tag: string | null
}

export const SEARCH_ALL: Search = { text: '', tag: null }

export function findSecrets<T extends Searchable>(secrets: readonly T[], search: Search): T[] {
  const words = fold(search.text)
    .split(/\s+/)
    .filter((word) => word !== '')
  return secrets.filter((secret) => {
    const labels = secret.tags.map(tagLabel)
    if (search.tag !== null && !labels.includes(search.tag)) return false
    const text = fold(
      [secret.secretName, secret.description, ...labels, ...secret.tags.map(tightTag)].join('\n'),
    )
    return words.every((word) => text.includes(word))
  })
}

/** The same search, or all where it would not find that secret. */
export function searchThatShows(
  secrets: readonly Searchable[],
  search: Search,
  secretName: string,
): Search {
  const secret = secrets.filter((each) => each.secretName === secretName)
  return findSecrets(secret, search).length > 0 ? search : SEARCH_ALL
}

export interface TagCount {
  readonly label: string
  readonly count: number
}

/** Every tag there is, those of most secrets first. */
export function countTags(secrets: readonly { readonly tags: readonly Tag[] }[]): TagCount[] {
  const counts = new Map<string, number>()
  for (const label of secrets.flatMap(({ tags }) => tags.map(tagLabel))) {
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return [...counts]
    .map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count || compareNames(a.label, b.label))
}

/** A tag as people type it without blanks. */
function tightTag({ tagKey, tagValue }: Tag): string {
  return `${tagKey}=${tagValue}`
}

/**
 * A text in which case, accents and width make no difference: `É` is `e`, and a full-width letter
 * is the narrow one. Capital letters, since `ß` has two of them and `ς` has the one of `σ`.
 */
function fold(text: string): string {
  const bare = text.normalize('NFKD').replace(/\p{M}/gu, '')
  return bare.toUpperCase().normalize('NFKC')
}

/** One thing that the list is searched for, and the search without it. */
export interface Filter {
  readonly kind: 'text' | 'tag'
  /** What a person typed, or the label of a tag. */
  readonly words: string
  readonly without: Search
}

/** What keeps secrets out of the list. */
export function filtersOf(search: Search): Filter[] {
  const text = search.text.trim()
  const filters: Filter[] = []
  if (text !== '') filters.push({ kind: 'text', words: text, without: { ...search, text: '' } })
  if (search.tag !== null) {
    filters.push({ kind: 'tag', words: search.tag, without: { ...search, tag: null } })
  }
  return filters
}

/** How many secrets the list shows, or which filters together find none. */
export function foundWords(all: number, found: number, search: Search): string {
  if (all === 0) return 'There are no secrets yet.'
  const secrets = all === 1 ? '1 secret' : `${all} secrets`
  if (found === all) return secrets
  const filters = filtersOf(search).map(({ kind, words }) =>
    kind === 'text' ? `“${words}”` : `the tag ${words}`,
  )
  return found > 0 ? `${found} of ${secrets}` : `No secret has ${filters.join(' and ')}.`
}
