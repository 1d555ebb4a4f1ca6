/** What the browser answered: `unsupported` where it cannot be asked, or gives no answer. */
export type Persistence = 'granted' | 'denied' | 'unsupported'

/**
 * Asks the browser to keep this origin's data when it runs short of space. Without it everything
 * that the origin stored may be deleted at once, the vault included. Browsers decide by rules of
 * their own, some by asking the user; `granted` does not keep a user from clearing site data. Never
 * rejects.
 */
export async function requestPersistence(): Promise<Persistence> {
  // Absent outside secure contexts.
  const { navigator } = globalThis as { readonly navigator?: Partial<Navigator> }
  const storage: Partial<StorageManager> | undefined = navigator?.storage
  if (storage?.persist === undefined) return 'unsupported'
  try {
    return (await storage.persist()) ? 'granted' : 'denied'
  } catch {
    return 'unsupported'
  }
}
