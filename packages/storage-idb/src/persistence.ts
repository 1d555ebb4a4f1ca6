/** The browser's answer; `unsupported` if it cannot be asked or does not answer. */
export type Persistence = 'granted' | 'denied' | 'unsupported'

/**
 * Asks the browser to keep this origin's data when space runs short. Without persistence the
 * browser may delete everything that the origin stored, including the vault. Browsers decide by
 * their own rules; some ask the user. Even after `granted`, a user may clear site data. Never
 * rejects.
 */
export async function requestPersistence(): Promise<Persistence> {
  // Missing outside secure contexts.
  const { navigator } = globalThis as { readonly navigator?: Partial<Navigator> }
  const storage: Partial<StorageManager> | undefined = navigator?.storage
  if (storage?.persist === undefined) return 'unsupported'
  try {
    return (await storage.persist()) ? 'granted' : 'denied'
  } catch {
    return 'unsupported'
  }
}
