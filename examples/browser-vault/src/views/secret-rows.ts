/** The rows of the list, of which there may be thousands. */
import type { SecretMetadata } from 'stagevault'
import { tagLabel } from '../model/tag-text.js'
import { button, h, replaceChildren } from './elements.js'

/** More rows than this are asked for by a button, so that thousands do not slow the page down. */
const ROWS_AT_ONCE = 200

export interface SecretRows {
  readonly elements: readonly HTMLElement[]
  /** The one that is chosen is among those that are seen, wherever it stands. */
  show(secrets: readonly SecretMetadata[], selected: string | null): void
  /** As many as at first. */
  showFewer(): void
  rowOf(secretName: string): HTMLElement | undefined
}

export function createSecretRows(onSelect: (name: string) => void): SecretRows {
  const rows = h('ul', { class: 'secrets' })
  const more = button('Show more', () => {
    const before = limit
    limit += ROWS_AT_ONCE
    render()
    rows.children[before]?.querySelector('button')?.focus()
  })
  let secrets: readonly SecretMetadata[] = []
  let selected: string | null = null
  let limit = ROWS_AT_ONCE

  function render(): void {
    const seen = secrets.filter(({ secretName }, place) => place < limit || secretName === selected)
    replaceChildren(
      rows,
      ...seen.map((secret) => secretRow(secret, secret.secretName === selected, onSelect)),
    )
    more.hidden = seen.length === secrets.length
  }

  return {
    elements: [rows, more],
    show: (next, name) => {
      secrets = next
      selected = name
      render()
    },
    showFewer: () => {
      limit = ROWS_AT_ONCE
    },
    rowOf: (secretName) =>
      [...rows.querySelectorAll('button')].find(
        ({ dataset }) => dataset['key'] === `secret ${secretName}`,
      ),
  }
}

function secretRow(
  { secretName, description, tags, plannedDeleteTime }: SecretMetadata,
  isSelected: boolean,
  onSelect: (name: string) => void,
): HTMLElement {
  const row = h(
    'button',
    {
      type: 'button',
      class: 'secret',
      'data-key': `secret ${secretName}`,
      'aria-current': isSelected ? 'true' : null,
      onclick: () => {
        onSelect(secretName)
      },
    },
    h('span', { class: 'secret-name' }, secretName),
    plannedDeleteTime === undefined
      ? null
      : h('span', { class: 'badge badge-warning' }, 'to be deleted'),
    description === '' ? null : h('span', { class: 'secret-about' }, description),
    tags.length === 0 ? null : h('span', { class: 'secret-tags' }, tags.map(tagLabel).join(' · ')),
  )
  return h('li', {}, row)
}
