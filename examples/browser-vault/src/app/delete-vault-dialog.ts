/** Deletes the vault of a person who forgot the passphrase, so that there can be another. */
import { Refusal, problemWords } from '../model/problem-words.js'
import { deleteVault } from '../unlocking/vault-place.js'
import { openFormDialog } from '../views/form-dialog.js'

/** What has to be typed, so that the vault is not deleted by mistake. */
const WORD = 'delete'

/** @param done - called once there is no vault any more */
export function openDeleteVaultDialog(done: () => void): void {
  openFormDialog({
    title: 'Delete the vault and start again?',
    text:
      'This vault cannot be opened without its passphrase. Deleting it makes room for ' +
      'a new one. Its secrets are gone then, in all tabs, and nothing brings them back.',
    fields: [
      {
        name: 'word',
        label: `Type “${WORD}” if you want that`,
        kind: 'line',
        isRequired: true,
      },
    ],
    submit: 'Delete the vault',
    isDangerous: true,
    words: problemWords,
    run: async (values) => {
      if (values.get('word')?.trim().toLowerCase() !== WORD) {
        throw new Refusal(`Nothing is deleted unless the field says “${WORD}”.`)
      }
      await deleteVault()
      done()
    },
  })
}
