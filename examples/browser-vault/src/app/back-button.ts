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
  /** Going back takes a moment, in which a second press would go further. */
  let isGoing = false
  function onPopState(): void {
    isGoing = false
    toList()
  }
  addEventListener('popstate', onPopState)
  // A browser would scroll to where the list was when the secret had taken its place.
  history.scrollRestoration = 'manual'
  return {
    note: (isInsteadOfList) => {
      if (isInsteadOfList && history.state !== SECRET) history.pushState(SECRET, '')
    },
    press: () => {
      if (isGoing) return
      isGoing = history.state === SECRET
      if (isGoing) history.back()
      else toList()
    },
    stop: () => {
      removeEventListener('popstate', onPopState)
      if (history.state === SECRET) history.replaceState(null, '')
    },
  }
}
