/** The list of secrets, with its search. */
import type { SecretMetadata } from 'stagevault'
import type { Search, TagCount } from '../model/find-secrets.js'
import { SEARCH_ALL, countTags, findSecrets } from '../model/find-secrets.js'
import { tagLabel } from '../model/tag-text.js'
import { button, h, newId, replaceChildren } from './elements.js'

/** More rows than this are asked for by a button, so that thousands do not slow the page down. */
const ROWS_AT_ONCE = 200
const TAGS_SHOWN = 12

export interface ListView {
  readonly element: HTMLElement
  show(
    secrets: readonly SecretMetadata[], damaged: readonly string[], selected: string | null,
  ): void
  /** Puts the cursor into the search field. */
  focus(): void
}

export function createListView(
  { onSelect, onNew }: { readonly onSelect: (name: string) => void; readonly onNew: () => void },
): ListView {
  const searchId = newId('search')
  const input = h('input', {
    type: 'search', id: searchId, autocomplete: 'off', spellcheck: 'false',
    placeholder: 'Name, description or tag',
    oninput: () => { change({ text: input.value }) },
  })
  const tags = h('div', {
    class: 'chips', role: 'group', 'aria-label': 'Only secrets with the tag',
  })
  const rows = h('ul', { class: 'secrets' })
  const count = h('p', { class: 'hint', role: 'status' })
  const loss = h('p', { class: 'notice loss' })
  const more = button('Show more', () => {
    limit += ROWS_AT_ONCE
    render()
  })
  let secrets: readonly SecretMetadata[] = []
  let selected: string | null = null
  let search: Search = SEARCH_ALL
  let limit = ROWS_AT_ONCE

  function change(part: Partial<Search>): void {
    search = { ...search, ...part }
    limit = ROWS_AT_ONCE
    render()
  }

  function render(): void {
    const counts = countTags(secrets)
    if (!counts.some(({ label }) => label === search.tag)) search = { ...search, tag: null }
    const found = findSecrets(secrets, search)
    // The one that is on stays in sight, so that it can be taken off.
    const shown = counts.filter(({ label }, place) => place < TAGS_SHOWN || label === search.tag)
    replaceChildren(tags, ...shown.map(chipOf))
    tags.hidden = counts.length === 0
    replaceChildren(rows, ...found.slice(0, limit).map((secret) => (
      rowOf(secret, secret.secretName === selected, onSelect)
    )))
    more.hidden = found.length <= limit
    count.textContent = countWords(secrets.length, found.length)
  }

  function chipOf({ label, count: often }: TagCount): HTMLElement {
    const isOn = search.tag === label
    return button(`${label} (${often})`, () => { change({ tag: isOn ? null : label }) }, {
      class: 'chip', 'aria-pressed': isOn ? 'true' : 'false', 'data-key': `tag ${label}`,
    })
  }

  return {
    element: h('nav', { class: 'list', 'aria-label': 'Secrets', tabindex: -1 },
      h('div', { class: 'list-head' },
        h('label', { for: searchId }, 'Search'),
        input,
        button('New secret', onNew, { class: 'primary' })),
      loss, tags, count, rows, more),
    show: (next, damaged, name) => {
      if (next === secrets && name === selected) return
      loss.textContent = lossWords(damaged)
      loss.hidden = damaged.length === 0
      secrets = next
      selected = name
      render()
    },
    focus: () => { input.focus() },
  }
}

function rowOf(
  { secretName, description, tags, plannedDeleteTime }: SecretMetadata,
  isSelected: boolean,
  onSelect: (name: string) => void,
): HTMLElement {
  const row = h('button', {
    type: 'button', class: 'secret', 'data-key': `secret ${secretName}`,
    'aria-current': isSelected ? 'true' : null,
    onclick: () => { onSelect(secretName) },
  },
  h('span', { class: 'secret-name' }, secretName),
  plannedDeleteTime === undefined ? null
    : h('span', { class: 'badge badge-warning' }, 'to be deleted'),
  description === '' ? null : h('span', { class: 'secret-about' }, description),
  tags.length === 0 ? null
    : h('span', { class: 'secret-tags' }, tags.map(tagLabel).join(' · ')))
  return h('li', {}, row)
}

function lossWords(damaged: readonly string[]): string {
  return `Damaged, and not to be opened: ${damaged.join(', ')}. The others are not concerned.`
}

function countWords(all: number, found: number): string {
  if (all === 0) return 'There are no secrets yet.'
  const secrets = all === 1 ? '1 secret' : `${all} secrets`
  return found === all ? secrets : `${found} of ${secrets}`
}
