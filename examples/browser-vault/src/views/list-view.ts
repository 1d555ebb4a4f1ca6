/** The list of secrets, with its search. */
import type { SecretMetadata } from 'stagevault'
import type { Search, TagCount } from '../model/find-secrets.js'
import {
  SEARCH_ALL,
  countTags,
  findSecrets,
  foundWords,
  searchThatShows,
} from '../model/find-secrets.js'
import { createActiveFilters } from './active-filters.js'
import { button, h, newId, replaceChildren } from './elements.js'
import { createSecretRows } from './secret-rows.js'

const TAGS_SHOWN = 12

export interface ListView {
  readonly element: HTMLElement
  show(
    secrets: readonly SecretMetadata[],
    damaged: readonly string[],
    selected: string | null,
  ): void
  /** Brings a secret into view that was stored just now, with a search that finds it. */
  reveal(secretName: string): void
  /** Puts the cursor into the search field. */
  focus(): void
  /** Puts the focus on the row of a secret, or on the list where there is none. */
  focusSecret(secretName: string): void
}

export function createListView({
  onSelect,
  onNew,
}: {
  readonly onSelect: (name: string) => void
  readonly onNew: () => void
}): ListView {
  const searchId = newId('search')
  const input = h('input', {
    type: 'search',
    id: searchId,
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'Name, description or tag',
    oninput: () => {
      change({ text: input.value })
    },
  })
  const element = h('nav', { class: 'list', 'aria-label': 'Secrets', tabindex: -1 })
  const tags = h('div', {
    class: 'chips',
    role: 'group',
    'aria-label': 'Only secrets with the tag',
  })
  const filters = createActiveFilters((rest) => {
    input.value = rest.text
    change(rest)
    // Not on the button: with its filter it is gone.
    input.focus()
  })
  const rows = createSecretRows(onSelect)
  const count = h('p', { class: 'hint', role: 'status' })
  const loss = h('p', { class: 'notice loss' })
  let secrets: readonly SecretMetadata[] = []
  let selected: string | null = null
  let search: Search = SEARCH_ALL

  function change(part: Partial<Search>): void {
    search = { ...search, ...part }
    rows.showFewer()
    render()
  }

  function render(): void {
    const counts = countTags(secrets)
    if (!counts.some(({ label }) => label === search.tag)) search = { ...search, tag: null }
    const found = findSecrets(secrets, search)
    // The one that is on stays in sight, so that it can be taken off.
    const shown = counts.filter(({ label }, place) => place < TAGS_SHOWN || label === search.tag)
    replaceChildren(tags, ...shown.map((tag) => chipOf(tag, tag.label === search.tag, change)))
    tags.hidden = counts.length === 0
    rows.show(found, selected)
    filters.show(search)
    count.textContent = foundWords(secrets.length, found.length, search)
  }

  element.append(
    h(
      'div',
      { class: 'list-head' },
      h('label', { for: searchId }, 'Search'),
      input,
      button('New secret', onNew, { class: 'primary' }),
    ),
    loss,
    tags,
    filters.element,
    count,
    ...rows.elements,
  )
  return {
    element,
    show: (next, damaged, name) => {
      if (next === secrets && name === selected) return
      loss.textContent = lossWords(damaged)
      loss.hidden = damaged.length === 0
      secrets = next
      selected = name
      render()
    },
    reveal: (secretName) => {
      search = searchThatShows(secrets, search, secretName)
      if (search.text !== input.value) input.value = search.text
      render()
      rows.rowOf(secretName)?.scrollIntoView({ block: 'nearest' })
    },
    focus: () => {
      input.focus()
    },
    focusSecret: (secretName) => {
      ;(rows.rowOf(secretName) ?? element).focus({ preventScroll: true })
    },
  }
}

function chipOf(
  { label, count }: TagCount,
  isOn: boolean,
  change: (part: Partial<Search>) => void,
): HTMLElement {
  return button(
    `${label} (${count})`,
    () => {
      change({ tag: isOn ? null : label })
    },
    {
      class: 'chip',
      'aria-pressed': isOn ? 'true' : 'false',
      'data-key': `tag ${label}`,
    },
  )
}

function lossWords(damaged: readonly string[]): string {
  return `Damaged, and not to be opened: ${damaged.join(', ')}. The others are not concerned.`
}
