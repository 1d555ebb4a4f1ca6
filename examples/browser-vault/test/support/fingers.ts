/** How a person finds what to press, and presses it. */
import type { Point } from '@stagevault/browser-engines'
import { expect } from 'vitest'
import type { Hands } from './hands.js'

/** A browser that shares a processor with other tests takes its time for scrypt. */
export const PATIENCE = { timeout: 60_000 }

export interface Fingers {
  /** Presses the button with that label, or else that text, once it is there. */
  readonly press: (button: string) => Promise<void>
  /** Presses what a selector finds. */
  readonly pressAt: (selector: string) => Promise<void>
  /** Drags what a selector finds onto what another finds. */
  readonly drag: (from: string, to: string, onTheWay: () => Promise<void>) => Promise<void>
}

export function fingersOf({ evaluate, pressPoint, dragBetween }: Hands): Fingers {
  /** @param name - that it has besides, or `null` */
  async function pressWanted(selector: string, name: string | null): Promise<void> {
    await expect
      .poll(async () => {
        const before = await evaluate(reach, selector, name)
        const point = await evaluate(reach, selector, name)
        // What moves would be missed.
        if (point === null || before?.x !== point.x || before.y !== point.y) return false
        await pressPoint(point)
        return true
      }, PATIENCE)
      .toBe(true)
  }

  return {
    press: (button) => pressWanted('button:enabled', button),
    pressAt: (selector) => pressWanted(selector, null),
    drag: async (from, to, onTheWay) => {
      const middle = (selector: string): Promise<Point> => middleOf({ evaluate }, selector)
      await dragBetween(await middle(from), await middle(to), onTheWay)
    },
  }
}

/** Where what a selector finds has its middle. */
export async function middleOf(
  { evaluate }: Pick<Hands, 'evaluate'>,
  selector: string,
): Promise<Point> {
  const middle = await evaluate((wanted) => {
    const box = document.querySelector(wanted)?.getBoundingClientRect()
    return box === undefined ? null : { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }, selector)
  if (middle === null) throw new Error(`${selector} is not to be seen`)
  return middle
}

/** Where the first of what is wanted can be pressed; what is out of sight is scrolled to. */
function reach(selector: string, name: string | null): Point | null {
  const wanted = [...document.querySelectorAll(selector)].filter(
    ({ ariaLabel, textContent }) =>
      name === null || (ariaLabel ?? textContent.trim().replace(/\s+/g, ' ')) === name,
  )
  for (const mayScroll of [false, true]) {
    for (const element of wanted) {
      if (mayScroll) element.scrollIntoView({ block: 'center', behavior: 'instant' })
      const { x, y, width, height } = element.getBoundingClientRect()
      const middle = { x: x + width / 2, y: y + height / 2 }
      // Neither hidden, nor behind a dialog or a bar.
      if (element.contains(document.elementFromPoint(middle.x, middle.y))) return middle
    }
  }
  return null
}
