/** Asks for the passphrase and for a new one, and shows how far the change is. */
import type { DerivationOptions } from '../unlocking/worker-passphrase.js'
import { createDerivationForm } from './derivation-form.js'
import { showDialog } from './dialog.js'
import { button } from './elements.js'
import { createPassphraseFields } from './passphrase-fields.js'

export interface PassphraseChange {
  readonly now: string
  readonly next: string
  readonly again: string
}

/** @param change - closes the dialog where it resolves, also once the person did not wait for it */
export function openPassphraseDialog(
  change: (texts: PassphraseChange, work: DerivationOptions) => Promise<void>,
  words: (error: unknown) => string,
): void {
  const form = createDerivationForm({
    submit: 'Change it',
    fields: createPassphraseFields([
      { label: 'Present passphrase', kind: 'known' },
      { label: 'New passphrase', kind: 'new' },
      { label: 'The new one again', kind: 'again' },
    ]),
    words,
    run: async ([now = '', next = '', again = ''], work) => {
      await change({ now, next, again }, work)
      dialog.close()
    },
    instead: button('Cancel', () => {
      dialog.close()
    }),
  })
  const dialog = showDialog('Change the passphrase', {}, [form.element], form.stop)
}
