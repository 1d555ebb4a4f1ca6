/** On small screens the list and a secret take turns: where one is then, and what "back" does. */
import { createBackButton } from './back-button.js'

export interface SmallScreen {
  /** The list may be about to make room for a secret. */
  notePlace(): void
  /** Something else is shown. */
  note(): void
  /** Puts the focus on what is shown, where what had it is not any more. */
  keepFocus(): void
  /** The page's own "back". */
  pressBack(): void
  stop(): void
}

export interface Turns {
  readonly list: HTMLElement
  readonly detail: HTMLElement
  readonly isChosen: () => boolean
  /** Shows the list instead of the secret. */
  readonly toList: () => Promise<void>
}

export function createSmallScreen({ list, detail, isChosen, toList }: Turns): SmallScreen {
  /** How far the list was scrolled, in CSS pixels. */
  let place = 0
  let isReturning = false
  const back = createBackButton(() => {
    if (!isChosen()) return
    isReturning = true
    void toList()
      .then(() => {
        scrollTo(0, place)
        document.activeElement?.scrollIntoView({ block: 'nearest' })
      })
      .finally(() => {
        isReturning = false
      })
  })

  function note(): void {
    if (!isReturning) back.note(isChosen() && !list.checkVisibility())
  }

  // A phone that is turned shows one in the place of the other, or both.
  addEventListener('resize', note)
  return {
    notePlace: () => {
      if (list.checkVisibility()) place = scrollY
    },
    note,
    keepFocus: () => {
      const focused = document.activeElement
      if (focused !== null && focused !== document.body && focused.checkVisibility()) return
      ;(isChosen() ? detail : list).focus()
    },
    pressBack: () => {
      back.press()
    },
    stop: () => {
      removeEventListener('resize', note)
      back.stop()
    },
  }
}
