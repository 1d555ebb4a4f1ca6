/**
 * Tags as people type them: one a line, `key` or `key = value`. Of a key that holds `=` itself, the
 * one between spaces counts, which no key and no value has.
 */
import type { Tag } from 'stagevault'

export function parseTags(text: string): Tag[] {
  const tags = new Map<string, Tag>()
  for (const line of text.split('\n')) {
    const [key = '', ...rest] = line.split(/ = | =$/.test(line) ? / = | =$/ : '=')
    const tagKey = key.trim()
    // Of two lines with one key the later one counts, as it does in the vault.
    if (tagKey !== '') tags.set(tagKey, { tagKey, tagValue: rest.join('=').trim() })
  }
  return [...tags.values()]
}

export function formatTags(tags: readonly Tag[]): string {
  return tags
    .map((tag) =>
      tag.tagValue === '' && tag.tagKey.includes('=') ? `${tag.tagKey} =` : tagLabel(tag),
    )
    .join('\n')
}

/** A tag on one line, as on a chip. */
export function tagLabel({ tagKey, tagValue }: Tag): string {
  return tagValue === '' ? tagKey : `${tagKey} = ${tagValue}`
}

/** What turns one set of tags into another: the tags to set, and the keys to take away. */
export interface TagChange {
  readonly set: readonly Tag[]
  readonly remove: readonly string[]
}

export function changeOfTags(before: readonly Tag[], after: readonly Tag[]): TagChange {
  const valueBefore = new Map(before.map(({ tagKey, tagValue }) => [tagKey, tagValue]))
  const keysAfter = new Set(after.map(({ tagKey }) => tagKey))
  return {
    set: after.filter(({ tagKey, tagValue }) => valueBefore.get(tagKey) !== tagValue),
    remove: before.map(({ tagKey }) => tagKey).filter((key) => !keysAfter.has(key)),
  }
}
