import type { SlotKdf, Unlock } from 'stagevault'

export interface CountingUnlock extends Unlock {
  /** What keys were derived of since the last call. */
  take(): readonly SlotKdf[]
}

/** The same unlock, which notes each derivation and makes each different one only once. */
export function countingUnlock(inner: Unlock): CountingUnlock {
  const known = new Map<string, Uint8Array>()
  let derived: SlotKdf[] = []
  return {
    kind: inner.kind,
    newKdf: (random) => inner.newKdf(random),
    deriveKey: async (kdf) => {
      derived.push(kdf)
      const place = JSON.stringify(kdf)
      const key = known.get(place) ?? (await inner.deriveKey(kdf))
      if (key === null) return null
      known.set(place, new Uint8Array(key))
      return new Uint8Array(key)
    },
    take: () => {
      const taken = derived
      derived = []
      return taken
    },
  }
}
