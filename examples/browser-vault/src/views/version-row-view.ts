/** The picture of a secret's versions, in which labels are moved by drag, by click or by keys. */
import type { VersionRow } from '../model/version-row.js'
import { inOrderOfCreation, whyNotThere } from '../model/version-row.js'
import { h, newId, replaceChildren } from './elements.js'
import type { FlagDragging } from './flag-drag.js'
import type { FlagRequests } from './flag-moves.js'
import { createFlagMoves } from './flag-moves.js'
import type { CardContext } from './version-card.js'
import { evictedCard, versionCard } from './version-card.js'
import { createVersionScroll } from './version-scroll.js'

export interface VersionRowRequests extends FlagRequests {
  readonly onSelect: (versionId: string) => void
  readonly onRemove: (label: string, from: string) => void
}

export interface VersionRowView {
  readonly element: HTMLElement
  /**
   * @param subject - tells one secret from another
   * @param isAtRest - whether the vault refuses everything that could be done here
   */
  show(row: VersionRow, selected: string, subject: string, isAtRest: boolean): void
}

export function createVersionRowView(requests: VersionRowRequests): VersionRowView {
  const hint = createHint()
  const cards = h('ol', { class: 'versions', 'aria-label': 'Versions, oldest first' })
  const scroll = createVersionScroll(cards, () => {
    scroll.show(selected)
  })
  let row: VersionRow = { cards: [], evicted: [], room: 0 }
  let selected = ''
  let subject = ''
  let isAtRest = false
  /** While a flag is dragged, its element has to stay. */
  let isDragging = false
  const moves = createFlagMoves(requests, (lookAt) => {
    if (isDragging) return
    render()
    if (lookAt !== null) scroll.show(lookAt)
  })

  function render(): void {
    const { onSelect, onRemove } = requests
    const context: CardContext = {
      row,
      selected,
      moves,
      hintId: hint.id,
      isAtRest,
      onSelect,
      onRemove,
      dragging,
    }
    replaceChildren(
      cards,
      ...inOrderOfCreation(row).map((each) =>
        'isEvicted' in each ? evictedCard(each) : versionCard(each, context),
      ),
    )
  }

  function dragging(label: string): FlagDragging {
    return {
      onStart: () => {
        isDragging = true
      },
      onOver: (versionId, x) => {
        markTarget(
          cards,
          versionId !== null && whyNotThere(row, label, versionId) === null ? versionId : null,
        )
        scroll.scrollAt(x)
      },
      onDrop: (versionId) => {
        isDragging = false
        moves.put(label, versionId)
      },
      onCancel: () => {
        isDragging = false
        render()
      },
    }
  }

  return {
    element: h('div', { class: 'version-picture' }, scroll.element, hint),
    show: (next, versionId, secret, isNextAtRest) => {
      const isSameSecret = secret === subject
      const isOther = versionId !== selected || !isSameSecret
      row = next
      selected = versionId
      subject = secret
      isAtRest = isNextAtRest
      hint.hidden = isAtRest
      moves.changeRow(row, isSameSecret && !isAtRest)
      if (isDragging && isSameSecret && !isAtRest) return
      isDragging = false
      const before = focusedVersion(cards)
      const wasInSight = scroll.shows(versionId)
      render()
      const after = focusedVersion(cards)
      // The focus went along with its flag.
      if (!isOther && after !== null && after !== before) scroll.show(after)
      else if (isOther || wasInSight) scroll.show(versionId)
    },
  }
}

/** How flags are moved, with each kind of input: the styles show one of them. */
function createHint(): HTMLElement {
  return h(
    'p',
    { class: 'hint', id: newId('flags') },
    h(
      'span',
      { class: 'by-mouse' },
      'Drag a label to another version, or press it: the arrow keys ' +
        'choose a version, Enter puts the label there, Escape leaves it where it was.',
    ),
    h(
      'span',
      { class: 'by-touch' },
      'Drag a label to another version, or tap it, and then ' +
        '“Put it here” on a version. Tap it once more to leave it where it was.',
    ),
  )
}

/** Where the flag would go, on the cards that are there. */
function markTarget(cards: HTMLElement, over: string | null): void {
  for (const card of cards.querySelectorAll<HTMLElement>('[data-version]')) {
    card.classList.toggle('version-target', card.dataset['version'] === over)
  }
}

function focusedVersion(cards: HTMLElement): string | null {
  const card = document.activeElement?.closest<HTMLElement>('[data-version]') ?? null
  return card !== null && cards.contains(card) ? (card.dataset['version'] ?? null) : null
}
