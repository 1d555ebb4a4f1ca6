/** Which secrets the list shows. */
import type { SecretMetadata, Tag } from 'stagevault'
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
    const text = fold([secret.secretName, secret.description, ...labels].join('\n'))
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
    .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1))
}

/** Capital letters and accents make no difference to who searches. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
