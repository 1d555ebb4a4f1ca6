/** Dragging a flag with mouse, pen or finger. */

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
  readonly onDrop: (versionId: string | null) => void
  readonly onCancel: () => void
}

interface Point {
  readonly x: number
  readonly y: number
}

const NOWHERE: Point = { x: 0, y: 0 }

export function makeDraggable(flag: HTMLElement, dragging: FlagDragging): void {
  let start: Point | null = null
  let pointer: Point = NOWHERE
  /** Where on the flag the pointer holds it. */
  let grip: Point = NOWHERE
  let isDragged = false

  function begin(): void {
    isDragged = true
    flag.classList.add('flag-dragged')
    document.addEventListener('keydown', cancelByKey, { capture: true })
    dragging.onStart()
    follow()
  }

  /** The flag stays under the pointer, whatever scrolls. */
  function follow(): void {
    if (!isDragged) return
    dragging.onOver(versionAt(pointer), pointer.x)
    place(flag, { x: pointer.x - grip.x, y: pointer.y - grip.y })
    requestAnimationFrame(follow)
  }

  /** @returns whether it was dragged, and no click */
  function release(): boolean {
    const wasDragged = isDragged
    start = null
    isDragged = false
    if (!wasDragged) return false
    flag.classList.remove('flag-dragged')
    flag.style.transform = ''
    document.removeEventListener('keydown', cancelByKey, { capture: true })
    return true
  }

  function cancel(): void {
    if (release()) dragging.onCancel()
  }

  function cancelByKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopImmediatePropagation()
    cancel()
  }

  function drop(): void {
    const over = versionAt(pointer)
    if (!release()) return
    stopNextClick(flag)
    dragging.onDrop(over)
  }

  flag.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || !event.isPrimary) return
    const { left, top } = flag.getBoundingClientRect()
    start = { x: event.clientX, y: event.clientY }
    grip = { x: start.x - left, y: start.y - top }
    flag.setPointerCapture(event.pointerId)
  })
  flag.addEventListener('pointermove', ({ clientX: x, clientY: y }) => {
    if (start === null) return
    pointer = { x, y }
    if (!isDragged && Math.hypot(x - start.x, y - start.y) >= DRAG_PIXELS) begin()
  })
  flag.addEventListener('pointerup', drop)
  flag.addEventListener('pointercancel', cancel)
}

/** Shows the flag there, wherever its place in the page has gone. */
function place(flag: HTMLElement, at: Point): void {
  // Set through the object model, which the content policy allows; a style attribute it does not.
  flag.style.transform = ''
  const { left, top } = flag.getBoundingClientRect()
  flag.style.transform = `translate(${at.x - left}px, ${at.y - top}px)`
}

/** The click that follows a drop would pick the flag up again. */
function stopNextClick(flag: HTMLElement): void {
  const stop = (event: Event): void => { event.stopImmediatePropagation() }
  flag.addEventListener('click', stop, { capture: true, once: true })
  setTimeout(() => { flag.removeEventListener('click', stop, { capture: true }) }, 0)
}

/** The card under the pointer, beneath the flag. */
function versionAt({ x, y }: Point): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const card = element.closest<HTMLElement>('[data-version]')
    if (card !== null && !element.closest('.flag-dragged')) return card.dataset['version'] ?? null
  }
  return null
}
