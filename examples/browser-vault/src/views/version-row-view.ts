/** The picture of a secret's versions, in which labels are moved by drag, by click or by keys. */
import type { VersionRow } from '../model/version-row.js'
import { whyNotThere } from '../model/version-row.js'
import { h, newId, replaceChildren } from './elements.js'
import type { FlagDragging } from './flag-drag.js'
import type { FlagRequests } from './flag-moves.js'
import { createFlagMoves } from './flag-moves.js'
import type { CardContext } from './version-card.js'
import { evictedCard, versionCard } from './version-card.js'

export interface VersionRowRequests extends FlagRequests {
  readonly onSelect: (versionId: string) => void
  readonly onRemove: (label: string, from: string) => void
}

export interface VersionRowView {
  readonly element: HTMLElement
  /** @param subject - tells one secret from another */
  show(row: VersionRow, selected: string, subject: string): void
}

const HINT = 'Drag a label to another version, or press it: the arrow keys choose a version, Enter '
  + 'puts the label there, Escape leaves it where it was.'

export function createVersionRowView(requests: VersionRowRequests): VersionRowView {
  const hintId = newId('flags')
  const cards = h('ol', { class: 'versions', 'aria-label': 'Versions, oldest first' })
  const scroll = h('div', {
    class: 'version-scroll', tabindex: 0, role: 'group', 'aria-label': 'Version history',
  }, cards)
  let row: VersionRow = { cards: [], evicted: [], room: 0 }
  let selected = ''
  let subject = ''
  /** While a flag is dragged, its element has to stay. */
  let isDragging = false
  const moves = createFlagMoves(requests, () => {
    if (isDragging) return
    render()
    const over = moves.picked()?.over
    if (over !== undefined) showCard(scroll, over)
  })

  function render(): void {
    const { onSelect, onRemove } = requests
    const context: CardContext = {
      row, selected, moves, hintId, onSelect, onRemove, dragging,
    }
    replaceChildren(cards, ...row.evicted.map(evictedCard),
      ...row.cards.map((card) => versionCard(card, context)))
  }

  function dragging(label: string): FlagDragging {
    return {
      onStart: () => { isDragging = true },
      onOver: (versionId, x) => {
        markTarget(cards, versionId !== null && whyNotThere(row, label, versionId) === null
          ? versionId : null)
        scrollTowards(scroll, x)
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
    element: h('div', { class: 'version-picture' },
      scroll, h('p', { class: 'hint', id: hintId }, HINT)),
    show: (next, versionId, secret) => {
      const isSameSecret = secret === subject
      const isOther = versionId !== selected || !isSameSecret
      row = next
      selected = versionId
      subject = secret
      moves.changeRow(row, isSameSecret)
      if (isDragging && isSameSecret) return
      isDragging = false
      render()
      if (isOther) showCard(scroll, versionId)
    },
  }
}

/** Where the flag would go, on the cards that are there. */
function markTarget(cards: HTMLElement, over: string | null): void {
  for (const card of cards.querySelectorAll<HTMLElement>('[data-version]')) {
    card.classList.toggle('version-target', card.dataset['version'] === over)
  }
}

/** How close to an edge of the row a flag makes it scroll, and by how much a frame: CSS pixels. */
const EDGE_PIXELS = 48
const SCROLL_PIXELS = 8

function scrollTowards(scroll: HTMLElement, x: number): void {
  const { left, right } = scroll.getBoundingClientRect()
  if (x < left + EDGE_PIXELS) scroll.scrollLeft -= SCROLL_PIXELS
  if (x > right - EDGE_PIXELS) scroll.scrollLeft += SCROLL_PIXELS
}

/** Sideways only: the page stays where it is. */
function showCard(scroll: HTMLElement, versionId: string): void {
  const cards = [...scroll.querySelectorAll<HTMLElement>('[data-version]')]
  const card = cards.find(({ dataset }) => dataset['version'] === versionId)
  if (card === undefined) return
  const outer = scroll.getBoundingClientRect()
  const inner = card.getBoundingClientRect()
  scroll.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2)
}
