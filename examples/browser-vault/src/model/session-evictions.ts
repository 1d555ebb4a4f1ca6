/** The versions that were evicted while the page was open: the vault itself keeps no list. */
import type { VaultEvent } from 'stagevault'

/** As many as the picture has room for. */
const SHOWN_MAX = 4

export interface SessionEvictions {
  note(event: VaultEvent): void
  /** Ids, oldest first. */
  of(secretName: string): readonly string[]
}

export function createSessionEvictions(): SessionEvictions {
  const evicted = new Map<string, readonly string[]>()

  function of(secretName: string): readonly string[] {
    return evicted.get(secretName) ?? []
  }

  return {
    note: ({ type, secretName, versionId, formerSecretName }) => {
      if (type === 'secret.version.evicted' && versionId !== undefined) {
        evicted.set(secretName, [...of(secretName), versionId].slice(-SHOWN_MAX))
      }
      if (type === 'secret.deleted') evicted.delete(secretName)
      if (type === 'secret.renamed' && formerSecretName !== undefined) {
        evicted.set(secretName, of(formerSecretName))
        evicted.delete(formerSecretName)
      }
    },
    of,
  }
}
