/** For who has forgotten the passphrase: the vault is deleted, so that there can be another. */
import { Refusal, problemWords } from '../model/problem-words.js'
import { deleteVault } from '../unlocking/vault-place.js'
import { openFormDialog } from '../views/form-dialog.js'

/** What has to be typed: nobody does that by mistake. */
const WORD = 'delete'

/** @param done - called once there is no vault any more */
export function openBeginAnew(done: () => void): void {
  openFormDialog({
    title: 'Delete the vault and begin anew?',
    text:
      'Without its passphrase nobody can open this vault. Deleting it makes room for ' +
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
