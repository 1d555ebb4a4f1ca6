/** What a person does at a browser, however it is driven. */
export interface Hands {
  /** What the browser complained of, as far as it tells. */
  readonly complaints: string[]
  /** Runs a function that takes nothing of its surroundings in the page. */
  readonly evaluate: <A extends unknown[], R>(
    work: (...given: A) => R | Promise<R>, ...given: A
  ) => Promise<R>
  readonly runSource: (source: string) => Promise<void>
  /** Presses the button of that name, as a screen reader would say it, once it is there. */
  readonly press: (button: string) => Promise<void>
  /** Presses what a selector finds. */
  readonly pressAt: (selector: string) => Promise<void>
  readonly pressKey: (key: Key) => Promise<void>
  /** Puts what is on the clipboard into whatever has the focus. */
  readonly paste: () => Promise<void>
  /** Types into whatever has the focus. */
  readonly typeText: (text: string) => Promise<void>
  readonly drag: (from: string, to: string, onTheWay: () => Promise<void>) => Promise<void>
  readonly reload: () => Promise<void>
  readonly resize: (width: number, height: number) => Promise<void>
  /** Looks at this tab, and at no other. */
  readonly toFront: () => Promise<void>
  /** A PNG file. */
  readonly screenshot: () => Promise<Uint8Array>
  readonly close: () => Promise<void>
}

export type Key = 'Backspace' | 'Enter' | 'Escape' | 'ArrowLeft' | 'ArrowRight'

/** Where what a selector finds has its middle, in CSS pixels, once it is there. */
export async function middleOf(
  hands: Pick<Hands, 'evaluate'>, selector: string,
): Promise<{ readonly x: number, readonly y: number }> {
  const middle = await hands.evaluate((wanted) => {
    const box = document.querySelector(wanted)?.getBoundingClientRect()
    return box === undefined ? null : { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }, selector)
  if (middle === null) throw new Error(`${selector} is not to be seen`)
  return middle
}
