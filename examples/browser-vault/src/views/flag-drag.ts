/** Dragging a flag with mouse, pen or finger. */
import { h } from './elements.js'

/** How far the pointer has to go before it is a drag and no click, in CSS pixels. */
const DRAG_PIXELS = 6

export interface FlagDragging {
  readonly onStart: () => void
  /**
   * Called in every frame, for what scrolls beneath a pointer that stands still.
   *
   * @param versionId - the version that the flag is over, or `null`
   * @param x - where the pointer is, in CSS pixels from the left of the window
   */
  readonly onOver: (versionId: string | null, x: number) => void
  /** The flag is drawn again then: a click that follows must not find the one that was dragged. */
  readonly onDrop: (versionId: string | null) => void
  readonly onCancel: () => void
}

interface Point {
  readonly x: number
  readonly y: number
}

export function makeDraggable(flag: HTMLElement, dragging: FlagDragging): void {
  /** The pointer that is down on the flag: no other drags or drops it. */
  let holder: number | null = null
  let start: Point = { x: 0, y: 0 }
  let drag: Drag | null = null

  function end(how: 'drop' | 'cancel', pointerId: number): void {
    if (pointerId !== holder) return
    holder = null
    drag?.[how]()
    drag = null
  }

  flag.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || holder !== null) return
    holder = event.pointerId
    start = { x: event.clientX, y: event.clientY }
    flag.setPointerCapture(event.pointerId)
  })
  flag.addEventListener('pointermove', ({ clientX: x, clientY: y, pointerId }) => {
    if (pointerId !== holder) return
    if (drag === null && Math.hypot(x - start.x, y - start.y) >= DRAG_PIXELS) {
      drag = startDrag(flag, start, dragging)
    }
    drag?.moveTo({ x, y })
  })
  flag.addEventListener('pointerup', ({ pointerId }) => {
    end('drop', pointerId)
  })
  flag.addEventListener('pointercancel', ({ pointerId }) => {
    end('cancel', pointerId)
  })
}

/** One drag, from where it is one to its end. */
interface Drag {
  readonly moveTo: (at: Point) => void
  readonly drop: () => void
  readonly cancel: () => void
}

function startDrag(flag: HTMLElement, start: Point, dragging: FlagDragging): Drag {
  const { left, top, width, height } = flag.getBoundingClientRect()
  const hole = h('span', { class: 'flag-hole' })
  /** Where on the flag the pointer holds it. */
  const grip = { x: start.x - left, y: start.y - top }
  let pointer = start
  let isOver = false

  /** The flag stays under the pointer when something scrolls. */
  function follow(): void {
    if (isOver) return
    // Taken out of the page, of which the pointer does not tell.
    if (!flag.isConnected) {
      cancel()
      return
    }
    dragging.onOver(versionAt(pointer), pointer.x)
    place(flag, { x: pointer.x - grip.x, y: pointer.y - grip.y })
    requestAnimationFrame(follow)
  }

  function finish(tell: () => void): void {
    if (isOver) return
    isOver = true
    flag.classList.remove('flag-dragged')
    flag.style.transform = ''
    flag.style.width = ''
    hole.remove()
    document.removeEventListener('keydown', onKey, { capture: true })
    tell()
  }

  function cancel(): void {
    finish(dragging.onCancel)
  }

  /** During a drag, Escape is the only key with a meaning. */
  function onKey(event: KeyboardEvent): void {
    event.stopImmediatePropagation()
    if (event.key !== 'Escape') return
    event.preventDefault()
    cancel()
  }

  // The flag leaves the row, whose edges would cut it off, and the cards stay where they are.
  hole.style.width = `${width}px`
  hole.style.height = `${height}px`
  flag.style.width = `${width}px`
  flag.before(hole)
  flag.classList.add('flag-dragged')
  document.addEventListener('keydown', onKey, { capture: true })
  dragging.onStart()
  follow()
  return {
    moveTo: (at) => {
      pointer = at
    },
    drop: () => {
      const over = versionAt(pointer)
      finish(() => {
        dragging.onDrop(over)
      })
    },
    cancel,
  }
}

/** Shows the flag there, wherever its place in the page has gone. */
function place(flag: HTMLElement, at: Point): void {
  // Set through the object model, which the content policy allows; a style attribute it does not.
  flag.style.transform = ''
  const { left, top } = flag.getBoundingClientRect()
  flag.style.transform = `translate(${at.x - left}px, ${at.y - top}px)`
}

/** The card under the pointer, beneath the flag. */
function versionAt({ x, y }: Point): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const card = element.closest<HTMLElement>('[data-version]')
    if (card !== null && !element.closest('.flag-dragged')) return card.dataset['version'] ?? null
  }
  return null
}
