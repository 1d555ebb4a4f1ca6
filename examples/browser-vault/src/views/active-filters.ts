/** The filters that keep secrets out of the list, each with a button that clears it. */
import type { Filter, Search } from '../model/find-secrets.js'
import { filtersOf } from '../model/find-secrets.js'
import { button, h, replaceChildren } from './elements.js'

export interface ActiveFilters {
  readonly element: HTMLElement
  show(search: Search): void
}

/** @param onClear - given the search without the filter that was cleared */
export function createActiveFilters(onClear: (search: Search) => void): ActiveFilters {
  const list = h('ul', { class: 'filters', 'aria-label': 'Active filters' })

  function itemOf({ kind, words, without }: Filter): HTMLElement {
    const what = kind === 'text' ? 'the search' : 'the tag'
    const clear = button(
      'Clear',
      () => {
        onClear(without)
      },
      { class: 'link', 'aria-label': `Clear ${what} ${words}`, 'data-key': `clear ${kind}` },
    )
    return h(
      'li',
      { class: 'filter' },
      h('span', {}, kind === 'text' ? `Search: ${words}` : `Tag: ${words}`),
      clear,
    )
  }

  return {
    element: list,
    show: (search) => {
      const filters = filtersOf(search)
      replaceChildren(list, ...filters.map(itemOf))
      list.hidden = filters.length === 0
    },
  }
}
