/**
 * A map of bounded size: at twice `min` entries the half that was used the longest ago is forgotten
 * as a whole. Maps and sets that lose their oldest entry each time have to look for it among the
 * places of those that they lost before.
 */
export interface RecentMap<K, V> {
  /** Counts as a use. */
  get(key: K): V | undefined
  /** Does not. */
  peek(key: K): V | undefined
  set(key: K, value: V): void
  /** Whether one more entry is kept without any being forgotten. */
  hasRoom(): boolean
  delete(key: K): void
  clear(): void
}

/** @param min - how many entries are kept at least */
export function createRecentMap<K, V>(min: number): RecentMap<K, V> {
  let recent = new Map<K, V>()
  let earlier = new Map<K, V>()

  function set(key: K, value: V): void {
    recent.set(key, value)
    if (recent.size < min) return
    earlier = recent
    recent = new Map()
  }

  return {
    get: (key) => {
      const value = recent.get(key)
      if (value !== undefined) return value
      const before = earlier.get(key)
      if (before !== undefined) set(key, before)
      return before
    },
    peek: (key) => recent.get(key) ?? earlier.get(key),
    set,
    hasRoom: () => recent.size + earlier.size < min - 1,
    delete: (key) => {
      recent.delete(key)
      earlier.delete(key)
    },
    clear: () => {
      recent.clear()
      earlier.clear()
    },
  }
}
