/** Where the vault is, whether there is one, and the end of it. */
import { isStorageError } from 'stagevault'
import { Refusal } from '../model/problem-words.js'
import { openIdbStorage } from '@stagevault/storage-idb'

/** The name of its database in this origin. */
export const LOCATION = 'browser-vault'

/** Every key of a store, and no more than it takes to see that there is one. */
const ANY_RECORD = { start: ' ', end: '~', limit: 1 } as const

/** A database without records is what is left where the making of a vault was cancelled. */
export async function hasVault(): Promise<boolean> {
  try {
    const storage = await openIdbStorage({ name: LOCATION })
    try {
      return (await storage.scan(ANY_RECORD)).length > 0
    } finally {
      await storage.close()
    }
  } catch (error) {
    if (isStorageError(error) && error.code === 'VAULT_MISSING') return false
    throw error
  }
}

/** How long others may take to finish what they do with the vault. */
const WAY_MS = 2_000

/**
 * Deletes the vault for good. Tabs that have it open make way once they have finished.
 *
 * @throws Refusal where one does not: the deletion waits for it, and cannot be called back.
 */
export function deleteVault(): Promise<void> {
  return new Promise((resolve, reject) => {
    const deletion = indexedDB.deleteDatabase(LOCATION)
    deletion.onblocked = () => {
      setTimeout(() => {
        reject(new Refusal('Another tab holds the vault. As soon as it is closed, it is deleted.'))
      }, WAY_MS)
    }
    deletion.onsuccess = () => { resolve() }
    deletion.onerror = () => { reject(deletion.error ?? new Error('the deletion failed')) }
  })
}
