/** What a person does at a browser, however it is driven. */
import type { Point } from '@stagevault/browser-engines'

export interface Hands {
  /** What the browser complained of, as far as it tells. */
  readonly complaints: string[]
  /** Runs a function that takes nothing of its surroundings in the page. */
  readonly evaluate: <A extends unknown[], R>(
    work: (...given: A) => R | Promise<R>,
    ...given: A
  ) => Promise<R>
  readonly runSource: (source: string) => Promise<void>
  /** Moves the mouse to a point, and presses its button. */
  readonly pressPoint: (point: Point) => Promise<void>
  readonly pressKey: (key: Key) => Promise<void>
  /** Puts what is on the clipboard into the element that has the focus. */
  readonly paste: () => Promise<void>
  /** Types into the element that has the focus. */
  readonly typeText: (text: string) => Promise<void>
  /** Moves the mouse from one point to another with its button held. */
  readonly dragBetween: (from: Point, to: Point, onTheWay: () => Promise<void>) => Promise<void>
  readonly reload: () => Promise<void>
  readonly resize: (width: number, height: number) => Promise<void>
  /** Looks at this tab, and at no other. */
  readonly toFront: () => Promise<void>
  /** A PNG file. */
  readonly screenshot: () => Promise<Uint8Array>
  readonly close: () => Promise<void>
}

export type Key = 'Backspace' | 'Enter' | 'Escape' | 'ArrowLeft' | 'ArrowRight'
