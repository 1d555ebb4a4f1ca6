/** Where the vault is, whether there is one, and the end of it. */
import { isStorageError } from 'stagevault'
import { Refusal } from '../model/problem-words.js'
import { openIdbStorage } from '@stagevault/storage-idb'

/** The name of its database in this origin. */
export const LOCATION = 'browser-vault'

/** Every key of a store, and no more than it takes to see that there is one. */
const ANY_RECORD = { start: ' ', end: '~', limit: 1 } as const

/** How long others may take to finish what they do with the vault, or to make way. */
const WAY_MS = 2_000

/**
 * A database without records is what is left where the making of a vault was cancelled.
 *
 * @param onSlow - called where there is no answer for a while; it may come yet
 */
export async function hasVault(onSlow: () => void): Promise<boolean> {
  const waiting = setTimeout(onSlow, WAY_MS)
  try {
    const storage = await openIdbStorage({ name: LOCATION })
    try {
      return (await storage.scan(ANY_RECORD)).length > 0
    } finally {
      await storage.close()
    }
  } catch (error) {
    if (isStorageError(error, 'STORAGE_MISSING')) return false
    throw error
  } finally {
    clearTimeout(waiting)
  }
}

/** What this page says to its like in other tabs. */
const DELETED = 'deleted'

let channel: BroadcastChannel | null = null

/**
 * One for speaking and for hearing: what this tab says itself it does not hear. A browser that lets
 * the page store nothing may refuse it.
 */
function otherTabs(): BroadcastChannel | null {
  try {
    channel ??= new BroadcastChannel(LOCATION)
  } catch {
    return null
  }
  return channel
}

/** Tells of deletions by other tabs. */
export function onDeletedElsewhere(listener: () => void): void {
  otherTabs()?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data === DELETED) listener()
  })
}

let pending: Promise<void> | null = null

/**
 * Deletes the vault permanently. Tabs that have it open make way once they have finished.
 *
 * @throws Refusal if one does not: the deletion waits for it, and cannot be called back. Another
 *   is not asked for until then: it would delete a vault that was created in between.
 */
export async function deleteVault(): Promise<void> {
  pending ??= beginDeletion().finally(() => {
    pending = null
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Refusal('Another tab holds the vault. As soon as it is closed, it is deleted.'))
    }, WAY_MS)
  })
  try {
    await Promise.race([pending, patience])
  } finally {
    clearTimeout(timer)
  }
}

function beginDeletion(): Promise<void> {
  return new Promise((resolve, reject) => {
    const deletion = indexedDB.deleteDatabase(LOCATION)
    deletion.onsuccess = () => {
      resolve()
      otherTabs()?.postMessage(DELETED)
    }
    deletion.onerror = () => {
      reject(deletion.error ?? new Error('the deletion failed'))
    }
  })
}
