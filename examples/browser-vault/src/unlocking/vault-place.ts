/** Where the vault is, and whether there is one. */

/** The name of its database in this origin. */
export const LOCATION = 'browser-vault'

export async function hasVault(): Promise<boolean> {
  const databases = await indexedDB.databases()
  // WebKit goes on listing, as version 0, what was opened and not found.
  return databases.some(({ name, version = 0 }) => name === LOCATION && version > 0)
}
