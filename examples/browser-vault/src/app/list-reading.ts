/** The list of secrets: read as a whole once, and then again by the secret that changed. */
import type { Vault, VaultEvent } from 'stagevault'
import type { SecretList } from '../model/secret-list.js'
import { readSecretAgain, readSecrets } from './read-vault.js'

/** More than this are read faster with all the others. */
const READ_AGAIN_MAX = 50

export interface ListReading {
  /** A secret is not as it was read. */
  note(event: VaultEvent): void
  /** Nothing is known to be as it was read. */
  forget(): void
  /** What of the list was read before, and what is not known to be so any more read again. */
  read(): Promise<SecretList>
}

export function listReadingOf(vault: Vault): ListReading {
  let list: SecretList = { secrets: [], damaged: [] }
  /** The secrets that changed since they were read, or `null` for all. */
  let changed: Set<string> | null = null

  return {
    note: (event) => {
      changed?.add(event.secretName)
      if (event.type === 'secret.renamed') changed?.add(event.formerSecretName)
    },
    forget: () => {
      changed = null
    },
    read: async () => {
      const names = changed
      changed = new Set()
      try {
        if (names === null || names.size > READ_AGAIN_MAX) list = await readSecrets(vault)
        else for (const name of names) list = await readSecretAgain(vault, list, name)
        return list
      } catch (error) {
        changed = null
        throw error
      }
    },
  }
}
