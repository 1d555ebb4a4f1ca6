/**
 * "Back" of the browser on small screens, where a secret is shown in the place of the list: it
 * leads to the list, and not out of the page, which would lock the vault.
 */
export interface BackButton {
  /** What is shown now. */
  note(isInsteadOfList: boolean): void
  /** As if it was pressed. */
  press(): void
  stop(): void
}

/** What the entry of a shown secret holds: not its name, which a browser may keep. */
const SECRET = 'secret'

/** @param toList - shows the list, wherever it is not shown */
export function createBackButton(toList: () => void): BackButton {
  addEventListener('popstate', toList)
  return {
    note: (isInsteadOfList) => {
      if (isInsteadOfList && history.state !== SECRET) history.pushState(SECRET, '')
    },
    press: () => {
      if (history.state === SECRET) history.back()
      else toList()
    },
    stop: () => {
      removeEventListener('popstate', toList)
      if (history.state === SECRET) history.replaceState(null, '')
    },
  }
}
