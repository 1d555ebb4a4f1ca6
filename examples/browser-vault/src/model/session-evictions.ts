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
    note: (event) => {
      const { type, secretName } = event
      if (type === 'secret.version.evicted') {
        evicted.set(secretName, [...of(secretName), event.versionId].slice(-SHOWN_MAX))
      }
      if (type === 'secret.deleted') evicted.delete(secretName)
      if (type === 'secret.renamed') {
        evicted.set(secretName, of(event.formerSecretName))
        evicted.delete(event.formerSecretName)
      }
    },
    of,
  }
}
