/** The row of cards as something that scrolls sideways, and never takes the page with it. */
import { h } from './elements.js'

export interface VersionScroll {
  readonly element: HTMLElement
  /** Brings a card into sight. */
  show(versionId: string): void
  /** Whether all of a card is in sight. */
  shows(versionId: string): boolean
  /** Scrolls by a frame where a flag is held at an edge: `x` is in CSS pixels of the window. */
  scrollAt(x: number): void
}

/** How close to an edge that is: CSS pixels. As much is shown of the neighbours of a card. */
const EDGE_PIXELS = 48
const FRAME_PIXELS = 8

/**
 * @param cards - elements with `data-version`
 * @param widthChanged - called when there is another width to show cards in, at first too
 */
export function createVersionScroll(cards: HTMLElement, widthChanged: () => void): VersionScroll {
  const scroll = h(
    'div',
    {
      class: 'version-scroll',
      role: 'group',
      'aria-label': 'Version history',
    },
    cards,
  )
  const element = h('div', { class: 'version-frame' }, scroll)
  let width = 0

  function markEdges(): void {
    const hidden = scroll.scrollWidth - scroll.clientWidth
    element.classList.toggle('version-more-before', scroll.scrollLeft > 1)
    element.classList.toggle('version-more-after', scroll.scrollLeft < hidden - 1)
    // A stop for the Tab key where there is something to scroll; the focus is not taken away.
    if (hidden > 1) scroll.tabIndex = 0
    else if (document.activeElement !== scroll) scroll.removeAttribute('tabindex')
  }

  const sizes = new ResizeObserver(() => {
    if (scroll.clientWidth !== width) {
      width = scroll.clientWidth
      widthChanged()
    }
    markEdges()
  })
  sizes.observe(scroll)
  sizes.observe(cards)
  scroll.addEventListener('scroll', markEdges, { passive: true })

  function cardOf(versionId: string): HTMLElement | undefined {
    return [...cards.querySelectorAll<HTMLElement>('[data-version]')].find(
      ({ dataset }) => dataset['version'] === versionId,
    )
  }

  return {
    element,
    show: (versionId) => {
      const card = cardOf(versionId)
      if (card !== undefined) scroll.scrollLeft += wayInto(scroll, card)
    },
    shows: (versionId) => {
      const card = cardOf(versionId)?.getBoundingClientRect()
      const { left, right } = scroll.getBoundingClientRect()
      return card !== undefined && card.left >= left && card.right <= right
    },
    scrollAt: (x) => {
      const { left, right } = scroll.getBoundingClientRect()
      if (x < left + EDGE_PIXELS) scroll.scrollLeft -= FRAME_PIXELS
      if (x > right - EDGE_PIXELS) scroll.scrollLeft += FRAME_PIXELS
    },
  }
}

/** The shortest way that brings a card into sight with the edges of its neighbours. */
function wayInto(scroll: HTMLElement, card: HTMLElement): number {
  const outer = scroll.getBoundingClientRect()
  const inner = card.getBoundingClientRect()
  const peek = Math.max(0, Math.min(EDGE_PIXELS, (outer.width - inner.width) / 2))
  const before = inner.left - peek - outer.left
  const after = inner.right + peek - outer.right
  return before < 0 ? before : Math.max(0, after)
}
