/** Dragging a flag with mouse, pen or finger. */

/** How far the pointer has to go before it is a drag and no click, in CSS pixels. */
const DRAG_PIXELS = 6

export interface FlagDragging {
  /**
   * @param versionId - the version that the flag is over, or `null`
   * @param x - where the pointer is, in CSS pixels from the left of the window
   */
  readonly onOver: (versionId: string | null, x: number) => void
  readonly onDrop: (versionId: string | null) => void
  readonly onCancel: () => void
}

export function makeDraggable(flag: HTMLElement, dragging: FlagDragging): void {
  let start: { readonly x: number; readonly y: number } | null = null
  let isDragged = false

  function release(): void {
    start = null
    isDragged = false
    flag.classList.remove('flag-dragged')
    // Set through the object model, which the content policy allows; a style attribute it does not.
    flag.style.transform = ''
  }

  flag.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || !event.isPrimary) return
    start = { x: event.clientX, y: event.clientY }
    flag.setPointerCapture(event.pointerId)
  })
  flag.addEventListener('pointermove', (event) => {
    if (start === null) return
    const [x, y] = [event.clientX - start.x, event.clientY - start.y]
    if (!isDragged && Math.hypot(x, y) < DRAG_PIXELS) return
    if (!isDragged) {
      isDragged = true
      flag.classList.add('flag-dragged')
    }
    flag.style.transform = `translate(${x}px, ${y}px)`
    dragging.onOver(versionAt(event), event.clientX)
  })
  flag.addEventListener('pointerup', (event) => {
    const wasDragged = isDragged
    const over = versionAt(event)
    release()
    if (!wasDragged) return
    // A click follows, which would pick the flag up again.
    flag.addEventListener('click', stopOnce, { capture: true, once: true })
    setTimeout(() => { flag.removeEventListener('click', stopOnce, { capture: true }) }, 0)
    dragging.onDrop(over)
  })
  flag.addEventListener('pointercancel', () => {
    const wasDragged = isDragged
    release()
    if (wasDragged) dragging.onCancel()
  })
}

function stopOnce(event: Event): void {
  event.stopImmediatePropagation()
}

/** The card under the pointer, beneath the flag. */
function versionAt({ clientX, clientY }: PointerEvent): string | null {
  for (const element of document.elementsFromPoint(clientX, clientY)) {
    const card = element.closest<HTMLElement>('[data-version]')
    if (card !== null && !element.closest('.flag-dragged')) return card.dataset['version'] ?? null
  }
  return null
}
