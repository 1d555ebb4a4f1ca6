/** A dialog over the page: gives the focus back, and is gone when the vault is locked. */
import type { Attributes, Child } from './elements.js'
import { h, newId, refocus } from './elements.js'

/** What takes each dialog that is open out of the page. */
const forgetters = new Set<() => void>()

/** @param onForget - called once the dialog is gone, or goes: what was typed is to be forgotten */
export function showDialog(
  title: string,
  attributes: Attributes,
  content: readonly Child[],
  onForget: () => void,
): HTMLDialogElement {
  const titleId = newId('dialog')
  const giveFocusBack = focusKeeper()
  const dialog = h(
    'dialog',
    { 'aria-labelledby': titleId, onclose: forget, ...attributes },
    h('h2', { id: titleId }, title),
    ...content,
  )

  function forget(): void {
    if (!forgetters.delete(forget)) return
    onForget()
    dialog.remove()
    giveFocusBack()
  }

  forgetters.add(forget)
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}

/** As on locking: what was typed and not sent is gone at once. */
export function closeDialogs(): void {
  for (const forget of forgetters) forget()
}

/** Gives the focus back to what stands for the button that opened a dialog. */
function focusKeeper(): () => void {
  const opener = document.activeElement
  const holder = opener?.closest('[tabindex="-1"]') ?? document.body
  return () => {
    // The page was drawn again since, with another button in the place of this one.
    if (opener instanceof HTMLElement && !opener.isConnected) refocus(opener, holder)
  }
}
